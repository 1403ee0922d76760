import type { Span } from './search.ts'

/** How our messages shorten what is too long (`printable`): its beginning, this, its end. */
const CUT = /…\(\d+ more\)…/g
/** A piece this short beside a cut tells nothing. */
const LEAST_PIECE = 4
/** Of longer forms only this much is looked at: nothing that is cut shows more of them. */
const MOST = 0xff_ff

/** Where in which form four characters stand, by their hash: `form * MOST + place`. */
type Places = ReadonlyMap<number, readonly number[]>

/**
 * Finds what a cut has left of a secret: its beginning before the cut, its end behind it. A search for the whole of it finds neither.
 */
export function createCutSearch(forms: readonly string[]): (text: string) => readonly Span[] {
  // Made when it is needed, which is seldom: of a long key it takes a while.
  let places: Places | null = null
  return (text) => {
    if (forms.length === 0 || !text.includes('…(')) return []
    const known = (places ??= placesOf(forms))
    const at = (place: number) => known.get(hashOf(text, place)) ?? []
    const found: Span[] = []
    for (const { index, 0: mark } of text.matchAll(CUT)) {
      const behind = index + mark.length
      const before = longest(at(index - LEAST_PIECE), (form, place) => {
        const length = place + LEAST_PIECE
        return length < form.length && text.startsWith(form.slice(0, length), index - length) ? length : 0
      })
      const after = longest(at(behind), (form, place) =>
        place > 0 && text.startsWith(form.slice(place), behind) ? form.length - place : 0,
      )
      if (before > 0) found.push({ from: index - before, to: index })
      if (after > 0) found.push({ from: behind, to: behind + after })
    }
    return found
  }

  function longest(candidates: readonly number[], lengthOf: (form: string, place: number) => number): number {
    return candidates.reduce(
      (most, each) => Math.max(most, lengthOf(forms[Math.floor(each / MOST)] ?? '', each % MOST)),
      0,
    )
  }
}

function placesOf(forms: readonly string[]): Places {
  const places = new Map<number, number[]>()
  for (const [index, form] of forms.entries()) {
    for (let place = 0; place + LEAST_PIECE <= Math.min(form.length, MOST); place++) {
      const hash = hashOf(form, place)
      const others = places.get(hash)
      if (others === undefined) places.set(hash, [index * MOST + place])
      else others.push(index * MOST + place)
    }
  }
  return places
}

/** Of four characters; what collides is told apart when it is compared. NaN, and so no place, before the beginning of a text. */
function hashOf(text: string, place: number): number {
  if (place < 0 || place + LEAST_PIECE > text.length) return Number.NaN
  const [a, b] = [text.charCodeAt(place), text.charCodeAt(place + 1)]
  const [c, d] = [text.charCodeAt(place + 2), text.charCodeAt(place + 3)]
  return ((a << 21) ^ (b << 14) ^ (c << 7) ^ d) | 0
}
