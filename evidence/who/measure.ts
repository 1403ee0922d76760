import { askWho, NOTHING_RECALLED, type Recall } from '../../src/run/ask-who.ts'
import type { ChangedBy } from '../../src/schema/changed-by.ts'
import type { Finding } from '../../src/schema/finding.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { LogEvent, LogLook } from '../../src/schema/log-event.ts'
import type { TenantReader } from '../../src/schema/snapshot.ts'
import { reduceEvent } from '../../src/tenant/reduce-event.ts'
import { changerAt, IDENTIFIER, liveAt, PATHS, valueAt, type History, type Write } from './histories.ts'

export interface Attribution {
  readonly histories: number
  /** Differences that were asked about, once for each run that saw them. */
  readonly asked: number
  readonly certain: number
  readonly certainWrong: number
  /** Of them, those at a time at which no event was late any more. */
  readonly certainWrongFilled: number
  readonly likely: number
  readonly likelyWrong: number
  readonly notKnown: number
  /** Those whose changer and the event before it both stood in the log at the time of the run. */
  readonly readable: number
  /** Of them, those of which it was said who it was, rightly. */
  readonly readableKnown: number
  /** Of the readable ones, those since which the service did nothing by itself, of which there is no event. */
  readonly provable: number
  /** Of them, those of which it was said who it was, rightly. */
  readonly provableKnown: number
  /** What the rule "the newest event whose body sends the field" would have said wrongly, of what it says. */
  readonly naiveNamed: number
  readonly naiveWrong: number
  readonly reasons: Readonly<Record<string, number>>
  /** What was wrong, a line each. */
  readonly lines: readonly string[]
}

export const NOTHING: Attribution = {
  histories: 0,
  asked: 0,
  certain: 0,
  certainWrong: 0,
  certainWrongFilled: 0,
  likely: 0,
  likelyWrong: 0,
  notKnown: 0,
  readable: 0,
  readableKnown: 0,
  provable: 0,
  provableKnown: 0,
  naiveNamed: 0,
  naiveWrong: 0,
  reasons: {},
  lines: [],
}

/** All the checks of one history, one after the other, each with what the one before it left. */
export async function measure(history: History, name: string): Promise<Attribution> {
  let result: Attribution = { ...NOTHING, histories: 1 }
  let recall: Recall = NOTHING_RECALLED
  for (const now of history.runs) {
    const live = liveAt(history, now)
    const findings = live === null ? [] : findingsOf(history, live)
    const who = await askWho(readerOf(history, now), inputOf(live), findings, recall, { persons: false, now })
    for (const finding of findings) {
      const said = who.get(finding.fingerprint)
      if (said !== undefined) result = added(result, history, finding, said, now, name)
    }
    if (history.hasMemory) {
      const kept = new Map(
        findings.map((finding) => [finding.path, { changedBy: who.get(finding.fingerprint), live: finding.live }]),
      )
      recall = {
        reading: { at: now, items: live === null ? [] : [live] },
        kept: ({ path }) => {
          const one = kept.get(path)
          if (one === undefined) return null
          return {
            ...(one.changedBy === undefined ? {} : { changedBy: one.changedBy }),
            ...(one.live === undefined ? {} : { live: one.live }),
          }
        },
      }
    }
  }
  return result
}

function added(
  before: Attribution,
  history: History,
  { path }: Finding,
  said: ChangedBy,
  now: number,
  name: string,
): Attribution {
  const truth = changerAt(history, path, now)
  const isRight = truth !== null && said.log === truth.changer.log
  const isReadable = truth !== null && stands(history, truth, now)
  const isProvable = isReadable && !hasServiceWrite(history, truth, now)
  const naive = history.writes.findLast((write) => isShown(history, write, now) && sends(write, path))
  const reason = said.certainty === 'not-known' ? (said.reason ?? '') : said.certainty
  const isNamed = said.certainty !== 'not-known'
  const wrong = isNamed && !isRight
  return {
    ...before,
    asked: before.asked + 1,
    certain: before.certain + Number(said.certainty === 'certain'),
    certainWrong: before.certainWrong + Number(said.certainty === 'certain' && wrong),
    certainWrongFilled:
      before.certainWrongFilled + Number(said.certainty === 'certain' && wrong && !isLate(history, now)),
    likely: before.likely + Number(said.certainty === 'likely'),
    likelyWrong: before.likelyWrong + Number(said.certainty === 'likely' && wrong),
    notKnown: before.notKnown + Number(!isNamed),
    readable: before.readable + Number(isReadable),
    readableKnown: before.readableKnown + Number(isReadable && isNamed && isRight),
    provable: before.provable + Number(isProvable),
    provableKnown: before.provableKnown + Number(isProvable && isNamed && isRight),
    naiveNamed: before.naiveNamed + Number(naive !== undefined),
    naiveWrong: before.naiveWrong + Number(naive !== undefined && naive.log !== truth?.changer.log),
    reasons: { ...before.reasons, [reason]: (before.reasons[reason] ?? 0) + 1 },
    lines:
      (wrong && said.certainty === 'certain') || (isProvable && !isNamed)
        ? [
            ...before.lines,
            `${name}: ${path} at ${new Date(now).toISOString()}: ${said.certainty} ${said.reason ?? ''} ${said.log ?? ''}, was ${truth?.changer.log ?? 'nobody'}`,
          ]
        : before.lines,
  }
}

type Truth = NonNullable<ReturnType<typeof changerAt>>

/** Whether the changer and the event before it stand in the log. */
function stands(history: History, { changer, before }: Truth, now: number): boolean {
  if (!isShown(history, changer, now)) return false
  return changer.method === 'post' || (before !== null && isShown(history, before, now))
}

/** Whether the service did something by itself since the event before the change. */
function hasServiceWrite({ writes }: History, { changer, before }: Truth, now: number): boolean {
  const since = before ?? changer
  return writes.some(({ at, who }) => who === null && at >= since.at && at <= now)
}

export function sum(all: readonly Attribution[]): Attribution {
  const total: Record<string, unknown> = { ...NOTHING }
  const reasons: Record<string, number> = {}
  for (const one of all) {
    for (const [key, value] of Object.entries(one))
      if (typeof value === 'number') total[key] = Number(total[key]) + value
    for (const [reason, count] of Object.entries(one.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count
  }
  return { ...(total as unknown as Attribution), reasons, lines: all.flatMap(({ lines }) => lines) }
}

/** Whether an event of before is not there yet. */
function isLate({ writes }: History, now: number): boolean {
  return writes.some(({ at, shownAt, who }) => who !== null && at <= now && shownAt > now)
}

function sends({ sent, method }: Write, path: string): boolean {
  return method !== 'delete' && sent !== null && (path.split('.')[0] ?? '') in sent
}

function isShown({ retentionMs }: History, { at, shownAt, who }: Write, now: number): boolean {
  return who !== null && at >= now - retentionMs && shownAt <= now && at <= now
}

function findingsOf({ declared }: History, live: JsonObject): readonly Finding[] {
  return PATHS.flatMap((path): readonly Finding[] => {
    const [is, should] = [valueAt(live, path), valueAt(declared, path)]
    if (JSON.stringify(is) === JSON.stringify(should)) return []
    const shown: Json | undefined = path.startsWith('scopes.')
      ? is === true
        ? { value: path.slice(7) }
        : undefined
      : is
    return [
      {
        kind: 'changed',
        identifier: IDENTIFIER,
        path,
        origin: 'drift',
        counts: true,
        ...(shown === undefined ? {} : { live: shown }),
        direction: 'neutral',
        impact: null,
        severity: 'medium',
        fingerprint: path,
        file: null,
        line: null,
      },
    ]
  })
}

function inputOf(live: JsonObject | null): Parameters<typeof askWho>[1] {
  const proof = {
    total: 1,
    pages: 1,
    items: 1,
    rereads: 0,
    secondLook: false,
    canary: null,
    fieldsRefused: false,
    requests: { token: 0, list: 1, confirm: 0, secret: 0 },
    retries: 0,
    waits: 0,
    notes: [],
  }
  return {
    declared: { tenant: null, apis: [], managedElsewhere: [], warnings: [] },
    base: null,
    recorded: null,
    inventory: {
      ok: true,
      snapshot: { tenant: 't.example', complete: true, items: live === null ? [] : [live], proof },
    },
    looks: new Map(),
    secrets: new Map(),
  }
}

/** The tenant log as it can be read at a time. */
function readerOf(history: History, now: number): TenantReader {
  const logs = ({ from, isBroad }: { from: number; isBroad: boolean }): Promise<LogLook> => {
    const found = history.writes.filter(
      (write) => isShown(history, write, now) && write.at >= from && (isBroad || write.isDescribed),
    )
    const events = found.flatMap((write): readonly LogEvent[] => {
      const event = reduceEvent(entryOf(write), false)
      return event === null ? [] : [event]
    })
    const oldest = found.length === 0 ? null : Math.min(...found.map(({ at }) => at))
    const sorted = events.toSorted((a, b) => a.at - b.at || (a.log < b.log ? -1 : 1))
    return Promise.resolve({ ok: true, reading: { events: sorted, from, isWhole: true, oldest, at: now } })
  }
  return { logs } as unknown as TenantReader
}

function entryOf({ at, who, method, sent, after, log }: Write): JsonObject {
  const id = after?.['id']
  const idText = typeof id === 'string' ? id : ''
  return {
    log_id: log,
    date: new Date(at).toISOString(),
    type: 'sapi',
    client_id: who,
    client_name: who,
    details: {
      request: {
        method,
        path: `/api/v2/resource-servers${method === 'post' ? '' : `/${method === 'delete' ? encodeURIComponent(IDENTIFIER) : idText}`}`,
        channel: 'api',
        auth: { user: {} },
        ...(sent === null ? {} : { body: sent }),
      },
      response: { statusCode: method === 'post' ? 201 : 200, ...(after === null ? {} : { body: after }) },
    },
  }
}
