import type { Span } from './search.ts'

/** Escapes that a text may hold, none longer than `LONGEST`: JSON's and our own, Markdown's, XML's, a URL's; and characters of two units. */
const ESCAPE = /\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\[^]|&#?\w{1,8};|%[0-9a-f]{2}|[\uD800-\uDBFF][\uDC00-\uDFFF]/iy
const LONGEST = 12

/** The span without half an escape at either side: what is left of the text stays well-formed in whatever it is written. */
export function wholeEscapes(text: string, { from, to }: Span): Span {
  const first = escapeAround(text, from)
  const last = escapeAround(text, to)
  return { from: first?.from ?? from, to: last === null ? to : endOf(text, last) }
}

/** A backslash may stand for itself, and what follows it end a quoted text: then it is left where it stands. */
function endOf(text: string, escape: Span): number {
  const isPair = text[escape.from] === '\\' && escape.to - escape.from === 2
  return isPair && !/[\w/\\]/.test(text[escape.to - 1] ?? '') ? escape.from : escape.to
}

/** The escape that begins before a place and ends behind it. */
function escapeAround(text: string, place: number): Span | null {
  let at = Math.max(0, place - LONGEST)
  // An even number of backslashes are themselves: where the run begins decides.
  while (at > 0 && text[at - 1] === '\\') at--
  while (at < place) {
    ESCAPE.lastIndex = at
    const length = ESCAPE.exec(text)?.[0].length ?? 1
    if (at + length > place) return { from: at, to: at + length }
    at += length
  }
  return null
}
