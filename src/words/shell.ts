import { escapeCharacter } from './printable.ts'
import { showName } from './show.ts'

/** One word for a shell, whatever stands in it. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A name for people, as one word for a shell. */
export function shellName(name: string): string {
  return shellWord(showName(name).replaceAll(/[^\x20-\x7e]/gu, escapeCharacter))
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
