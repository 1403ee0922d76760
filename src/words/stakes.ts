import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import { NOT_KNOWN } from '../schema/not-known.ts'
import { HIDDEN_TEXT } from '../schema/observed.ts'
import { consequence, NEAR_TWIN, wayOut } from './consequences.ts'
import { FINDING_INFO } from './kinds.ts'
import { isVeiled, rowOf, valueOf, type Told } from './told.ts'

/** What it means for whom, and how to mend it, in two or three sentences on one line. */
export function helpOf(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  return `${stakeOf(finding, rows)} ${mendOf(finding, rows)}`
}

/** What is at stake, in one sentence of ours; the message has already said what was found. */
export function stakeOf(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  const { kind, origin, path } = finding
  if (kind === 'changed' || kind === 'undeclared') return meaningOf(finding, rows)
  if (kind === 'weaker-declaration') {
    if (path === '') return 'Nothing watches it once this change is merged or applied.'
    return finding.declared === undefined
      ? 'Nothing watches its value once this change is merged or applied.'
      : meaningOf(finding, rows)
  }
  if (kind === 'missing') {
    return origin === 'pending'
      ? 'Clients get no tokens for it yet.'
      : 'Stops clients: they get no tokens for it, and its grants are gone.'
  }
  return STAKES[kind]
}

/** Of a field that the program made a secret, which way it changed would tell of its value. */
const VEILED = 'The program keeps its values secret, so the direction of the change is unknown. The worst is assumed.'

const STAKES = {
  unmanaged: 'Nobody reviews its settings, and clients may already get tokens for it.',
  'unknown-field': 'It may be harmless or dangerous: tenant-drift cannot tell.',
  'not-compared': 'Nothing is claimed about it: it is neither in sync nor drifted.',
  unreadable: 'Nothing is claimed about it: it is neither in sync nor missing.',
} as const satisfies Partial<Record<Told['kind'], string>>

/** What a difference means, with the word that says how to take it. */
function meaningOf(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  if (isVeiled(finding, rows)) return VEILED
  const meaning = consequence(rowOf(finding, rows), finding, rows)
  const word = wordOf(finding)
  return word === '' ? meaning : `${word}: ${lowered(meaning)}`
}

/** A sentence inside another; a word that is all capitals (HS256) stays as it is. */
export function lowered(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

/** How to take a difference, in two words; empty where there is nothing to say. */
function wordOf({ impact, direction }: Pick<Told, 'impact' | 'direction'>): string {
  if (impact === 'breaks-clients') return 'Stops clients'
  if (direction === 'weakened') return 'Less safe'
  return direction === 'strengthened' ? 'Safer, but not what was agreed' : ''
}

export function mendOf(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  const { kind, origin } = finding
  if (kind === 'changed') return changedMend(finding, rows)
  if (kind === 'missing') return missingMend(finding)
  if (kind === 'undeclared' && finding.declared !== undefined)
    return 'If the code was applied, run tenant-drift record. To find out, compare with the code instead of the state: tfplan: or pulumi-preview:.'
  if (kind === 'undeclared') return 'Declare it, set it back in the tenant, or record the tenant as it stands.'
  if (kind === 'unmanaged' && origin === 'conflict') {
    return 'Find out what changed in the tenant before you merge or apply this change.'
  }
  if (kind === 'unmanaged' && origin === 'pending')
    return 'Delete it in the tenant, or list it under managed_elsewhere.'
  if (finding.why !== undefined) return NOT_KNOWN[finding.why].advice
  return FINDING_INFO[kind].mend
}

function changedMend(finding: Told, rows: readonly FieldRow[] = FIELDS): string {
  if (finding.origin === 'conflict') return 'Applying the code overwrites what somebody did: agree on one value first.'
  if (finding.origin === 'pending') return 'Nothing to fix: apply the code.'
  const way = wayOut(rowOf(finding, rows))
  if (way !== null) return way
  if (rowOf(finding, rows)?.setBy === 'tenant') {
    return 'Nobody can set this back: find out what happened, then take the live value into the code.'
  }
  const [declared, live] = [tersely(finding, 'declared', rows), tersely(finding, 'live', rows)]
  const tenant = declared === null ? 'Remove it in the tenant' : `Set it back to ${declared} in the tenant`
  return `${tenant}, or ${live === null ? 'take it out of the code' : `declare ${live} in the code`}.`
}

function missingMend({ origin, declared, live }: Told): string {
  if (live !== undefined) return NEAR_TWIN.mend
  if (origin === 'pending') return 'Nothing to fix: apply the code.'
  if (origin === 'conflict') return 'This change edits it, but somebody deleted it: decide whether it should exist.'
  return `Create it again, or ${declared === undefined ? 'record the tenant as it now stands' : 'take it out of the code'}.`
}

/** A value short enough to be said a second time, else the words for it; null for none. What is no longer declared is what it was. */
function tersely(finding: Told, side: 'declared' | 'live', rows: readonly FieldRow[]): string | null {
  const of = side === 'declared' && finding.declared === undefined ? 'base' : side
  const value = finding[of]
  if (value === undefined || value === null) return null
  const shown = valueOf(finding, of, rows)
  return shown === null || shown === HIDDEN_TEXT || shown.length > 40 ? `the ${side} value` : shown
}
