import { consequence, NEAR_TWIN, wayOut } from '../src/words/consequences.ts'
import { ERROR_CODES, type ErrorCode } from '../src/schema/errors.ts'
import type { FieldRow } from '../src/schema/field-row.ts'
import { FINDING_INFO } from '../src/words/kinds.ts'
import { own, type Json } from '../src/schema/json.ts'
import { asJsonObject } from '../src/schema/observed.ts'
import { parsePath } from '../src/schema/path.ts'
import { rowAt } from '../src/schema/row-at.ts'
import { apisText } from './describe-notice.ts'
import type { Difference, Values } from './read-check.ts'
import { VEILED, isVeiled, lookAlike, meaningLine, showName, showValue, sides, tersely } from './show-values.ts'

/** A difference in two to four short lines: what was declared, what is live, what it means for whom, how to mend it. */
export function describeDifference(
  difference: Difference,
  tenant: string | null,
  rows: readonly FieldRow[],
): readonly string[] {
  const { kind, path, identifier } = difference
  const row = rowAt(parsePath(path) ?? [path], rows)
  const api = identifier === null ? tenantText(tenant) : showName(identifier)
  switch (kind) {
    case 'changed':
    case 'weaker-declaration':
      return changed(difference, api, row)
    case 'undeclared':
      return [
        `${showName(path)} of ${api}: nobody declares it; ${sides(difference.values, row, 'recorded')}.`,
        meaningLine(difference, consequence(row, difference)),
        'Mend: set it back in the tenant, declare it, or record the tenant as it now stands.',
      ]
    case 'unknown-field':
      return [
        `${showName(path)} of ${difference.bearers === null ? api : apisText(difference.bearers)}: a field this version of tenant-drift does not know; ${sides(difference.values, row, 'recorded')}.`,
        'It may be harmless or open something: nobody can tell from here.',
        `Mend: look at it in the dashboard, then record the tenant as it now stands; a newer tenant-drift may know the field.`,
      ]
    case 'missing':
      return missing(difference, api)
    case 'unmanaged':
      return unmanaged(difference, api)
    case 'not-compared':
      return [
        `${showName(path)} of ${api}: declared, and not compared.`,
        'So nothing is claimed about it: neither in sync nor drifted.',
        `Mend: ${FINDING_INFO['not-compared'].mend.charAt(0).toLowerCase()}${FINDING_INFO['not-compared'].mend.slice(1)}`,
      ]
    case 'unreadable':
      return [
        `${path === 'identifier' ? api : `${showName(path)} of ${api}`} could not be read (${showName(difference.code ?? 'unknown reason')}): ${codeText(difference.code)}.`,
        'So nothing is claimed about it: not in sync, not drifted.',
        `Mend: ${FINDING_INFO.unreadable.mend.charAt(0).toLowerCase()}${FINDING_INFO.unreadable.mend.slice(1)}`,
      ]
  }
}

function changed(difference: Difference, api: string, row: FieldRow | null): readonly string[] {
  const { path, values, origin } = difference
  const lines = [
    path === 'id' ? madeAgain(values, row, api) : `${showName(path)} of ${api}: ${sides(values, row, 'before')}.`,
    isVeiled(values, row) ? VEILED : meaningLine(difference, consequence(row, difference)),
    origin === 'conflict' ? CONFLICT : `Mend: ${mend(difference, row)}`,
  ]
  if (lookAlike(values, row)) lines.splice(1, 0, 'They differ beyond what is shown here.')
  return lines
}

/** What the code, the state or the record knows of an id is one and the same thing: what it was. */
function madeAgain({ declared, base, live }: Values, row: FieldRow | null, api: string): string {
  const show = (value: Json | undefined) => (value === undefined ? 'not told' : showValue(value, row))
  return `The id of ${api} is ${show(live)}, and was ${show(declared ?? base)}.`
}

const CONFLICT =
  'Conflict: the code and the tenant both changed it, so applying this code overwrites what somebody did. Agree on one value first.'

function mend({ values }: Difference, row: FieldRow | null): string {
  const way = wayOut(row)
  if (way !== null) return way.charAt(0).toLowerCase() + way.slice(1)
  if (row?.setBy === 'tenant') {
    return 'nobody can set this back: find out what happened, then take the live value into the code.'
  }
  const [declared, live] = [
    tersely(values.declared === undefined ? values.base : values.declared, row, 'the declared value'),
    tersely(values.live, row, 'the live value'),
  ]
  const tenant = declared === null ? 'take it away in the tenant' : `set it back to ${declared} in the tenant`
  const code = live === null ? 'take it out of the code' : `declare ${live} in the code`
  return `${tenant}, or ${code}.`
}

function missing({ values, origin }: Difference, api: string): readonly string[] {
  const wasOnlyRecorded = values.declared === undefined
  const what = wasOnlyRecorded ? 'recorded' : 'declared'
  const twin = own(asJsonObject(values.live), 'identifier')
  if (typeof twin === 'string') {
    return [
      `${api} is ${what}, and the tenant has ${showName(twin)}, ${NEAR_TWIN.differs}.`,
      'Stops clients: they get no tokens for the one that the code names.',
      `Mend: ${NEAR_TWIN.mend}`,
    ]
  }
  return [
    `${api} is ${what}, and the tenant does not have it; a complete reading and a second look agree.`,
    'Stops clients: they get no tokens for it, and all that was granted on it is gone.',
    origin === 'conflict'
      ? 'Conflict: this change edits the API, and somebody deleted it. Agree whether it should be there first.'
      : `Mend: create it again, or ${wasOnlyRecorded ? 'record the tenant as it now stands' : 'take it out of the code'}.`,
  ]
}

function unmanaged({ values, origin }: Difference, api: string): readonly string[] {
  const name = own(asJsonObject(values.live), 'name')
  const named = typeof name === 'string' ? ` (${tersely(name, null, 'a long name')})` : ''
  return [
    `${api}${named} is in the tenant, and no code declares it.`,
    'Nobody reviews its settings, and clients may already get tokens for it.',
    origin === 'conflict'
      ? 'Conflict: this change takes it out of the code, and somebody changed it in the tenant. Look at what changed before it is forgotten.'
      : `Mend: ${FINDING_INFO.unmanaged.mend.charAt(0).toLowerCase()}${FINDING_INFO.unmanaged.mend.slice(1)}`,
  ]
}

export function tenantText(tenant: string | null): string {
  return tenant === null ? 'the tenant' : `the tenant ${showName(tenant)}`
}

export function codeText(code: string | null): string {
  return code !== null && Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code as ErrorCode] : 'no reason is known'
}
