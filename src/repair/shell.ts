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

/** A text as an argument of a command that is shown: what does not print is said byte by byte, so that the command still means it. */
export function shellArgument(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return shellWord(text)
  const bytes = [...Buffer.from(text, 'utf8')].map((byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x27 || byte === 0x5c
      ? `\\x${byte.toString(16).padStart(2, '0')}`
      : String.fromCharCode(byte),
  )
  return `$'${bytes.join('')}'`
}

function ascii(text: string, escape: (unit: string) => string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, escape)
}
