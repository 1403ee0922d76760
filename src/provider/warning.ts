import { ERROR_CODES, type ErrorCode } from '../schema/errors.ts'
import { SEVERITIES, type Severity } from '../schema/finding.ts'
import { asJsonObject, own, type JsonObject } from '../schema/json.ts'
import type { ObservedStatus } from '../schema/observed.ts'
import { plural } from '../words/plural.ts'
import { severitiesText } from '../words/severities.ts'

/** What the checks of one program saw, in numbers alone: nothing that a tenant, a file or a person wrote gets into the line. */
export interface Sum {
  checks: number
  /** Checks of which nothing, or not everything, is known in this run. */
  unknown: number
  readonly apis: Set<string>
  differences: number
  readonly severities: Severity[]
  /** Checks that could not look, by the reason. */
  readonly failures: Map<ErrorCode, number>
  /** Values that could not be compared, by the reason. */
  readonly unread: Map<ErrorCode, number>
}

export function emptySum(): Sum {
  return {
    checks: 0,
    unknown: 0,
    apis: new Set(),
    differences: 0,
    severities: [],
    failures: new Map(),
    unread: new Map(),
  }
}

/** Adds what one check answered; `isTenant`: its `drift` is by identifier first. */
export function addAnswer(sum: Sum, isTenant: boolean, identifier: string, observed: unknown, drift: unknown): void {
  const { status, code, tenant } = asJsonObject(observed) as { [Key in 'status' | 'code' | 'tenant']?: unknown }
  sum.checks++
  if (status === ('unknown' satisfies ObservedStatus)) sum.unknown++
  if (status === 'unreadable' || status === 'invalid') {
    countOne(sum.failures, knownCode(code, status === 'invalid' ? 'invalid_declaration' : 'unreachable'))
  }
  const byApi = isTenant ? Object.entries(asJsonObject(drift)) : [[identifier, asJsonObject(drift)] as const]
  for (const [name, entries] of byApi) {
    for (const given of Object.values(asJsonObject(entries))) addEntry(sum, name === tenant ? null : name, given)
  }
}

function addEntry(sum: Sum, api: string | null, given: unknown): void {
  const entry: JsonObject = asJsonObject(given)
  if (entry.kind === 'unreadable') return countOne(sum.unread, knownCode(entry.code, 'declared_unreadable'))
  sum.differences++
  if (api !== null) sum.apis.add(api)
  // What cannot be understood is taken for the graver thing, as the pack takes it.
  sum.severities.push(SEVERITIES.find((severity) => severity === entry.severity) ?? 'high')
}

function knownCode(code: unknown, otherwise: ErrorCode): ErrorCode {
  return typeof code === 'string' && own(ERROR_CODES, code) !== undefined ? (code as ErrorCode) : otherwise
}

function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** One line for Pulumi's diagnostics: what a preview without the pack would not say, and what to do. Null where there is nothing to warn of. */
export function warningOf(sum: Sum): string | null {
  const parts = [
    ...[...sum.failures].map(([code, checks]) => `${of(checks, sum.checks)} could not compare (${reason(code)})`),
    ...(sum.differences === 0 ? [] : [differences(sum)]),
    ...[...sum.unread].map(([code, values]) => `${plural(values, 'value')} not compared (${reason(code)})`),
    ...(sum.unknown === 0
      ? []
      : [`${of(sum.unknown, sum.checks)} not compared (left out of this run, or with inputs not known yet)`]),
  ]
  return parts.length === 0 ? null : `tenant-drift: ${parts.join('; ')}. ${WHAT_TO_DO}`
}

const WHAT_TO_DO =
  '`pulumi preview --diff` shows what and where; to make a preview fail on it: --policy-pack "$PWD/node_modules/.bin/tenant-drift-policies".'

function differences({ differences: total, apis, severities }: Sum): string {
  const where = apis.size === 0 ? '' : ` on ${plural(apis.size, 'API')}`
  return `${plural(total, 'difference')} between code and tenant${where} (${severitiesText(severities)})`
}

function of(some: number, all: number): string {
  return some === all ? plural(some, 'check') : `${some} of ${all} checks`
}

function reason(code: ErrorCode): string {
  return `${code}: ${ERROR_CODES[code]}`
}
