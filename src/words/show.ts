import { isHidden, type Shown } from '../schema/finding.ts'
import { canonicalText, isJsonObject, own } from '../schema/json.ts'
import { HIDDEN_TEXT } from '../schema/observed.ts'
import { parsePath } from '../schema/path.ts'
import { harmlessLine } from './harmless.ts'
import { rowAt } from '../schema/row-at.ts'

/** Characters shown of a value, and of an identifier, a path or a tenant's name. */
const MOST_OF_A_VALUE = 160
const MOST_OF_A_NAME = 200

/** An identifier, a path, a file or a tenant's name. Never empty. */
export function showName(name: string): string {
  return name === '' ? '(empty)' : harmlessLine(name, MOST_OF_A_NAME)
}

/** A value as one line of JSON, or (hidden); null where there is none. A value at a secret's place is hidden here once more. */
export function showValue(value: Shown | undefined, path: string, most: number = MOST_OF_A_VALUE): string | null {
  if (value === undefined) return null
  if (isHidden(value) || value === HIDDEN_TEXT) return HIDDEN_TEXT
  if (value !== null && isSecretPlace(path)) return HIDDEN_TEXT
  return harmlessLine(canonicalText(value), most)
}

function isSecretPlace(path: string): boolean {
  return rowAt(parsePath(path) ?? [path])?.compare === 'secret'
}

/** The name in what a finding of a whole API shows of it; null where there is none. */
export function nameIn(value: Shown | undefined): string | null {
  const name = value !== undefined && isJsonObject(value) ? own(value, 'name') : undefined
  return typeof name === 'string' && name !== '' ? harmlessLine(JSON.stringify(name), 80) : null
}

/** A https address that may stand in a report, normalised (blanks, quotes and marks percent-encoded); null for anything else. */
export function safeLink(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null
  const url = new URL(address)
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return null
  return url.href.replaceAll(/['()`|]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** What a source calls the place of a declaration. Of a Pulumi URN (`urn:pulumi:STACK::PROJECT::TYPE::NAME`) what tells resources apart. */
export function showAddress(address: string): string {
  const [head = '', , type, ...name] = address.split('::')
  if (!head.startsWith('urn:pulumi:') || type === undefined) return showName(address)
  return showName(`${type} ${name.join('::')}`)
}
