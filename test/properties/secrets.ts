import fc from 'fast-check'
import { printable } from '../../src/words/printable.ts'

/** Letters, all that some format escapes, what is not seen, and halves of characters. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.split('')
const MARKS = [
  ...'"\'\\<>&\n\r\t /+%={}[]():;,.-_~|`*#@$!?^'.split(''),
  'é',
  '漢',
  '😀',
  '\u202E',
  '\u200B',
  '\uD800',
  '\uDC00',
]

const letters = fc.oneof(
  { arbitrary: fc.constantFrom(...LETTERS), weight: 3 },
  { arbitrary: fc.constantFrom(...MARKS), weight: 2 },
)

/** Blanks alone are no secret. */
const anySecret = fc.string({ unit: letters, minLength: 8, maxLength: 300 }).filter((text) => text.trim().length >= 8)

/** Secrets, and a stretch of text in which they stand: one alone, two that overlap, one that holds the other, two side by side. */
const anyStretch = fc.oneof(
  anySecret.map((one) => ({ secrets: [one], stretch: one })),
  fc.tuple(anySecret, anySecret).map(([one, rest]) => ({ secrets: [one, one.slice(-5) + rest], stretch: one + rest })),
  fc
    .tuple(anySecret, anySecret, anySecret)
    .map(([before, one, behind]) => ({ secrets: [one, before + one + behind], stretch: before + one + behind })),
  fc.tuple(anySecret, anySecret).map(([one, other]) => ({ secrets: [one, other], stretch: one + other })),
)

const asJson = (text: string) => JSON.stringify(text).slice(1, -1)
const asJsonTwice = (text: string) => asJson(asJson(text))
const asHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** How somebody may write a secret down. */
export const WAYS: readonly ((text: string) => string)[] = [
  (text) => text,
  asJson,
  asJsonTwice,
  asHtml,
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => Buffer.from(text).toString('hex'),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => printable(text, Infinity),
]

/** Ordinary words, so that a secret stands anywhere to what is cut and wrapped. */
const anyWords = fc.nat(190).map((length) => 'Orders of all shops, '.repeat(10).slice(0, length))

/** A text with secrets in it, in one of the ways. */
export const anyTextWithSecrets = textIn(WAYS)

/** The same of what may be put into JSON once more: nothing is hidden that is JSON in JSON in JSON. */
export const anyQuotedTextWithSecrets = textIn(WAYS.filter((way) => way !== asJsonTwice))

function textIn(ways: readonly ((text: string) => string)[]) {
  return fc
    .record({ given: anyStretch, way: fc.constantFrom(...ways), before: anyWords, behind: anyWords })
    .map(({ given: { secrets, stretch }, way, before, behind }) => ({ secrets, text: before + way(stretch) + behind }))
}

const WINDOW = 8
/** One half of a character, as messages write it: eight letters for one. */
const HALF = /^\\u\{d[89a-f][0-9a-f]{2}\}$/

/** Every piece of eight characters of a text. */
export function piecesOf(text: string): Set<string> {
  const pieces = new Set<string>()
  for (let at = 0; at + WINDOW <= text.length; at++) pieces.add(text.slice(at, at + WINDOW))
  return pieces
}

/** A power of two: after eight characters nothing of those before is left in a hash. */
const TABLE = 2 ** 24

function hashOf(piece: string): number {
  let hash = 0
  for (let at = 0; at < piece.length; at++) hash = ((hash << 3) ^ piece.charCodeAt(at)) & (TABLE - 1)
  return hash
}

/**
 * A look for what a text holds of secrets in pieces of eight characters, in any of the ways, broken lines put together; but for what `innocent`
 * holds, too.
 */
export function leakFinder(
  secrets: readonly string[],
  innocent: ReadonlySet<string>,
): (text: string) => readonly string[] {
  const forms = secrets.flatMap((secret) => WAYS.map((way) => way(secret)))
  const wanted = new Set(forms.flatMap((form) => [...piecesOf(form), ...piecesOf(form.replaceAll(/\s+/g, ''))]))
  // Almost no place of a text holds a piece: a table of hashes says so without making a string of each.
  const table = new Uint8Array(TABLE)
  for (const piece of wanted) table[hashOf(piece)] = 1
  const known = (text: string): readonly string[] => {
    const found: string[] = []
    let hash = 0
    for (let at = 0; at < text.length; at++) {
      hash = ((hash << 3) ^ text.charCodeAt(at)) & (TABLE - 1)
      if (at + 1 < WINDOW || table[hash] !== 1) continue
      const piece = text.slice(at + 1 - WINDOW, at + 1)
      if (wanted.has(piece) && !innocent.has(piece) && !HALF.test(piece)) found.push(piece)
    }
    return found
  }
  return (text) => [...known(text), ...known(text.replaceAll(/\s+/g, ''))]
}
