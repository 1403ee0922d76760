import { identifierOf } from '../schema/identifier-of.ts'
import type { DeclaredState } from '../schema/declared.ts'
import type { ErrorCode } from '../schema/errors.ts'
import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import type { Bearer, Finding, Shown, Verdict } from '../schema/finding.ts'
import { byCodeUnits, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { judged } from '../schema/judge.ts'
import { parsePath, pathText } from '../schema/path.ts'
import type { Look, Snapshot } from '../schema/snapshot.ts'
import { baseSide } from './base-says.ts'
import { starred } from '../schema/tree.ts'
import { compareApi, isTouched } from './compare-api.ts'
import { fingerprint } from './fingerprint.ts'
import { matcher } from './glob.ts'
import { makeFinding, nameplate, sortFindings, unreadable, wholeTenant } from './make-finding.ts'
import type { ApiSides, CompareContext, Comparison, TenantInput } from './types.ts'

const NO_BASE = 'no base was known, so a change of the code that is not applied yet looks like drift'

const NAMED_ALONE =
  'only the named APIs were read. Run without --target to see whether the tenant has the identifier of a missing API with another trailing slash or letter case'

/** Compares a whole tenant with everything that is declared, recorded and was declared before. Pure; linear in the number of APIs. */
export function compareTenant(tenant: string, input: TenantInput): Comparison {
  const steps = comparing(tenant, input)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same, one API a step: whoever has other things to do looks after them between two. */
export function* comparing(tenant: string, input: TenantInput): Generator<void, Comparison, void> {
  const context: CompareContext = {
    tenant,
    hasBase: input.base !== null,
    hasRecorded: input.recorded !== null,
    ...(input.lifetimeCeiling === undefined ? {} : { lifetimeCeiling: input.lifetimeCeiling }),
    ...(input.rows === undefined ? {} : { rows: input.rows }),
  }
  const { declared } = input
  if (!input.inventory.ok) {
    const findings = [unreadableTenant(tenant, input.inventory.code)]
    return {
      ...result(tenant, findings, input.base),
      summary: summary(declared, null, 0, 0),
      touched: touchedOf(input, gather(input, [])),
    }
  }
  const { snapshot } = input.inventory
  const sides = gather(input, snapshot.items)
  const isHandedOver = matcher(declared.managedElsewhere)
  const isElsewhere = elsewhere(input)
  const isProven = snapshot.complete || input.isPartial === true
  const findings: Finding[] = isProven ? [] : [unreadableTenant(tenant, 'incomplete_inventory')]
  let adopted = 0
  let others = 0
  const twins = twinsIn(sides)
  const isNotKnown = new Set(input.base?.notKnownApis)
  for (const [identifier, side] of sides) {
    if (twins.taken.has(identifier)) continue
    if (side.declared === null && side.base === null && isElsewhere(identifier)) {
      if (side.live !== null) others++
      continue
    }
    if (side.declared === null && side.base !== null && side.live !== null && isHandedOver(identifier))
      findings.push(handedOver(tenant, identifier, side.base))
    const look = lookAt(input, snapshot, identifier, side)
    if (look === null) continue
    const secret = input.secrets.get(identifier)
    const comparison = compareApi(isNotKnown.has(identifier) ? { ...context, hasBase: false } : context, {
      ...side,
      identifier,
      look,
      ...(secret === undefined ? {} : { secret }),
    })
    findings.push(
      ...comparison.findings.map((finding) =>
        besideTwin(finding, twins.of.get(identifier) ?? input.near?.get(identifier)),
      ),
    )
    adopted += comparison.adopted
    yield
  }
  const live = snapshot.complete ? snapshot.items.length : null
  const told = input.isOneApi === true ? findings : groupUnknownFields(input.rows ?? FIELDS, tenant, findings)
  const outcome = result(tenant, told, input.base)
  const isNamed = !snapshot.complete && input.isPartial === true && input.isOneApi !== true
  return {
    ...outcome,
    notes: isNamed && findings.some(isGone) ? [...outcome.notes, NAMED_ALONE] : outcome.notes,
    summary: summary(declared, live, adopted, others),
    touched: touchedOf(input, sides),
  }
}

/** One API: what is said of it, and how the list has it. */
export interface ComparedApi extends ApiSides {
  readonly live: JsonObject | null
}

/** Of an API that nobody knows. */
export const NO_SIDE: ComparedApi = {
  declared: null,
  base: null,
  baseDark: [],
  isBaseReadBack: false,
  baseId: null,
  recorded: null,
  live: null,
}

function touchedOf(input: TenantInput, sides: ReadonlyMap<string, ComparedApi>): readonly string[] | null {
  if (input.base === null) return null
  const rows = input.rows ?? FIELDS
  const touched = [...sides].filter(([, side]) => isTouched(rows, side)).map(([identifier]) => identifier)
  return touched.sort(byCodeUnits)
}

interface Twins {
  /** Of a declared API that is gone, the live one that differs from it by its last slash or by case alone. */
  readonly of: ReadonlyMap<string, JsonObject>
  /** Live APIs that are told there, and that nothing else is known of. */
  readonly taken: ReadonlySet<string>
}

export function twinsIn(sides: ReadonlyMap<string, ComparedApi>): Twins {
  const gone = [...sides].filter(([, { declared, live }]) => declared !== null && live === null)
  if (gone.length === 0) return { of: new Map(), taken: new Set() }
  const strange = [...sides].filter(
    ([, { declared, base, live }]) => declared === null && base === null && live !== null,
  )
  const of = nearTwins(
    gone.map(([identifier]) => identifier),
    strange.flatMap(([, { live }]) => (live === null ? [] : [live])),
  )
  const names = [...of.values()].map(identifierOf)
  return { of, taken: new Set(names.filter((identifier) => sides.get(identifier)?.recorded === null)) }
}

/** Of each identifier the one API among these that differs from it by its last slash or by case alone. */
export function nearTwins(gone: readonly string[], items: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const near = Map.groupBy(items, (item) => nearForm(identifierOf(item)))
  const twins = gone.flatMap((identifier) => {
    const [twin, ...more] = near.get(nearForm(identifier)) ?? []
    return twin === undefined || more.length > 0 ? [] : [[identifier, twin] as const]
  })
  return new Map(twins)
}

/** Identifiers are compared to the letter; people mix up a last slash, and case. */
function nearForm(identifier: string): string {
  return identifier.toLowerCase().replace(/\/+$/, '')
}

/** Missing, and nothing that it could be mixed up with is known. */
function isGone({ kind, origin, live }: Finding): boolean {
  return kind === 'missing' && origin !== 'pending' && live === undefined
}

function besideTwin(finding: Finding, twin: JsonObject | undefined): Finding {
  return twin === undefined || finding.kind !== 'missing' ? finding : { ...finding, live: nameplate(twin) }
}

/**
 * Whether an API that neither side declares is somebody else's. Where the base can say such a thing, both have to: else a change could make the comparison
 * look away with one glob, from what it takes out too. What it says holds once it is the base.
 */
export function elsewhere({ declared, base }: TenantInput): (identifier: string) => boolean {
  const now = matcher(declared.managedElsewhere)
  if (base === null || base.lacksElsewhere === true) return now
  const before = matcher(base.managedElsewhere)
  return (identifier) => now(identifier) && before(identifier)
}

/**
 * The code declared this API and now says that it is somebody else's: once that is the base nothing watches it, so a review should see that. Until then it is
 * compared as one that was taken out.
 */
function handedOver(tenant: string, identifier: string, base: JsonObject): Finding {
  return makeFinding(
    { tenant, identifier, declaredApi: null },
    {
      kind: 'weaker-declaration',
      path: [],
      origin: null,
      counts: false,
      judgement: judged('weakened', 'medium'),
      base: nameplate(base),
    },
  )
}

export function gather(input: TenantInput, items: readonly JsonObject[]): ReadonlyMap<string, ComparedApi> {
  const sides = new Map<string, ComparedApi>()
  const add = (identifier: string, more: Partial<ComparedApi>): void => {
    sides.set(identifier, { ...(sides.get(identifier) ?? NO_SIDE), ...more })
  }
  for (const api of input.declared.apis) add(api.identifier, { declared: api })
  for (const api of input.base?.apis ?? []) {
    const { declared = null } = sides.get(api.identifier) ?? {}
    add(api.identifier, baseSide(api, declared?.values ?? null, input.notYet?.get(api.identifier)))
  }
  for (const item of input.recorded?.items ?? []) add(identifierOf(item), { recorded: item })
  for (const item of items) add(identifierOf(item), { live: item })
  return sides
}

/** What is known of an API; null where nothing has to be known of it (not declared, not recorded, and not in the tenant). */
export function lookAt(input: TenantInput, snapshot: Snapshot, identifier: string, side: ComparedApi): Look | null {
  const look = input.looks.get(identifier)
  if (look !== undefined) return look
  if (side.live !== null) return { status: 'read', live: side.live }
  if (side.declared === null && side.recorded === null) return snapshot.complete ? { status: 'missing' } : null
  const message = `${identifier} is not in the part of the list that could be read, and nothing confirmed that it is gone`
  return { status: 'unreadable', code: 'incomplete_inventory', message, advice: 'Run again.' }
}

export function unreadableTenant(tenant: string, code: ErrorCode): Finding {
  return unreadable(wholeTenant(tenant), [], code)
}

/** One new key of the API's makers appears on every API at once: that is one finding about the tenant, not one for each API or list item. */
function groupUnknownFields(
  rows: readonly FieldRow[],
  tenant: string,
  findings: readonly Finding[],
): readonly Finding[] {
  const groups = Map.groupBy(
    findings.filter((finding) => finding.kind === 'unknown-field'),
    (finding) => pathText(starred(rows, parsePath(finding.path) ?? [finding.path])),
  )
  const grouped = [...groups].map(([path, members]) => {
    const counts = members.some((member) => member.counts)
    const finding = makeFinding(wholeTenant(tenant), {
      kind: 'unknown-field',
      path: parsePath(path) ?? [path],
      origin: counts ? 'drift' : null,
      counts,
      judgement: judged('neutral', 'medium'),
    })
    const shared = { ...common('base', members), ...common('live', members) }
    const on = bearers(tenant, finding.path, members, shared)
    return { ...finding, ...shared, apis: on.length, on }
  })
  return [...findings.filter((finding) => finding.kind !== 'unknown-field'), ...grouped]
}

/** The APIs that have it, each with what only this one has there. An API may have it in several items of a list. */
function bearers(tenant: string, path: string, members: readonly Finding[], shared: object): readonly Bearer[] {
  const byApi = Map.groupBy(members, ({ identifier }) => identifier ?? '')
  return [...byApi]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([identifier, own]) => ({
      identifier,
      fingerprint: fingerprint(tenant, identifier, path, 'unknown-field'),
      ...('base' in shared ? {} : common('base', own)),
      ...('live' in shared ? {} : common('live', own)),
    }))
}

/** A value that all of them share is worth showing. */
function common(side: 'base' | 'live', members: readonly Finding[]): Partial<Record<'base' | 'live', Shown>> {
  const first = members[0]?.[side]
  if (first === undefined) return {}
  const isShared = members.every((member) => sameJson(asJson(member[side]), asJson(first)))
  return isShared ? { [side]: first } : {}
}

/** What is shown is plain JSON, hidden values too. */
function asJson(shown: Shown | undefined): Json | undefined {
  return shown as Json | undefined
}

function summary(declared: DeclaredState, live: number | null, adopted: number, others: number): Comparison['summary'] {
  return { declared: declared.apis.length, live, adopted, elsewhere: others }
}

function result(
  tenant: string,
  findings: readonly Finding[],
  base: DeclaredState | null,
): Pick<Comparison, 'tenant' | 'verdict' | 'findings' | 'notes'> {
  const hasDrift = findings.some((finding) => finding.origin === 'drift')
  return {
    tenant,
    verdict: verdictOf(findings),
    findings: sortFindings(findings),
    notes: base === null && hasDrift ? [NO_BASE] : leftAlone(base, findings),
  }
}

const MOST_NAMES = 10

/** Drift of APIs that the base holds and says nothing of may be the code's own change. */
function leftAlone(base: DeclaredState | null, findings: readonly Finding[]): readonly string[] {
  const drifted = new Set(findings.flatMap(({ origin, identifier }) => (origin === 'drift' ? [identifier] : [])))
  const apis = (base?.notKnownApis ?? []).filter((identifier) => drifted.has(identifier))
  if (apis.length === 0) return []
  const more = apis.length > MOST_NAMES ? ` and ${apis.length - MOST_NAMES} more` : ''
  return [`the base leaves ${apis.slice(0, MOST_NAMES).join(', ')}${more} out, so every difference there is drift`]
}

/** Incomplete beats drifted beats in-sync. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.kind === 'unreadable')) return 'incomplete'
  return findings.some((finding) => finding.counts) ? 'drifted' : 'in-sync'
}
