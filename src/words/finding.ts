import { consequence, NEAR_TWIN, wayOut } from './consequences.ts'
import { ERROR_CODES } from '../schema/errors.ts'
import type { Finding } from '../schema/finding.ts'
import { FINDING_INFO } from './kinds.ts'
import type { FieldRow } from '../schema/field-row.ts'
import { NOT_KNOWN } from '../schema/not-known.ts'
import { sameJson, type Json } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import { rowAt } from '../schema/row-at.ts'
import { plural } from './plural.ts'
import { nameIn, showName, showValue } from '../words/show.ts'

/** One sentence: what is declared, what is live, where. On one line, bounded, and safe to print anywhere; secrets are (hidden). */
export function messageOf(finding: Finding): string {
  return capital(messageText(finding, apiOf(finding)))
}

/** The same of several APIs whose findings are equal, which are named beside it. */
export function messageOfEach(finding: Finding): string {
  // The nameplate is one API's.
  const { live, ...rest } = finding
  const of = finding.kind === 'unmanaged' || live === undefined ? rest : finding
  return capital(messageText(of, 'each of these APIs'))
}

function messageText(finding: Finding, api: string): string {
  const { kind, origin } = finding
  const what = finding.path === '' ? api : `${showName(finding.path)} of ${api}`
  const [live, declared, base] = [valueOf(finding, 'live'), valueOf(finding, 'declared'), valueOf(finding, 'base')]
  switch (kind) {
    case 'changed':
      return changed(finding, what)
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
        return `${what} is ${live ?? 'not set'} in the tenant and in the state, recorded as ${base ?? 'not set'}: the code was applied since, or the tool took over what somebody set by hand.`
      const against = base === null ? 'declared nowhere' : `recorded as ${base} and declared nowhere`
      return `${what} is ${live ?? 'not set'} in the tenant, ${against}.`
    }
    case 'unknown-field': {
      const field =
        finding.apis === undefined
          ? what
          : `${showName(finding.path)}, on ${plural(finding.apis, 'API')}${namesOf(finding)},`
      return `${field} is a field that this version does not know: ${live ?? 'not set'} in the tenant${base === null ? '' : `, recorded as ${base}`}.`
    }
    case 'not-compared':
      return `${what} is declared and was not compared: ${reasonOf(finding)}.`
    case 'unreadable':
      if (finding.why !== undefined)
        return `${what} is declared, and its value could not be read: ${reasonOf(finding)}.`
      return `${what} could not be read: ${finding.code === undefined ? 'no reason is known' : ERROR_CODES[finding.code]}.`
    case 'weaker-declaration':
      if (finding.path === '')
        return `${api} was handed over to managed_elsewhere: once that is merged or applied, nothing watches it.`
      if (declared === null) return `${what} is no longer declared${base === null ? '' : ` (before: ${base})`}.`
      return `${what} is now declared as ${declared}, before as ${base ?? 'nothing'}.`
  }
}

const MOST_NAMES = 3

/** The first of the APIs that a finding about the tenant names; where each is told beside the finding, these say it too. */
function namesOf({ on }: Finding): string {
  if (on === undefined || on.length === 0) return ''
  const names = on.slice(0, MOST_NAMES).map(({ identifier }) => showName(identifier))
  const more = on.length - names.length
  return ` (${names.join(', ')}${more === 0 ? '' : ` and ${more} more`})`
}

/** Why what a source says was not compared. */
function reasonOf({ why }: Finding): string {
  return why === undefined ? 'no reason is known' : NOT_KNOWN[why].words
}

function changed(finding: Finding, what: string): string {
  const [live, declared, base] = [valueOf(finding, 'live'), valueOf(finding, 'declared'), valueOf(finding, 'base')]
  if (finding.path === 'id') {
    const before = declared ?? base
    return `${what} is ${live ?? 'not set'} in the tenant, and was ${before ?? 'another one'}: the API was deleted and created again.`
  }
  const code = declared ?? 'no longer declared'
  const beyond = lookAlike(finding) ? ' (they differ beyond what is shown here)' : ''
  const sides = `${what} is ${live ?? 'not set'} in the tenant and ${code}${declared === null ? '' : ' in the code'}${beyond}`
  if (finding.origin === 'pending') return `${sides}: applying the code will make it so.`
  if (isRefreshedBase(finding))
    return `${sides}. The base has ${live ?? 'nothing'}, too, and the record does not: a refresh or an apply wrote it there, so it is no base.`
  if (finding.origin === 'conflict') return `${sides}, and was ${base ?? 'not set'} when last applied: both changed.`
  return `${sides}.`
}

/** Drift that the base has as well: the base is a state that took it over. Of what is hidden nobody can say that it is the same. */
function isRefreshedBase(finding: Finding): boolean {
  const { origin, declared, base, live } = finding
  if (origin !== 'drift' || declared === undefined || base === undefined) return false
  if (valueOf(finding, 'base')?.includes('(hidden)') === true) return false
  return sameJson(base as Json, live as Json | undefined)
}

/** The identifier on the nameplate of an API, printable. */
function identifierIn(plate: Finding['live']): string {
  const identifier = typeof plate === 'object' && plate !== null && 'identifier' in plate ? plate.identifier : null
  return typeof identifier === 'string' ? showName(identifier) : 'another API'
}

function unmanaged(finding: Finding, api: string): string {
  if (finding.origin === 'pending') return `${api} was taken out of the code and is still in the tenant.`
  if (finding.origin === 'conflict') return `${api} was taken out of the code, and somebody changed it in the tenant.`
  const name = nameIn(finding.live)
  return `${api}${name === null ? '' : ` (${name})`} is in the tenant and declared nowhere.`
}

/** Whether two sides are shown alike although they differ, because what differs was cut away. */
function lookAlike(finding: Finding): boolean {
  const shown = valueOf(finding, 'declared')
  return shown !== null && shown !== '(hidden)' && shown === valueOf(finding, 'live')
}

/** What it means for whom, and how to mend it, in two or three sentences on one line. */
export function helpOf(finding: Finding): string {
  return `${stakeOf(finding)} ${mendOf(finding)}`
}

/** What is at stake, in one sentence of ours; the message has already said what was found. */
export function stakeOf(finding: Finding): string {
  const { kind, origin, path } = finding
  if (kind === 'changed' || kind === 'undeclared') return meaningOf(finding)
  if (kind === 'weaker-declaration')
    return path === '' ? 'Drift of it is found by nobody any more.' : meaningOf(finding)
  if (kind === 'missing') {
    return origin === 'pending'
      ? 'Clients get no tokens for it yet.'
      : 'Stops clients: they get no tokens for it, and what was granted on it is gone.'
  }
  return STAKES[kind]
}

const STAKES = {
  unmanaged: 'Nobody reviews its settings, and clients may already get tokens for it.',
  'unknown-field': 'It may be harmless or open something: nobody can tell from here.',
  'not-compared': 'So nothing is claimed about it: neither in sync nor drifted.',
  unreadable: 'So nothing is claimed about it: not in sync, not missing.',
} as const satisfies Partial<Record<Finding['kind'], string>>

/** What a difference means, with the word that says how to take it. */
function meaningOf(finding: Finding): string {
  const meaning = consequence(rowOf(finding), finding)
  const word = wordOf(finding)
  return word === '' ? meaning : `${word}: ${lowered(meaning)}`
}

/** A sentence inside another; a word that is all capitals (HS256) stays as it is. */
function lowered(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

/** Only our own word begins a sentence small; an identifier stays as it is. */
function capital(text: string): string {
  return /^(?:the tenant|each of these APIs) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

/** How to take a difference, in two words; empty where there is nothing to say. */
function wordOf({ impact, direction }: Pick<Finding, 'impact' | 'direction'>): string {
  if (impact === 'breaks-clients') return 'Stops clients'
  if (direction === 'weakened') return 'Less safe'
  return direction === 'strengthened' ? 'Safer, but not what was agreed' : ''
}

export function mendOf(finding: Finding): string {
  const { kind, origin } = finding
  if (kind === 'changed') return changedMend(finding)
  if (kind === 'missing') return missingMend(finding)
  if (kind === 'undeclared' && finding.declared !== undefined)
    return 'Where the code was applied, run tenant-drift record. To tell which, read the code and not the state: tfplan: or pulumi-preview:.'
  if (kind === 'undeclared') return 'Declare it, set it back in the tenant, or record the tenant as it stands.'
  if (kind === 'unmanaged' && origin === 'conflict') {
    return 'Look at what changed in the tenant before the API is forgotten.'
  }
  if (kind === 'unmanaged' && origin === 'pending')
    return 'Delete it in the tenant, or list it under managed_elsewhere.'
  if (finding.why !== undefined) return NOT_KNOWN[finding.why].advice
  return FINDING_INFO[kind].mend
}

function changedMend(finding: Finding): string {
  if (finding.origin === 'conflict') return 'Applying the code overwrites what somebody did: agree on one value first.'
  if (finding.origin === 'pending') return 'Nothing to mend: apply the code.'
  const way = wayOut(rowOf(finding))
  if (way !== null) return way
  if (rowOf(finding)?.setBy === 'tenant') {
    return 'Nobody can set this back: find out what happened, then take the live value into the code.'
  }
  const [declared, live] = [tersely(finding, 'declared'), tersely(finding, 'live')]
  const tenant = declared === null ? 'Take it away in the tenant' : `Set it back to ${declared} in the tenant`
  return `${tenant}, or ${live === null ? 'take it out of the code' : `declare ${live} in the code`}.`
}

function missingMend({ origin, declared, live }: Finding): string {
  if (live !== undefined) return NEAR_TWIN.mend
  if (origin === 'pending') return 'Nothing to mend: apply the code.'
  if (origin === 'conflict') return 'This change edits it, and somebody deleted it: agree whether it should be there.'
  return `Create it again, or ${declared === undefined ? 'record the tenant as it now stands' : 'take it out of the code'}.`
}

/** A value short enough to be said a second time, else the words for it; null for none. */
function tersely(finding: Finding, side: 'declared' | 'live'): string | null {
  const value = finding[side]
  if (value === undefined || value === null) return null
  const shown = showValue(value, finding.path)
  return shown === null || shown === '(hidden)' || shown.length > 40 ? `the ${side} value` : shown
}

/** Where to read on: the reference of the field, else of the endpoint. Always an https address of ours, never one from the tenant. */
export function linkOf(finding: Pick<Finding, 'path'>): string {
  return rowOf(finding)?.link ?? rowAt(['identifier'])?.link ?? 'https://auth0.com/docs/get-started/apis'
}

export function rowOf({ path }: Pick<Finding, 'path'>): FieldRow | null {
  return rowAt(parsePath(path) ?? [path])
}

export function apiOf({ identifier }: Pick<Finding, 'identifier'>): string {
  return identifier === null ? 'the tenant' : showName(identifier)
}

/** A side of a finding as it may be shown; null where nothing stands there. */
export function valueOf(finding: Finding, side: 'declared' | 'base' | 'live'): string | null {
  return showValue(finding[side], finding.path)
}
