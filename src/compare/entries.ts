import { isDeepStrictEqual } from 'node:util'
import { isHidden, type Finding, type Shown } from '../schema/finding.ts'
import { byCodeUnits, canonicalText, type Json } from '../schema/json.ts'
import { HIDDEN_TEXT, WHOLE_API, type DriftEntry, type Notice, type Observed } from '../schema/observed.ts'
import type { Comparison } from './types.ts'

/** How many identifiers a notice names. */
const MOST_NAMES = 5
/** How many the list of a field that counts names. */
const MOST_BEARERS = 50

export function isPending(finding: Pick<Finding, 'origin'>): boolean {
  return finding.origin === 'pending'
}

export function entryKey(finding: Pick<Finding, 'path'>): string {
  return finding.path === '' ? WHOLE_API : finding.path
}

/** A finding as it travels to the policies. */
export function toEntry(finding: Finding): DriftEntry {
  return {
    kind: finding.kind,
    origin: finding.origin,
    ...entrySides(finding),
    direction: finding.direction,
    severity: finding.severity,
    ...(finding.impact === null ? {} : { impact: finding.impact }),
    ...(finding.code === undefined ? {} : { code: finding.code }),
  }
}

function entrySides(finding: Finding): Partial<Record<'declared' | 'base' | 'live', Json>> {
  const sides = (['declared', 'base', 'live'] as const).flatMap((side) => {
    const value = finding[side]
    // A base that says what the code says adds nothing, and would make a drift look new once a base is known.
    const isIdle = side === 'base' && isDeepStrictEqual(value, finding.declared)
    return value === undefined || isIdle ? [] : [[side, shownJson(value)] as const]
  })
  return Object.fromEntries(sides)
}

function shownJson(value: Shown): Json {
  return isHidden(value) ? HIDDEN_TEXT : value
}

/** What a comparison knows of the code's own changes, as far as it matters to what counts. */
export function aboutBase(
  touched: Comparison['touched'] | boolean,
  hasDrift: boolean,
): Pick<Observed, 'touched' | 'noBase'> {
  if (touched === null) return hasDrift ? { noBase: true } : {}
  if (typeof touched === 'boolean') return touched ? { touched } : {}
  return touched.length === 0 ? {} : { touched }
}

/** What `observed` says of fields that nobody knows: names, which `drift` has no place for. */
export function unknownFieldsOf(counting: readonly Finding[]): Pick<Observed, 'unknownFields'> {
  const fields = counting.flatMap((finding) => {
    const names = finding.on?.map(({ identifier }) => identifier)
    if (names === undefined) return []
    return [[finding.path, { apis: names.length, identifiers: names.slice(0, MOST_BEARERS) }] as const]
  })
  return fields.length === 0 ? {} : { unknownFields: Object.fromEntries(fields) }
}

/** Groups what never counts: one notice for each setting and value, so that a first run is no wall. */
export function toNotices(findings: readonly Finding[]): readonly Notice[] {
  const groups = new Map<string, { notice: Omit<Notice, 'apis' | 'identifiers'>; apis: number; names: string[] }>()
  for (const finding of findings) {
    const notice = {
      kind: finding.kind,
      path: finding.path,
      // The nameplate of an API is not what makes two of them alike.
      ...(finding.path === '' ? {} : entrySides(finding)),
      direction: finding.direction,
      severity: finding.severity,
    }
    const key = canonicalText(notice)
    const group = groups.get(key) ?? { notice, apis: 0, names: [] }
    group.apis += finding.apis ?? 1
    if (finding.identifier !== null) group.names.push(finding.identifier)
    for (const { identifier } of finding.on ?? []) group.names.push(identifier)
    groups.set(key, group)
  }
  return [...groups]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([, { notice, apis, names }]) => ({
      ...notice,
      apis,
      identifiers: names.sort(byCodeUnits).slice(0, MOST_NAMES),
    }))
}
