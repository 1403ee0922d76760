import type { Span } from './search.ts'

/** How our messages shorten what is too long (`printable`): its beginning, this, its end. */
const CUT = /…\(\d+ more\)…/g
/** A piece this short beside a cut tells nothing. */
const LEAST_PIECE = 4

interface Piece {
  readonly form: string
  /** Characters from the side of the form on which the piece begins. */
  readonly length: number
}

type Pieces = ReadonlyMap<string, readonly Piece[]>

/**
 * Finds what a cut has left of a secret: its beginning before the cut, its end behind it. A search for the whole of it finds neither.
 */
export function createCutSearch(forms: readonly string[]): (text: string) => readonly Span[] {
  let pieces: { readonly beginnings: Pieces; readonly ends: Pieces } | null = null
  return (text) => {
    if (forms.length === 0 || !text.includes('…(')) return []
    pieces ??= { beginnings: beginningsOf(forms), ends: endsOf(forms) }
    const found: Span[] = []
    for (const { index, 0: mark } of text.matchAll(CUT)) {
      const behind = index + mark.length
      const before = longest(pieces.beginnings.get(text.slice(index - LEAST_PIECE, index)), ({ form, length }) =>
        text.startsWith(form.slice(0, length), index - length),
      )
      const after = longest(pieces.ends.get(text.slice(behind, behind + LEAST_PIECE)), ({ form, length }) =>
        text.startsWith(form.slice(-length), behind),
      )
      if (before > 0) found.push({ from: index - before, to: index })
      if (after > 0) found.push({ from: behind, to: behind + after })
    }
    return found
  }
}

function longest(pieces: readonly Piece[] | undefined, stands: (piece: Piece) => boolean): number {
  return (pieces ?? []).reduce((most, piece) => (piece.length > most && stands(piece) ? piece.length : most), 0)
}

/** Beginnings of each form, by the characters that they end with. */
function beginningsOf(forms: readonly string[]): Pieces {
  return gathered(forms, (form, length) => form.slice(length - LEAST_PIECE, length))
}

/** Ends of each form, by the characters that they begin with. */
function endsOf(forms: readonly string[]): Pieces {
  return gathered(forms, (form, length) => form.slice(form.length - length, form.length - length + LEAST_PIECE))
}

function gathered(forms: readonly string[], keyOf: (form: string, length: number) => string): Pieces {
  const pieces = new Map<string, Piece[]>()
  for (const form of forms) {
    for (let length = LEAST_PIECE; length < form.length; length++) {
      const key = keyOf(form, length)
      const others = pieces.get(key)
      if (others === undefined) pieces.set(key, [{ form, length }])
      else others.push({ form, length })
    }
  }
  return pieces
}
