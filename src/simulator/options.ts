import * as z from 'zod'
import type { JsonObject } from '../schema/json.ts'
import { json } from '../schema/shapes.ts'
import type { Inferred } from '../schema/inferred.ts'
import { actorSchema, type LogEntry } from './log-event.ts'
import type { StreamOptions } from './log-stream.ts'

/**
 * What can go wrong on purpose. `truncate` ends the JSON in the middle of a complete HTTP answer; `cut` (not in the list of the command's help,
 * for tests) announces the whole length and drops the connection half-way. The kinds of lists answer an empty envelope elsewhere.
 */
export const FAULT_KINDS = [
  'status',
  'reset',
  'slow',
  'hang',
  'truncate',
  'cut',
  'empty',
  'html',
  'short-page',
  'duplicate',
  'total-changes',
  'total-too-small',
  'empty-list',
  'refuse-offset',
  'refuse-fields',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** What the tenant log can be like: they hit `GET /api/v2/logs` alone. A hole and a lag fill when the fault is used up. */
const LOG_FAULT_KINDS = ['log-unordered', 'log-lag', 'log-hole', 'log-masked', 'log-bodiless', 'log-no-totals'] as const

const matchSchema = z.strictObject({
  method: z.string().exactOptional(),
  /** The path as sent or decoded, without its query. */
  path: z.string().exactOptional(),
  /** Page of the list, from 0; matches list requests alone. */
  page: z.int().min(0).exactOptional(),
})

export const faultSchema = z.strictObject({
  match: matchSchema.exactOptional(),
  kind: z.enum([...FAULT_KINDS, ...LOG_FAULT_KINDS]),
  /** Of `status`; 500 unless given. */
  status: z.int().min(200).max(599).exactOptional(),
  /** How many requests it hits; for ever unless given. */
  times: z.int().min(1).exactOptional(),
  /** Of `slow`: milliseconds before the answer; 3,000 unless given. */
  ms: z.number().min(0).exactOptional(),
})
export type Fault = Inferred<typeof faultSchema>

/** A request to the tenant, before it is answered. */
export interface SeenRequest {
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Of the list: its page; null for other requests. */
  readonly page: number | null
  readonly headers: Headers
}

/** A write that leaves no event, as what the tenant does by itself. */
export const SILENT = 'silent'

/** Epoch ms, or RFC 3339. */
const writeTime = z.union([z.number(), z.iso.datetime().transform((text) => Date.parse(text))])

export const writeSchema = z.union([
  z.literal(SILENT),
  z.strictObject({
    actor: actorSchema.exactOptional(),
    at: writeTime.exactOptional(),
    /** From when the event can be read. */
    shownAt: writeTime.exactOptional(),
    /** The body of the request, where that is more than what changes: a form sends every field. */
    sent: z.record(z.string(), json).exactOptional(),
  }),
])
/** Who makes a write of a control call, and where its event stands in time; a person in the dashboard, now, unless given. */
export type Write = Inferred<typeof writeSchema>

export type RequestHook = (request: SeenRequest) => void | Promise<void>

export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

export interface SimulatorOptions {
  /** 0 or absent: a free one. The host is always 127.0.0.1. */
  readonly port?: number
  /** APIs besides the tenant's own Management API; 0 unless given. */
  readonly apis?: number
  /** Scopes of each; 2 unless given. */
  readonly scopesPerApi?: number
  /** Applications, the tenant's own among them; as many as `grantsPerApi`, and at least that one, unless given. */
  readonly clients?: number
  /** Client grants of each made API; 0 unless given. */
  readonly grantsPerApi?: number
  /** The same seed makes the same ids, secrets, APIs, applications and grants. */
  readonly seed?: number
  /** Objects put as they are: a snapshot file, a list answer (of APIs, `clients` or `client_grants`), or an array of resource servers. They replace those made of the same identifier. */
  readonly load?: unknown
  readonly latencyMs?: number
  /** Token bucket for Management API calls; no limit and no headers unless given. */
  readonly rate?: Rate
  /** Scopes of the printed token and of the client's grant. */
  readonly scopes?: readonly string[]
  readonly tls?: boolean
  /** Identifier of the Management API; `https://HOST/api/v2/` unless given (another one stands for a tenant with a custom domain). */
  readonly audience?: string
  /** Public keys (PEM) whose client assertions are accepted. */
  readonly assertionKeys?: readonly string[]
  /** Defaults that this tenant does not return yet (`subject_type_authorization` before its rollout in 2025). */
  readonly withoutDefaults?: readonly string[]
  /** Milliseconds after which an event of the tenant log can be read; 0 unless given. */
  readonly logDelayMs?: number
  /** Milliseconds for which the tenant log is kept; for ever unless given. */
  readonly logRetentionMs?: number
  /** Where each write's event is sent; nowhere unless given. */
  readonly logStream?: StreamOptions
  /** Milliseconds since 1970; tests fix it. */
  readonly now?: () => number
}

export interface IssueOptions {
  readonly scopes?: readonly string[]
  readonly audience?: string
  readonly expiresInSeconds?: number
}

/** A running tenant. Control here is not counted as a request. */
export interface Simulator {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string
  /** What `AUTH0_DOMAIN` takes: with its scheme where it is not TLS. */
  readonly domain: string
  readonly token: string
  readonly client_id: string
  readonly client_secret: string
  /** Identifier of the Management API. */
  readonly audience: string
  /** Certificate (PEM) to trust, with TLS alone. */
  readonly ca?: string
  /** What the dashboard does: a shallow merge without any check; null takes a key away. Throws where there is no such API. */
  edit(identifier: string, patch: JsonObject, write?: Write): JsonObject
  /** True where it was there. Takes even the Management API, which no request can. */
  remove(identifier: string, write?: Write): boolean
  /** A POST without its checks. */
  create(api: JsonObject, write?: Write): JsonObject
  /** Puts an object as it is, in place of the one with its identifier. */
  put(api: JsonObject): void
  list(): readonly JsonObject[]
  /** The tenant log as it can be read now, oldest first. */
  logs(): readonly LogEntry[]
  /** Puts an event as it is into the log. */
  putLog(entry: LogEntry): void
  /** Puts an application as it is, in place of the one with its `client_id`. */
  putClient(client: JsonObject): void
  /** Puts a client grant as it is, in place of the one with its `id`. */
  putGrant(grant: JsonObject): void
  /** Settings of the tenant (`default_audience`), over those that stand there. */
  setSettings(settings: JsonObject): void
  clients(): readonly JsonObject[]
  grants(): readonly JsonObject[]
  /** Counts by `METHOD /path`. */
  requests(): Readonly<Record<string, number>>
  setFault(fault: Fault): void
  /** Forgets faults and counts, nothing else. */
  reset(): void
  /** Called before each request is answered, so that a test can change the tenant between two pages. Returns its end. */
  onRequest(hook: RequestHook): () => void
  issueToken(options?: IssueOptions): Promise<string>
  /** A public key (PEM) whose client assertions are accepted from now on. */
  trustKey(pem: string): void
  close(): Promise<void>
}
