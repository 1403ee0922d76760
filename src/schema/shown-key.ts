import { SIGNING_SECRET } from './secret-field.ts'
import { shortened } from './shortened.ts'

const NAME = /^[\p{L}\p{N}_$.@/-]*/u

/**
 * A key as a mistake names it: up to the first character that no name has, and up to the name of the secret field. A missing blank or quote
 * (`signing_secret:abc`) makes one key of a name and its value, and values are never shown.
 */
export function shownKey(key: string): string {
  const name = NAME.exec(key)?.[0] ?? ''
  const at = name.indexOf(SIGNING_SECRET)
  const end = at === -1 ? name.length : at + SIGNING_SECRET.length
  return shortened(end === key.length ? key : `${name.slice(0, end)}…`, 80)
}

/** A place in a value as a mistake names it. */
export function shownPath(path: readonly (string | number)[]): string {
  return path.map((step) => (typeof step === 'number' ? String(step) : shownKey(step))).join('.')
}
