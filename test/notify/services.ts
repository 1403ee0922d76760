import { createHmac, timingSafeEqual } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { serve } from './issues-stand-in.ts'

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
export const ROUTING_KEY = 'R0123456789abcdefR0123456789abcd'

export interface GitlabIssue {
  iid: number
  state: string
  description: string
  notes: string[]
  confidential: boolean
  /** Notes are refused. */
  locked?: boolean
  /** Deleted: in no list any more. */
  gone?: boolean
  /** Number of the issue that it became in another project. */
  movedTo?: number
}

export interface Services {
  readonly url: string
  /** One line for each message that a service took, as a person would tell it. */
  readonly heard: string[]
  /** Whole bodies of what each service took, by its name. */
  readonly bodies: {
    readonly slack: Json[]
    readonly teams: Json[]
    readonly webhook: JsonObject[]
    readonly pagerduty: JsonObject[]
  }
  /** What a service took and lost without a word. */
  readonly lost: string[]
  /** Alerts that ring now, by their key. */
  readonly ringing: Map<string, string>
  /** Orders that GitLab carried out. */
  readonly carriedOut: string[]
  readonly gitlab: GitlabIssue[]
  /** Of the project of GitLab. */
  visibility: string
  /** Answers in place of the usual ones; null hangs. */
  fail:
    | ((
        path: string,
        body: string,
        method: string,
      ) => { status: number; headers?: Record<string, string> } | null | 'hang')
    | null
  /** What a receiver does before it answers. */
  slow: ((body: string) => Promise<void>) | null
  /** Clock of the receivers, epoch ms. */
  now: number
}

/** Stand-ins that refuse what the services refuse: limits as they are published or were met in public threads. */
export async function services(): Promise<Services> {
  const state: Services = {
    url: '',
    heard: [],
    bodies: { slack: [], teams: [], webhook: [], pagerduty: [] },
    lost: [],
    ringing: new Map(),
    carriedOut: [],
    gitlab: [],
    visibility: 'private',
    fail: null,
    slow: null,
    now: 0,
  }
  const url = await serve(async (request, path, query, body, raw) => {
    await state.slow?.(raw)
    const failure = state.fail?.(path, raw, request.method ?? '')
    if (failure === 'hang') return null
    if (failure !== null && failure !== undefined) return { ...failure, json: { error: 'hostile @all answer' } }
    if (path === '/slack') return slack(state, body as JsonObject)
    if (path === '/teams') return teams(state, body as JsonObject, raw)
    if (path === '/hook') return hook(state, request.headers, body as JsonObject, raw)
    if (path === '/v2/enqueue') return pagerduty(state, body as JsonObject)
    if (path === '/beat' || path === '/beat/fail') {
      state.heard.push(`heartbeat: ${path === '/beat' ? 'ok' : 'fail'}`)
      return { status: raw === '' ? 200 : 400 }
    }
    return gitlab(
      state,
      { method: request.method ?? '', path, query },
      body as JsonObject,
      request.headers['private-token'],
    )
  })
  return Object.assign(state, { url })
}

type Answer = { status: number; json?: unknown }

function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function slack(state: Services, body: JsonObject): Answer {
  const blocks = (body['blocks'] ?? []) as JsonObject[]
  const textOf = (block: JsonObject): string => textIn((block['text'] as JsonObject | undefined)?.['text'])
  const all = blocks.map(textOf).join('')
  if (typeof body['text'] !== 'string' || body['text'] === '') return { status: 400, json: 'no_text' }
  const isTooLong = blocks.some((block) => textOf(block).length > (block['type'] === 'header' ? 150 : 3000))
  if (blocks.length > 50 || all.length > 13_000 || isTooLong) return { status: 400, json: 'invalid_blocks' }
  state.bodies.slack.push(body)
  state.heard.push(`slack: ${body['text']}`)
  return { status: 200 }
}

/** Answers 202 whatever it is, and counts in its own way: what was 24,453 bytes became 28,897. */
function teams(state: Services, body: JsonObject, raw: string): Answer {
  const [attachment] = (body['attachments'] ?? []) as JsonObject[]
  const card = attachment?.['content'] as JsonObject | undefined
  const title = ((card?.['body'] ?? []) as JsonObject[])[0]?.['text']
  if (Buffer.byteLength(raw) * 1.182 > 28_672 || typeof title !== 'string' || card?.['version'] !== '1.2')
    state.lost.push(raw.slice(0, 100))
  else {
    state.bodies.teams.push(body)
    state.heard.push(`teams: ${title}`)
  }
  return { status: 202 }
}

/** As Standard Webhooks wants its receivers, with its five minutes. */
function hook(
  state: Services,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: JsonObject,
  raw: string,
): Answer {
  if (headers['content-type'] !== 'application/cloudevents+json; charset=utf-8') return { status: 415 }
  const [id, time, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  )
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const expected = Buffer.from(createHmac('sha256', key).update(`${id}.${time}.${raw}`).digest('base64'))
  const isSigned = (given ?? '').split(' ').some((each) => {
    const found = Buffer.from(each.replace(/^v1,/, ''))
    return found.length === expected.length && timingSafeEqual(found, expected)
  })
  if (!isSigned || Math.abs(Number(time) * 1000 - state.now) > 300_000) return { status: 401 }
  if (Buffer.byteLength(raw) > 64 * 1024) return { status: 413 }
  const isWhole = ['specversion', 'id', 'source', 'type'].every(
    (name) => typeof body[name] === 'string' && body[name] !== '',
  )
  if (!isWhole || body['id'] !== id || id?.includes('.') === true) return { status: 400 }
  state.bodies.webhook.push(body)
  const type = textIn(body['type']).replace('tenant_drift.', '')
  state.heard.push(`webhook: ${type}${body['subject'] === undefined ? '' : ` ${textIn(body['subject'])}`}`)
  return { status: 204 }
}

function pagerduty(state: Services, body: JsonObject): Answer {
  const { routing_key: key, event_action: action, dedup_key: dedup, payload } = body
  const isKey = typeof key === 'string' && /^[A-Za-z0-9]{32}$/.test(key)
  if (!isKey || typeof dedup !== 'string' || dedup.length > 255) return { status: 400 }
  if (action === 'trigger') {
    const { summary, source, severity, timestamp } = isJsonObject(payload) ? payload : {}
    const isWhole = typeof summary === 'string' && summary.length <= 1024 && typeof source === 'string' && source !== ''
    if (
      !isWhole ||
      !['critical', 'error', 'warning', 'info'].includes(textIn(severity)) ||
      Number.isNaN(Date.parse(textIn(timestamp)))
    )
      return { status: 400 }
    state.ringing.set(dedup, key)
    state.heard.push(`pagerduty: trigger ${dedup}: ${summary}`)
  } else if (action === 'resolve') {
    // Of another routing key it is dropped, with the same answer.
    if (state.ringing.get(dedup) === key) state.ringing.delete(dedup)
    state.heard.push(`pagerduty: resolve ${dedup}`)
  } else return { status: 400 }
  state.bodies.pagerduty.push(body)
  return { status: 202 }
}

/** Lines that begin with a slash are orders, and vanish. */
function withoutOrders(state: Services, text: string): string {
  return text
    .split('\n')
    .filter((line) => {
      if (!/^\s*\/[a-z]/.test(line)) return true
      state.carriedOut.push(line)
      return false
    })
    .join('\n')
}

function gitlab(
  state: Services,
  { method, path, query }: { readonly method: string; readonly path: string; readonly query: URLSearchParams },
  body: JsonObject,
  token: unknown,
): Answer {
  if (token !== 'glpat-of-a-bot') return { status: 401 }
  const shown = (issue: Services['gitlab'][number]) => ({
    iid: issue.iid,
    state: issue.state,
    description: issue.description,
    web_url: `https://gitlab.example/g/p/-/issues/${issue.iid}`,
    author: { id: 5 },
    discussion_locked: issue.locked ?? null,
    moved_to_id: issue.movedTo ?? null,
  })
  if (path === '/user') return { status: 200, json: { id: 5 } }
  if (path === '/projects/g%2Fp') return { status: 200, json: { visibility: state.visibility } }
  if (path === '/projects/g%2Fp/issues' && method === 'GET')
    return {
      status: 200,
      json: state.gitlab
        .filter((issue) => issue.gone !== true)
        .filter((issue) => query.get('state') === null || issue.state === query.get('state'))
        .map(shown),
    }
  if (path === '/projects/g%2Fp/issues') {
    const issue = {
      iid: Math.max(0, ...state.gitlab.map(({ iid }) => iid)) + 1,
      state: 'opened',
      description: withoutOrders(state, textIn(body['description'])),
      notes: [],
      confidential: body['confidential'] === true,
    }
    state.gitlab.push(issue)
    state.heard.push(`gitlab: opened ${textIn(body['title'])}`)
    return { status: 201, json: shown(issue) }
  }
  const [, iid, notes] = /^\/projects\/g%2Fp\/issues\/(\d+)(\/notes)?$/.exec(path) ?? []
  const issue = state.gitlab.find((each) => String(each.iid) === iid)
  if (issue === undefined) return { status: 404 }
  if (notes !== undefined) {
    if (issue.locked === true) return { status: 403 }
    issue.notes.push(withoutOrders(state, textIn(body['body'])))
    state.heard.push(`gitlab: note ${textIn(body['body']).split('\n', 1)[0]?.slice(0, 80)}`)
    return { status: 201, json: {} }
  }
  if (typeof body['description'] === 'string') {
    issue.description = withoutOrders(state, body['description'])
    state.heard.push('gitlab: edited')
  }
  if (body['state_event'] !== undefined) {
    issue.state = body['state_event'] === 'close' ? 'closed' : 'opened'
    state.heard.push(`gitlab: ${issue.state}`)
  }
  return { status: 200, json: shown(issue) }
}
