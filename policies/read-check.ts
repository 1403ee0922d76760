import {
  DIRECTIONS,
  ORIGINS,
  SEVERITIES,
  type Direction,
  type FindingKind,
  FINDING_KINDS,
  type Impact,
  type Origin,
  type Severity,
} from '../src/schema/finding.ts'
import { asJsonObject, own, textOrNull, type Json, type JsonObject } from '../src/schema/json.ts'
import { OBSERVED_STATUSES, type ObservedStatus } from '../src/schema/observed.ts'
import { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../src/schema/state-contract.ts'

/** One difference of a check as a policy sees it. */
export interface Difference {
  /** Null where it is about the tenant itself. */
  readonly identifier: string | null
  /** Property path; `identifier` (WHOLE_API) for a whole API. */
  readonly path: string
  readonly kind: FindingKind
  readonly origin: Origin | null
  readonly direction: Direction
  readonly severity: Severity
  readonly impact: Impact | null
  readonly code: string | null
  readonly values: SideValues
  /** Whether this change touches the declaration of the API; null where no base is known. */
  readonly touched: boolean | null
  /** Something was declared here before, and nothing tells what. */
  readonly isBaseUnknown: boolean
  /** Of a field that nobody knows: the APIs that have it, as far as they are named; null where the check is older than that. */
  readonly bearers: { readonly apis: number; readonly identifiers: readonly string[] } | null
}

/** Absent sides are left out. */
export type SideValues = Readonly<Partial<Record<'declared' | 'base' | 'live', Json>>>

/** A group of findings that never fail a run by themselves. */
export interface NoticedDifference extends Omit<Difference, 'identifier' | 'touched' | 'isBaseUnknown' | 'bearers'> {
  readonly apis: number
  readonly identifiers: readonly string[]
}

/** One check resource, read with distrust: a state may come from another version or another hand. */
export interface Check {
  /** Null where there is no observation of a shape that this version understands. */
  readonly status: ObservedStatus | null
  readonly tenant: string | null
  /** The configuration excludes all that it would judge. */
  readonly isExcluded: boolean
  readonly observed: JsonObject
  /** Those whose kind and path are wanted: a difference is only read whole where it is. */
  readonly differences: (isWanted: IsWanted) => readonly Difference[]
  readonly notices: readonly NoticedDifference[]
}

export type IsWanted = (kind: FindingKind, path: string) => boolean

export function isCheck(type: string): boolean {
  return type === RESOURCE_SERVER_TYPE || type === TENANT_TYPE
}

/**
 * What a check resource observed; null for resources of other types. Only `observed`, `drift` and `identifier` are touched: any other
 * input may be unknown in a preview, and reading it would end the policy.
 */
export function readCheck(type: string, props: Readonly<Record<string, unknown>>): Check | null {
  if (!isCheck(type)) return null
  const observed = asJsonObject(props.observed)
  const status = OBSERVED_STATUSES.find((known) => known === observed.status) ?? null
  const tenant = textOrNull(observed.tenant)
  const drift = asJsonObject(props.drift)
  const differences = (isWanted: IsWanted) =>
    type === TENANT_TYPE
      ? Object.keys(drift).flatMap((name) =>
          differencesOf(asJsonObject(drift[name]), observed, isWanted, () => ({
            identifier: name === tenant ? null : name,
            touched: touchedIn(observed, name),
          })),
        )
      : differencesOf(drift, observed, isWanted, () => ({
          identifier: identifierOfCheck(props),
          touched: touchedOf(observed),
        }))
  const isExcluded = status === 'excluded' || observed.allExcluded === true
  return { status, tenant, isExcluded, observed, differences, notices: noticesOf(observed) }
}

/** The identifier of a resource server's check; it is known wherever something was compared. */
export function identifierOfCheck(props: Readonly<Record<string, unknown>>): string {
  return textOrNull(props.identifier) ?? ''
}

function touchedOf(observed: JsonObject): boolean | null {
  return observed.noBase === true ? null : observed.touched === true
}

function touchedIn(observed: JsonObject, name: string): boolean | null {
  if (observed.noBase === true) return null
  return Array.isArray(observed.touched) && (observed.touched as readonly Json[]).includes(name)
}

function differencesOf(
  entries: JsonObject,
  observed: JsonObject,
  isWanted: IsWanted,
  whom: () => Pick<Difference, 'identifier' | 'touched'>,
): readonly Difference[] {
  return Object.keys(entries).flatMap((path) => {
    const entry = asJsonObject(entries[path])
    if (!isWanted(findingKindOf(entry), path)) return []
    const about = whom()
    const bearers = about.identifier === null ? bearersOf(observed, path) : null
    return [{ path, ...about, ...judgementOf(entry), isBaseUnknown: entry.baseUnknown === true, bearers }]
  })
}

function bearersOf(observed: JsonObject, path: string): Difference['bearers'] {
  const known = own(asJsonObject(observed.unknownFields), path)
  return known === undefined ? null : bearersIn(asJsonObject(known))
}

function bearersIn({ identifiers: given, apis }: JsonObject): NonNullable<Difference['bearers']> {
  const names = Array.isArray(given) ? (given as readonly Json[]) : []
  const identifiers = names.flatMap((name) => textOrNull(name) ?? [])
  return { apis: typeof apis === 'number' ? apis : identifiers.length, identifiers }
}

function noticesOf(observed: JsonObject): readonly NoticedDifference[] {
  const notices = Array.isArray(observed.notices) ? (observed.notices as readonly Json[]) : []
  return notices.map((given) => {
    const notice = asJsonObject(given)
    return { path: textOrNull(notice.path) ?? '', ...judgementOf(notice), ...bearersIn(notice) }
  })
}

/** What cannot be understood is taken for the graver thing. */
function judgementOf(
  entry: JsonObject,
): Omit<Difference, 'identifier' | 'path' | 'touched' | 'isBaseUnknown' | 'bearers'> {
  const sides = (['declared', 'base', 'live'] as const).flatMap((side) => {
    const value = own(entry, side)
    return value === undefined ? [] : [[side, value] as const]
  })
  return {
    kind: findingKindOf(entry),
    origin: ORIGINS.find((origin) => origin === entry.origin) ?? null,
    direction: DIRECTIONS.find((direction) => direction === entry.direction) ?? 'neutral',
    severity: SEVERITIES.find((severity) => severity === entry.severity) ?? 'high',
    impact: entry.impact === 'breaks-clients' ? 'breaks-clients' : null,
    code: textOrNull(entry.code),
    values: Object.fromEntries(sides),
  }
}

const KINDS: ReadonlySet<Json | undefined> = new Set(FINDING_KINDS)

function findingKindOf(entry: JsonObject): FindingKind {
  const { kind } = entry
  return KINDS.has(kind) ? (kind as FindingKind) : 'changed'
}
