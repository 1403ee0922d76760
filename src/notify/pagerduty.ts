import type { Heard, Queued, StoredEpisode, TenantRow } from '../history/front.ts'
import { timeOf } from '../schema/clock.ts'
import { compareSeverity, type Severity } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import { affectedText } from '../words/affected.ts'
import { plural } from '../words/plural.ts'
import { severitiesText } from '../words/severities.ts'
import { safeLink, showName } from '../words/show.ts'
import { whoTexts } from '../words/who.ts'
import { credentialDigest, type Filter } from './channel.ts'
import type { TellMoment } from './decide.ts'
import { newestRun, passes, tenantDark } from './hear.ts'
import { sidesOf } from './item.ts'
import { unpacked } from './parcel.ts'

const MOST_ALERTS = 10
const MOST_DETAILS = 20
const MOST_OF_A_SUMMARY = 900
const MOST_BYTES = 20_000

const SEVERITY: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
}

/** One event, as it waits; the key stands in no store. */
export interface Alert {
  readonly v: 1
  readonly action: 'trigger' | 'resolve'
  /** Digest of the routing key that it is for: another service drops a resolve of what it was never told. */
  readonly routing: string
  readonly key: string
  readonly tenant: string
  /** Words and numbers of ours alone, for a service that refuses the rest. */
  readonly head: string
  readonly summary: string
  readonly severity: string
  readonly at: string
  readonly details: readonly string[]
  readonly link: string | null
  readonly made: number
  readonly isPlain: boolean
}

/** What stands triggered, by its key, with what it said; and the digest of the routing key that it was said to. */
interface AlertsState {
  readonly v: 1
  readonly routing: string
  readonly alerts: Readonly<Record<string, { readonly top: Severity | null; readonly prints: readonly string[] }>>
}

/** Brings alerts to how things stand: triggered again when something opens or rises, resolved when nothing told is left. */
export function decideAlerts(
  heard: Heard,
  filter: Filter,
  moment: TellMoment,
  { routingKey, per }: { readonly routingKey: string; readonly per: 'tenant' | 'finding' },
): Queued & { readonly warnings: readonly string[] } {
  const routing = credentialDigest(routingKey)
  const state = unpacked<AlertsState>(heard.state, ({ routing: of }) => typeof of === 'string')
  const isOther = state !== null && state.routing !== routing
  const known = isOther ? {} : (state?.alerts ?? {})
  const wanted = new Map(
    heard.dark.flatMap(({ tenant, memory }) => alertsOf(heard, tenant, memory, filter, per, { ...moment, routing })),
  )
  const tenants = new Set(heard.dark.map(({ tenant }) => tenant.address))
  const messages: Alert[] = []
  const alerts: Record<string, AlertsState['alerts'][string]> = {}
  for (const [key, before] of Object.entries(known)) {
    // An alert of a tenant that this run did not look at stays triggered.
    if (wanted.has(key)) continue
    const address = addressIn(key)
    if (!tenants.has(address)) alerts[key] = before
    else messages.push(resolveOf(key, address, { ...moment, routing }))
  }
  for (const [key, { alert, state: now }] of wanted) {
    const before = known[key]
    alerts[key] = now
    if (before !== undefined && !isGraver(before, now)) continue
    messages.push(alert)
  }
  const keys = new Set(messages.map(({ key }) => key))
  const dropped = heard.waiting.filter(({ body }) => {
    const waits = unpackAlert(body)
    return waits === null || keys.has(waits.key) || waits.routing !== routing
  })
  const run = newestRun(heard)
  return {
    messages: messages.map((alert) => ({ body: JSON.stringify(alert), run })),
    told: [],
    untold: [],
    dropped: dropped.map(({ id }) => id),
    state: JSON.stringify({ v: 1, routing, alerts } satisfies AlertsState),
    warnings: isOther ? leftBehind(Object.keys(state.alerts).length) : [],
  }
}

/** Said once, when the key changes. */
function leftBehind(count: number): readonly string[] {
  if (count === 0) return []
  return [
    `its routing key has changed: ${plural(count, 'alert')} of the old key ${count === 1 ? 'stays' : 'stay'} open until somebody resolves ${count === 1 ? 'it' : 'them'} in PagerDuty`,
  ]
}

/** When an alert is made, and for which routing key. */
type Sent = TellMoment & { readonly routing: string }

type WantedAlert = readonly [string, { readonly alert: Alert; readonly state: AlertsState['alerts'][string] }]

function alertsOf(
  heard: Heard,
  tenant: TenantRow,
  { dark, run }: Heard['dark'][number]['memory'],
  filter: Filter,
  per: 'tenant' | 'finding',
  moment: Sent,
): readonly WantedAlert[] {
  const open = heard.standing
    .filter((each) => each.tenant.id === tenant.id && each.state === 'open' && passes(each, filter))
    .sort((a, b) => compareSeverity(b.severity, a.severity) || byCodeUnits(a.fingerprint, b.fingerprint))
  const name = `tenant-drift/${tenant.address}`
  const at = timeOf(run?.lastAt ?? moment.now)
  const groups: readonly (readonly [string, readonly StoredEpisode[]])[] =
    per === 'tenant' || open.length > MOST_ALERTS
      ? [[name, open]]
      : open.map((episode) => [`${name}/${episode.fingerprint}`, [episode]])
  const differences = groups.flatMap(([key, episodes]): readonly WantedAlert[] => {
    const [first] = episodes
    if (first === undefined) return []
    const head = `${severitiesText(episodes.map(({ severity }) => severity))} ${episodes.length === 1 ? 'differs' : 'differ'}`
    const what = [
      ...(first.path === '' ? [] : [showName(first.path)]),
      ...(first.identifier === null ? [] : [showName(first.identifier)]),
    ].join(' of ')
    const state = {
      top: first.severity,
      prints: episodes.map(({ fingerprint }) => fingerprint),
    }
    const more = {
      key,
      head,
      severity: SEVERITY[first.severity],
      at,
      details: episodes.slice(0, MOST_DETAILS).map((episode) => detailOf(episode, filter.persons)),
    }
    return [[key, { state, alert: alertOf(tenant, more, `${head} (${what})`, moment) }]]
  })
  const whole = tenantDark(dark, filter)
  if (whole === undefined) return differences
  const key = `${name}/unreadable`
  const head = `could not be judged (${whole.code})`
  const more = { key, head, severity: 'error', at, details: [] }
  return [...differences, [key, { state: { top: null, prints: [] }, alert: alertOf(tenant, more, head, moment) }]]
}

function alertOf(
  tenant: TenantRow,
  more: Pick<Alert, 'key' | 'head' | 'severity' | 'at' | 'details'>,
  summary: string,
  { now, link, routing }: Sent,
): Alert {
  const name = tenant.name ?? tenant.address
  return {
    v: 1,
    action: 'trigger',
    routing,
    tenant: name,
    summary: `${name}: ${summary}`.slice(0, MOST_OF_A_SUMMARY).toWellFormed(),
    link,
    made: now,
    isPlain: false,
    ...more,
  }
}

function resolveOf(key: string, tenant: string, { now, link, routing }: Sent): Alert {
  const words = 'no reported difference is left'
  return {
    v: 1,
    action: 'resolve',
    routing,
    key,
    tenant,
    head: words,
    summary: words,
    severity: 'info',
    at: timeOf(now),
    details: [],
    link,
    made: now,
    isPlain: false,
  }
}

function detailOf(episode: StoredEpisode, persons: boolean): string {
  const { declared, live } = sidesOf(episode.finding)
  const where = `${episode.path === '' ? '' : `${showName(episode.path)} of `}${episode.identifier === null ? 'the tenant' : showName(episode.identifier)}`
  const { affected } = episode.finding
  const whom = affected === undefined ? '' : `. ${affectedText(affected)}`
  const [who] = whoTexts([episode.finding], { persons })
  const changed = who === undefined ? '' : `, changed by ${who}`
  return `${episode.severity}: ${where}: live ${live ?? 'not set'}, declared ${declared ?? 'nothing'}${changed}${whom}`
}

function isGraver(before: AlertsState['alerts'][string], now: AlertsState['alerts'][string]): boolean {
  if (before.top !== null && now.top !== null && compareSeverity(now.top, before.top) > 0) return true
  return now.prints.some((print) => !before.prints.includes(print))
}

/** `tenant-drift/ADDRESS`, and what may stand behind it. */
function addressIn(key: string): string {
  return key.replace(/^tenant-drift\//, '').replace(/\/(unreadable|[0-9a-f]{32})$/, '')
}

export function unpackAlert(body: string | null): Alert | null {
  return unpacked<Alert>(body, ({ key }) => typeof key === 'string')
}

/** As Events API v2 takes it. A plain one holds no text of the tenant but its address, which is its key. */
export function pagerdutyBody(alert: Alert, routingKey: string): string {
  for (let most = alert.isPlain ? 0 : alert.details.length; ; most = Math.floor(most / 2)) {
    const body = eventOf(alert, routingKey, most)
    if (most === 0 || Buffer.byteLength(body) <= MOST_BYTES) return body
  }
}

function eventOf(alert: Alert, routingKey: string, most: number): string {
  const base = { routing_key: routingKey, event_action: alert.action, dedup_key: dedupKey(alert.key) }
  if (alert.action === 'resolve') return JSON.stringify(base)
  const link = safeLink(alert.link ?? undefined)
  return JSON.stringify({
    ...base,
    payload: {
      summary: alert.isPlain ? `tenant-drift: ${alert.head}` : alert.summary,
      source: alert.isPlain ? 'tenant-drift' : alert.tenant,
      severity: alert.severity,
      timestamp: alert.at,
      component: 'Auth0 resource servers',
      class: 'drift',
      ...(most === 0 ? {} : { custom_details: { differences: alert.details.slice(0, most) } }),
    },
    client: 'tenant-drift',
    ...(link === null ? {} : { links: [{ href: link, text: 'The run' }] }),
  })
}

/** At most 255 characters; a longer one is told apart by its digest. */
function dedupKey(key: string): string {
  return key.length <= 255 ? key : `tenant-drift/${credentialDigest(key)}`
}
