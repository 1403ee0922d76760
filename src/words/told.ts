import type { Finding } from '../schema/finding.ts'
import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import { parsePath } from '../schema/path.ts'
import { rowAt } from '../schema/row-at.ts'
import { showName } from './show.ts'
import { isHiddenText, showValue } from './show-value.ts'

/** What the words need of a finding: a report has all of it, a check in a state the most. */
export interface Told
  extends
    Pick<Finding, 'kind' | 'identifier' | 'path' | 'origin' | 'direction' | 'impact' | 'severity'>,
    Partial<Pick<Finding, 'declared' | 'base' | 'live' | 'why' | 'apis'>> {
  /** Of a state of another version it may be one that nobody knows. */
  readonly code?: string
  readonly on?: readonly { readonly identifier: string }[]
  /** The tenant's name, where those who read may have several before them. */
  readonly tenant?: string
}

/** Where to read on: the reference of the field, else of the endpoint. Always an https address of ours, never one from the tenant. */
export function linkOf(finding: Pick<Finding, 'path'>): string {
  return rowOf(finding)?.link ?? rowAt(['identifier'])?.link ?? 'https://auth0.com/docs/get-started/apis'
}

export function rowOf({ path }: Pick<Finding, 'path'>, rows: readonly FieldRow[] = FIELDS): FieldRow | null {
  return rowAt(parsePath(path) ?? [path], rows)
}

export function apiOf({ identifier, tenant }: Pick<Told, 'identifier' | 'tenant'>): string {
  return identifier === null ? tenantWords(tenant ?? null) : showName(identifier)
}

/** The setting that differs; of a whole API what sort of difference it is. */
export function settingText({ kind, path }: Pick<Told, 'kind' | 'path'>): string {
  return path === '' ? kind : showName(path)
}

/** The tenant, by its name where that is known. */
export function tenantWords(tenant: string | null): string {
  return tenant === null ? 'the tenant' : `the tenant ${showName(tenant)}`
}

/** A side of a finding as it may be shown; null where nothing stands there. */
export function valueOf(
  finding: Pick<Told, 'path' | Side>,
  side: Side,
  rows: readonly FieldRow[] = FIELDS,
): string | null {
  return showValue(finding[side], finding.path, undefined, rows)
}

export type Side = 'declared' | 'base' | 'live'

/** Whether the values of a field are hidden that is no secret by itself: whoever declares it made it one. */
export function isVeiled({ declared, live, ...finding }: Told, rows: readonly FieldRow[] = FIELDS): boolean {
  return rowOf(finding, rows)?.compare !== 'secret' && [declared, live].some(isHiddenText)
}
