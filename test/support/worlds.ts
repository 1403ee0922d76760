import type { JsonObject } from '../../src/schema/json.ts'
import type { Fault } from '../../src/simulator/options.ts'

/** The tenant and the code at one time. */
export interface Stage {
  /** The API of the worlds as it stands in the tenant; null: it is gone. */
  readonly live: JsonObject | null
  /** What the code declares of it. */
  readonly declared: JsonObject
  /** Fields that the program made Pulumi secrets; `signing_secret` always, where it is declared. */
  readonly secrets?: readonly string[]
  /** What the tenant does wrong. */
  readonly fault?: Fault
  /** The API was deleted and created again: who remembers its id sees that, declared or not. */
  readonly isRecreated?: true
  /** APIs of other worlds that stand in the same tenant. */
  readonly beside?: readonly JsonObject[]
  /** The declared file of this world, where `declared.json` is another's. */
  readonly file?: string
}

export interface World {
  readonly name: string
  /** What an `up` stored before the story begins; null: nothing was ever applied. */
  readonly applied: Stage | null
  readonly stages: readonly Stage[]
  /** Only the check of one API knows that an id changed, because its state holds the id. */
  readonly servesOnly?: 'server'
}

export const IDENTIFIER = 'https://orders.example.com/'
/** Planted values: none of them may appear anywhere. */
export const DECLARED_SECRET = 'planted-declared-secret-7Hq2'
export const LIVE_SECRET = 'planted-live-secret-9Zx4'

/** Refused, and not worth a second try. */
const REFUSED: Fault = { match: { method: 'GET' }, kind: 'status', status: 403 }

const DECLARED: JsonObject = {
  identifier: IDENTIFIER,
  name: 'Orders',
  signing_alg: 'RS256',
  token_lifetime: 7200,
  scopes: [
    { value: 'read:orders', description: 'Read' },
    { value: 'write:orders', description: 'Write' },
  ],
}
const LIVE: JsonObject = { ...DECLARED, id: '66a1f0000000000000000001', allow_offline_access: false }
const DRIFTED: JsonObject = { ...LIVE, signing_alg: 'HS256' }
const EDITED: JsonObject = { ...DECLARED, token_lifetime: 3600 }

const inSync: Stage = { live: LIVE, declared: DECLARED }
const drift: Stage = { live: DRIFTED, declared: DECLARED }
const pending: Stage = { live: LIVE, declared: EDITED }
const released: Stage = { live: { ...LIVE, token_lifetime: 3600 }, declared: EDITED }
const unreadable: Stage = { ...inSync, fault: REFUSED }

const withSecret = (stage: Stage, live: string): Stage => ({
  live: { ...stage.live, signing_alg: 'HS256', signing_secret: live },
  declared: { ...stage.declared, signing_alg: 'HS256', signing_secret: DECLARED_SECRET },
})

const withSecretScopes = (stage: Stage, live: string = DECLARED_SECRET): Stage => ({
  live: { ...stage.live, scopes: [{ value: 'read:orders', description: live }, { value: live }] },
  declared: {
    ...stage.declared,
    scopes: [{ value: 'read:orders', description: DECLARED_SECRET }, { value: DECLARED_SECRET }],
  },
  secrets: ['scopes'],
})

/** The tenant as it may stand at three moments of one `up` and the command after it; `right` is what the code declares at all of them. */
export const MOMENTS: Readonly<Record<string, Stage>> & { readonly right: Stage } = {
  right: inSync,
  weaker: drift,
  shorter: { ...inSync, live: { ...LIVE, token_lifetime: 600 } },
  unreadable,
  gone: { ...inSync, live: null },
}
/** The same around an edit of the code that nobody has released when it is checked. */
export const MOMENTS_OF_AN_EDIT: Readonly<Record<string, Stage>> & { readonly right: Stage } = {
  right: released,
  unreleased: pending,
  shorter: { ...pending, live: { ...LIVE, token_lifetime: 600 } },
  unreadable: { ...pending, fault: REFUSED },
}
export const APPLIED: Stage = inSync
export const BEFORE_AN_EDIT: Stage = { live: LIVE, declared: { ...DECLARED, token_lifetime: 3600 } }

export const WORLDS: readonly World[] = [
  { name: 'in sync', applied: inSync, stages: [inSync] },
  { name: 'nothing applied, in sync', applied: null, stages: [inSync] },
  { name: 'nothing applied, drift, then repair', applied: null, stages: [drift, inSync] },
  { name: 'drift, then repair', applied: inSync, stages: [drift, inSync] },
  { name: 'in sync, then drift', applied: inSync, stages: [inSync, drift] },
  {
    name: 'drift, then the live value is taken into the code',
    applied: inSync,
    stages: [drift, { live: DRIFTED, declared: { ...DECLARED, signing_alg: 'HS256' } }],
  },
  {
    name: 'drift, then another drift, then the first again',
    applied: inSync,
    stages: [drift, { ...inSync, live: { ...LIVE, token_lifetime: 600 } }, drift],
  },
  { name: 'pending, then released', applied: inSync, stages: [pending, released] },
  { name: 'drift that comes and goes', applied: inSync, stages: [drift, inSync, drift] },
  {
    name: 'pending beside drift, then both right',
    applied: inSync,
    stages: [{ live: DRIFTED, declared: EDITED }, released],
  },
  {
    name: 'conflict, then released',
    applied: inSync,
    stages: [{ live: { ...LIVE, token_lifetime: 600 }, declared: EDITED }, released],
  },
  { name: 'unreadable, then readable', applied: inSync, stages: [unreadable, inSync] },
  { name: 'nothing applied, unreadable, then drift', applied: null, stages: [unreadable, drift] },
  { name: 'drift, then unreadable, then drift', applied: inSync, stages: [drift, { ...drift, fault: REFUSED }, drift] },
  {
    name: 'created again with another id, then expected',
    applied: inSync,
    stages: [
      { live: { ...LIVE, id: '66a1f0000000000000000002' }, declared: DECLARED, isRecreated: true },
      {
        live: { ...LIVE, id: '66a1f0000000000000000002' },
        declared: { ...DECLARED, id: '66a1f0000000000000000002' },
        isRecreated: true,
      },
    ],
    servesOnly: 'server',
  },
  {
    name: 'another id than declared, then the declared one',
    applied: { ...inSync, declared: { ...DECLARED, id: '66a1f0000000000000000001' } },
    stages: [
      {
        live: { ...LIVE, id: '66a1f0000000000000000002' },
        declared: { ...DECLARED, id: '66a1f0000000000000000001' },
      },
      { ...inSync, declared: { ...DECLARED, id: '66a1f0000000000000000001' } },
    ],
  },
  { name: 'missing, then there again', applied: inSync, stages: [{ ...inSync, live: null }, inSync] },
  {
    name: 'missing and edited in the code, then there',
    applied: inSync,
    stages: [{ ...pending, live: null }, released],
  },
  {
    name: 'secret drift, then repair',
    applied: withSecret(inSync, DECLARED_SECRET),
    stages: [withSecret(inSync, LIVE_SECRET), withSecret(inSync, DECLARED_SECRET)],
  },
  {
    name: 'secret drift beside a pending field',
    applied: withSecret(inSync, DECLARED_SECRET),
    stages: [withSecret(pending, LIVE_SECRET), withSecret(released, DECLARED_SECRET)],
  },
  {
    name: 'secret scopes, drift, then repair',
    applied: withSecretScopes(inSync),
    stages: [withSecretScopes(inSync, LIVE_SECRET), withSecretScopes(inSync)],
  },
  {
    name: 'secret scopes beside a drift and an edit, then released',
    applied: withSecretScopes(inSync),
    stages: [withSecretScopes({ ...pending, live: DRIFTED }), withSecretScopes(released)],
  },
  {
    name: 'a declaration with a mistake, then mended',
    applied: inSync,
    stages: [{ live: LIVE, declared: { ...DECLARED, token_lifetime: -1 } }, inSync],
  },
]

/** Whether the tenant holds what `declared` says, as far as this module's worlds go. */
export function differs(stage: Stage, declared: JsonObject): boolean {
  if (stage.fault !== undefined || stage.live === null || declared.token_lifetime === -1) return true
  if (stage.isRecreated && declared.id === undefined) return true
  const { live } = stage
  return Object.entries(declared).some(([key, value]) => JSON.stringify(live[key]) !== JSON.stringify(value))
}

/**
 * The worlds in one tenant, each with an API and a declared file of its own, so that one run of the engine serves them all. They begin
 * alike and have equally many stages. A world whose tenant does wrong is walked alone: the tenant would do so to all of them.
 */
export function inOneTenant(worlds: readonly World[]): readonly World[] {
  const renamed = worlds.map(({ applied, stages, ...world }, index) => ({
    ...world,
    applied: applied === null ? null : withNumber(applied, index),
    stages: stages.map((stage) => withNumber(stage, index)),
  }))
  const among = (at: (world: World) => Stage | null | undefined, own: World): readonly JsonObject[] =>
    renamed
      .filter((world) => world !== own)
      .map((world) => at(world)?.live ?? null)
      .filter((live) => live !== null)
  return renamed.map((world) => ({
    ...world,
    applied: world.applied && { ...world.applied, beside: among(({ applied }) => applied, world) },
    stages: world.stages.map((stage, index) => ({ ...stage, beside: among(({ stages }) => stages[index], world) })),
  }))
}

function withNumber(stage: Stage, number: number): Stage {
  const identifier = `${IDENTIFIER}${number}`
  return {
    ...stage,
    live: stage.live && { ...stage.live, identifier, id: `${stage.live.id as string}${number}` },
    declared: { ...stage.declared, identifier },
    file: `declared-${number}.json`,
  }
}

export function worldNamed(name: string): World {
  const world = WORLDS.find((each) => each.name === name)
  if (world === undefined) throw new Error(`no world is named ${name}`)
  return world
}
