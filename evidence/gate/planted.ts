import { randomBytes } from 'node:crypto'

/** Values that must stand nowhere, by what they are. */
export type Planted = Map<string, string>

/** Letters and digits, so that eight of them in a row are in no text by chance. */
export function madeUp(length: number): string {
  const letters = randomBytes(length * 3)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
  return letters.slice(0, length)
}

/** How many letters in a row are a piece of a form: hex is in every log. */
const PIECE = { plain: 8, escaped: 12, hex: 16 } as const
/** Of a piece that is made of escapes alone nobody can tell what it is a piece of. */
const FEWEST_LETTERS = 5

interface Piece {
  readonly of: string
  readonly form: string
}

/**
 * Finds pieces of planted values in texts: as they are, JSON-escaped once and twice, HTML-escaped, URL-encoded, in hex, in base64 and base64url at all
 * three alignments; broken into lines, wrapped in a table or split by tags, too. It knows nothing of how the product hides.
 */
export function leakFinder(planted: Planted): (text: string) => readonly string[] {
  const sizes = new Map<number, Map<string, Piece>>()
  for (const [of, value] of planted) {
    for (const { form, text, length } of formsOf(value.trim())) {
      const pieces = sizes.get(length) ?? new Map<string, Piece>()
      sizes.set(length, pieces)
      for (let at = 0; at + length <= text.length; at += 1) {
        const piece = text.slice(at, at + length)
        if (new Set(piece).size >= FEWEST_LETTERS) pieces.set(piece, { of, form })
      }
    }
  }
  const searches = [...sizes].map(([length, pieces]) => search(length, pieces))
  return (text) => {
    const found = viewsOf(text).flatMap((view) => searches.flatMap((find) => find(view)))
    const first = new Map(found.toReversed().map(({ of, form }) => [of, form]))
    return [...first].map(([of, form]) => `${of} (${form})`)
  }
}

function formsOf(value: string): readonly { readonly form: string; readonly text: string; readonly length: number }[] {
  const once = JSON.stringify(value).slice(1, -1)
  const bytes = Buffer.from(value)
  const html = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
  const url = encodeURIComponent(value)
  const base64 = [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
    // The first letters hold bits of what stands before, the last one of what follows.
    const text = whole.slice(shift === 0 ? 0 : shift + 1, -1)
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const hex = bytes.toString('hex')
  const escaped = (form: string, text: string) => ({ form, text, length: PIECE.escaped })
  return [
    { form: 'as it is', text: value, length: PIECE.plain },
    escaped('JSON', once),
    escaped('JSON twice', JSON.stringify(once).slice(1, -1)),
    escaped('HTML', html),
    escaped('URL', url),
    escaped(
      'URL, small letters',
      url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ),
    escaped('form', url.replaceAll('%20', '+')),
    ...base64.map((text) => ({ form: 'base64', text, length: PIECE.plain })),
    { form: 'hex', text: hex, length: PIECE.hex },
    { form: 'hex', text: hex.toUpperCase(), length: PIECE.hex },
  ]
}

/** As it stands, without colours and whatever a line is broken by, and without tags. */
function viewsOf(text: string): readonly string[] {
  const plain = text.replaceAll(/\u001B\[[0-9;]*[A-Za-z]/g, '')
  const joined = plain.replaceAll(/[\s|│┃]+/g, '')
  const untagged = plain.includes('<') ? plain.replaceAll(/<[^<>]*>/g, '').replaceAll(/\s+/g, '') : joined
  return [...new Set([text, joined, untagged])]
}

/** A sieve by three letters keeps it quick: almost no place of a text gets past it. */
function search(length: number, pieces: ReadonlyMap<string, Piece>): (text: string) => readonly Piece[] {
  const sieve = new Uint8Array(1 << 16)
  const slot = (text: string, at: number) =>
    ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & 0xff_ff
  for (const piece of pieces.keys()) sieve[slot(piece, 0)] = 1
  return (text) => {
    const found: Piece[] = []
    for (let at = 0; at + length <= text.length; at += 1) {
      if (sieve[slot(text, at)] === 0) continue
      const piece = pieces.get(text.slice(at, at + length))
      if (piece !== undefined) found.push(piece)
    }
    return found
  }
}
