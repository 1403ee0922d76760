import type { FieldRow, ProviderName } from '../schema/field-row.ts'
import { FIELDS, rowKey, rowsInside } from '../schema/fields.ts'
import { parsePath, pathText } from '../schema/path.ts'
import { catalogueTree, nodesAlong } from '../schema/tree.ts'

export { providerKind, TERRAFORM_TYPES, wireSpelling, type ProviderKind } from '../schema/provider-kind.ts'

/** Whose spelling: Terraform's, or that of Pulumi, which is bridged from it and spells the same names in camelCase. */
export type ProviderStyle = 'terraform' | 'pulumi'

/** Set in the dashboard or through the API only. As of @pulumi/auth0 3.49.0. */
const NO_ATTRIBUTE: ProviderName = { none: 'the provider has no attribute for it' }

/** Terraform's name in the given spelling. */
function spelled(name: string, style: ProviderStyle): string {
  return style === 'terraform' ? name : name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * What the provider calls a row, inside what it calls the row's parent. An object is a block there (Terraform: a list of one; Pulumi: an object), a list is a
 * list of blocks.
 */
export function providerName(row: FieldRow): ProviderName {
  return row.provider ?? NO_ATTRIBUTE
}

/** In whose way names are written where this address is from: a Pulumi URN, or an address of Terraform. */
export function providerStyle(address: string): ProviderStyle {
  return address.startsWith('urn:pulumi:') ? 'pulumi' : 'terraform'
}

/**
 * What a property path of the catalogue (`token_encryption.encryption_key.alg`, `scopes.read:orders`) is called there, as a person writes it:
 * `tokenEncryption.encryptionKey.algorithm`. Null where it cannot be said there; a whole API is ''.
 */
export function providerPath(path: string, style: ProviderStyle, rows: readonly FieldRow[] = FIELDS): string | null {
  const steps = parsePath(path)
  if (steps === null) return null
  const named: string[] = []
  for (const [index, node] of nodesAlong(steps, catalogueTree(rows)).entries()) {
    if (node === null) return null
    const name = node === 'item' ? steps[index] : attributeOf(node.row, style)
    if (name === undefined) return null
    named.push(name)
  }
  return pathText(named)
}

/** Where a person writes it; undefined where it cannot be said. */
function attributeOf(row: FieldRow, style: ProviderStyle): string | undefined {
  const entry = providerName(row)
  if ('ownResource' in entry) return rowKey(row)
  const name = 'name' in entry ? entry.name : 'none' in entry ? entry.instead : undefined
  return name === undefined ? undefined : spelled(name, style)
}

const attributes = new Map<string, ReadonlyMap<string, FieldRow>>()

/** The rows of an API (`parent` null), of an object or of a list's items, by the attribute that holds them. */
export function rowsByAttribute(parent: FieldRow | null, style: ProviderStyle): ReadonlyMap<string, FieldRow> {
  const key = `${style} ${parent?.path ?? ''}`
  const known = attributes.get(key)
  if (known !== undefined) return known
  const found = new Map(
    rowsInside(parent).flatMap((row) => {
      const entry = providerName(row)
      return 'name' in entry ? [[spelled(entry.name, style), row] as const] : []
    }),
  )
  attributes.set(key, found)
  return found
}

/**
 * The row of an attribute in a block of `parent`. A newer provider than this table may have one for a row that stands here without: all but a few are
 * called as on the wire.
 */
export function rowOfAttribute(parent: FieldRow | null, style: ProviderStyle, attribute: string): FieldRow | undefined {
  const known = rowsByAttribute(parent, style).get(attribute)
  if (known !== undefined) return known
  return rowsInside(parent).find((row) => {
    const entry = providerName(row)
    return 'none' in entry && entry.instead === undefined && spelled(rowKey(row), style) === attribute
  })
}

/** Whether a row has no attribute, as far as this table knows: that a source of the provider lacks it says nothing. */
export function isUnsayable(row: FieldRow): boolean {
  const entry = providerName(row)
  return 'none' in entry && entry.instead === undefined
}

/** Attributes of an API that hold what the provider read and nobody can write. */
export function computedAttributes(style: ProviderStyle): readonly string[] {
  return FIELDS.flatMap((row) => {
    const entry = providerName(row)
    return 'computed' in entry ? [spelled(entry.computed, style)] : []
  })
}
