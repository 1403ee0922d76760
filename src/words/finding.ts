import { ERROR_CODES, type ErrorCode } from '../schema/errors.ts'
import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import { sameJson, type Json } from '../schema/json.ts'
import { NOT_KNOWN } from '../schema/not-known.ts'
import { HIDDEN_TEXT } from '../schema/observed.ts'
import { NEAR_TWIN } from './consequences.ts'
import { firstNames, plural } from './plural.ts'
import { nameIn, showName } from './show.ts'
import { apiOf, valueOf, type Told } from './told.ts'

/** One sentence: what is declared, what is live, where. On one line, bounded, and safe to print anywhere; secrets are (hidden). */
export function messageOf(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  return capital(messageText(finding, apiOf(finding), rows))
}

/** Why a state and the tenant agree on a value and the record does not. */
export const TAKEN_OVER =
  'either the code was applied after the record was made, or the tool took over what somebody set by hand'

/** The same of several APIs whose findings are equal, which are named beside it. */
export function messageOfEach(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  // The nameplate is one API's.
  const { live, ...rest } = finding
  const of = finding.kind === 'unmanaged' || live === undefined ? rest : finding
  return capital(messageText(of, 'each of these APIs', rows))
}

function messageText(finding: Told, api: string, rows: readonly FieldRow[]): string {
  const { kind, origin } = finding
  const what = finding.path === '' ? api : `${showName(finding.path)} of ${api}`
  const [live, declared, base] = sideValues(finding, rows)
  switch (kind) {
    case 'changed':
      return changed(finding, what, rows)
    case 'missing':
      if (finding.live !== undefined)
        return `${api} is ${finding.declared === undefined ? 'recorded' : 'declared'}, and the tenant has ${identifierIn(finding.live)}, ${NEAR_TWIN.differs}.`
      if (origin === 'pending') return `${api} is new in the code and not yet in the tenant.`
      if (origin === 'conflict') return `${api} was edited in the code and is gone from the tenant.`
      return `${api} is ${finding.declared === undefined ? 'recorded' : 'declared'} and gone from the tenant.`
    case 'unmanaged':
      return unmanaged(finding, api)
    case 'undeclared': {
      if (finding.declared !== undefined)
        return `${what} is ${live ?? 'not set'} in the tenant and in the state, recorded as ${base ?? 'not set'}: ${TAKEN_OVER}.`
      const against = base === null ? 'declared nowhere' : `recorded as ${base} and declared nowhere`
      return `${what} is ${live ?? 'not set'} in the tenant, ${against}.`
    }
    case 'unknown-field': {
      const field =
        finding.apis === undefined
          ? what
          : `${showName(finding.path)}, on ${plural(finding.apis, 'API')}${bearerNames(finding)},`
      return `${field} is a field that this version does not know: ${live ?? 'not set'} in the tenant${base === null ? '' : `, recorded as ${base}`}.`
    }
    case 'not-compared':
      return `${what} is declared and was not compared${finding.why === undefined ? '' : `: ${notKnownReason(finding)}`}.`
    case 'unreadable':
      if (finding.why !== undefined)
        return `${what} is declared, and its value could not be read: ${notKnownReason(finding)}.`
      return `${what} could not be read${finding.code === undefined ? '' : ` (${showName(finding.code)})`}: ${codeText(finding.code ?? null)}.`
    case 'weaker-declaration':
      if (finding.path === '') return `${api} is now listed under managed_elsewhere.`
      if (declared === null) return `${what} is no longer declared${base === null ? '' : ` (before: ${base})`}.`
      return `${what} is now declared as ${declared}${beforeText(declared, base)}.`
  }
}

/** What the code declared before. Of a hidden value the earlier one may have been left out, so its absence says nothing. */
function beforeText(declared: string, base: string | null): string {
  if (base !== null) return `, and was ${base} before`
  return declared === '(hidden)' ? '' : ', and was not declared before'
}

const MOST_NAMES = 3

/** The first of the APIs that a finding about the tenant names; where each is told beside the finding, these say it too. */
function bearerNames({ on, apis }: Told): string {
  if (on === undefined || on.length === 0) return ''
  const names = on.map(({ identifier }) => showName(identifier))
  return ` (${firstNames(names, MOST_NAMES, apis)})`
}

/** Why what a source says was not compared. */
function notKnownReason({ why }: Told): string {
  return why === undefined ? 'no reason is known' : NOT_KNOWN[why].words
}

function changed(finding: Told, what: string, rows: readonly FieldRow[]): string {
  const [live, declared, base] = sideValues(finding, rows)
  if (finding.path === 'id') {
    const before = declared ?? base
    return `${what} is ${live ?? 'not set'} in the tenant, and was ${before ?? 'another one'}: the API was deleted and created again.`
  }
  const code = declared ?? (base === null ? 'not declared' : `no longer declared (before: ${base})`)
  const beyond = lookAlike(finding, rows) ? ' (they differ in a part that is not shown here)' : ''
  const sides = `${what} is ${live ?? 'not set'} in the tenant and ${code}${declared === null ? '' : ' in the code'}${beyond}`
  if (finding.origin === 'pending') return `${sides}: applying the code will make it so.`
  if (isRefreshedBase(finding, rows))
    return `${sides}. The base also has ${live ?? 'nothing'}, but the record does not: a refresh or an apply wrote it there, so it does not count as a base.`
  if (finding.origin === 'conflict') return `${sides}, and was ${base ?? 'not set'} when last applied: both changed.`
  return `${sides}.`
}

/** Drift that the base has as well: the base is a state that took it over. Of what is hidden nobody can say that it is the same. */
function isRefreshedBase(finding: Told, rows: readonly FieldRow[]): boolean {
  const { origin, declared, base, live } = finding
  if (origin !== 'drift' || declared === undefined || base === undefined) return false
  if (valueOf(finding, 'base', rows)?.includes(HIDDEN_TEXT) === true) return false
  return sameJson(base as Json, live as Json | undefined)
}

/** The identifier on the nameplate of an API, printable. */
function identifierIn(plate: Told['live']): string {
  const identifier = typeof plate === 'object' && plate !== null && 'identifier' in plate ? plate.identifier : null
  return typeof identifier === 'string' ? showName(identifier) : 'another API'
}

function unmanaged(finding: Told, api: string): string {
  if (finding.origin === 'pending') return `${api} was taken out of the code and is still in the tenant.`
  if (finding.origin === 'conflict') return `${api} was taken out of the code, and somebody changed it in the tenant.`
  const name = nameIn(finding.live)
  return `${api}${name === null ? '' : ` (${name})`} is in the tenant and declared nowhere.`
}

/** Whether two sides are shown alike although they differ, because what differs was cut away. */
function lookAlike(finding: Told, rows: readonly FieldRow[]): boolean {
  const [live, declared] = sideValues(finding, rows)
  return declared !== null && declared !== HIDDEN_TEXT && declared === live
}

/** Only our own word begins a sentence small; an identifier stays as it is. */
function capital(text: string): string {
  return /^(?:the tenant|each of these APIs) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

/** What an error code means, in a part of a sentence. */
export function codeText(code: string | null): string {
  return code !== null && Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code as ErrorCode] : 'no reason is known'
}

function sideValues(finding: Told, rows: readonly FieldRow[]) {
  const side = (name: 'live' | 'declared' | 'base') => valueOf(finding, name, rows)
  return [side('live'), side('declared'), side('base')] as const
}
