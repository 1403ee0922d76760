import { isDeepStrictEqual } from 'node:util'
import type { Comparison } from '../compare/front.ts'
import { isHidden, type Finding, type Shown } from '../schema/finding.ts'
import { byCodeUnits, canonicalText, own, type Json, type JsonObject } from '../schema/json.ts'
import {
  asJsonObject,
  HIDDEN_TEXT,
  WHOLE_API,
  type Drift,
  type DriftEntry,
  type Notice,
  type Observed,
} from '../schema/observed.ts'
import { toEngine } from './engine-values.ts'

/** How many identifiers a notice names. */
const MOST_NAMES = 5

export function isPending(finding: Finding): boolean {
  return finding.origin === 'pending'
}

/** What counts, by path. `seen` grows by one for every difference that the state already holds. */
export function toDrift(findings: readonly Finding[], stored: JsonObject, step: 0 | 1): Drift {
  return Object.fromEntries(
    findings.map((finding) => {
      const key = keyOf(finding)
      return [key, withSeen(toEntry(finding), own(stored, key), step)] as const
    }),
  )
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

export function keyOf(finding: Finding): string {
  return finding.path === '' ? WHOLE_API : finding.path
}

/**
 * The counter that keeps a stored difference visible: the engine shows what moved. `step` is 0 where the same operation looks again at
 * what it is about to store.
 */
export function withSeen<T extends object>(entry: T, stored: Json | undefined, step: 0 | 1): T {
  const { seen, ...before } = asJsonObject(stored)
  if (stored === undefined || !isDeepStrictEqual(toEngine(before), toEngine(entry))) return entry
  const count = (typeof seen === 'number' ? seen : 0) + step
  return count === 0 ? entry : { ...entry, seen: count }
}

export function toEntry(finding: Finding): DriftEntry {
  return {
    kind: finding.kind,
    origin: finding.origin,
    ...shown(finding),
    direction: finding.direction,
    severity: finding.severity,
    ...(finding.impact === null ? {} : { impact: finding.impact }),
    ...(finding.code === undefined ? {} : { code: finding.code }),
  }
}

function shown(finding: Finding): Partial<Record<'declared' | 'base' | 'live', Json>> {
  const sides = (['declared', 'base', 'live'] as const).flatMap((side) => {
    const value = finding[side]
    // A base that says what the code says adds nothing, and would make a drift look new once a base is known.
    const isIdle = side === 'base' && isDeepStrictEqual(value, finding.declared)
    return value === undefined || isIdle ? [] : [[side, show(value)] as const]
  })
  return Object.fromEntries(sides)
}

function show(value: Shown): Json {
  return isHidden(value) ? HIDDEN_TEXT : toEngine(value)
}

/** Groups what never counts: one notice for each setting and value, so that a first run is no wall. */
export function toNotices(findings: readonly Finding[]): readonly Notice[] {
  const groups = new Map<string, { notice: Omit<Notice, 'apis' | 'identifiers'>; apis: number; names: string[] }>()
  for (const finding of findings) {
    const notice = {
      kind: finding.kind,
      path: finding.path,
      // The nameplate of an API is not what makes two of them alike.
      ...(finding.path === '' ? {} : shown(finding)),
      direction: finding.direction,
      severity: finding.severity,
    }
    const key = canonicalText(notice)
    const group = groups.get(key) ?? { notice, apis: 0, names: [] }
    group.apis += finding.apis ?? 1
    if (finding.identifier !== null) group.names.push(finding.identifier)
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
