import type { Shown } from '../schema/finding.ts'
import { isJsonObject, own } from '../schema/json.ts'
import { harmlessLine } from './harmless.ts'

/** Characters shown of an identifier, a path or a tenant's name. */
const MOST_OF_A_NAME = 200

/** An identifier, a path, a file or a tenant's name. Never empty. */
export function showName(name: string): string {
  return name === '' ? '(empty)' : harmlessLine(name, MOST_OF_A_NAME)
}

/** `declared/orders.yaml:12`, or as much of it as is known; empty where it is in no file. */
export function showPlace({ file, line }: { readonly file: string | null; readonly line: number | null }): string {
  return file === null ? '' : `${showName(file)}${line === null ? '' : `:${line}`}`
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
