import type { Json } from '../schema/json.ts'
import { showName } from '../words/show.ts'

/** One word for a shell, whatever stands in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Printable ASCII alone: an editor and a terminal show all that a shell reads. */
export function asciiJson(value: Json): string {
  return ascii(JSON.stringify(value), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A name for people, as one word for a shell. */
export function shellName(name: string): string {
  return shellWord(ascii(showName(name), (unit) => `\\u{${unit.charCodeAt(0).toString(16)}}`))
}

function ascii(text: string, escape: (unit: string) => string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, escape)
}
