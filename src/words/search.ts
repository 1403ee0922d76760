/** From the first character to the one after the last. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Values of the hash of two characters. */
const PAIRS = 0x1_00_00

/**
 * A search for all of many texts at once (Wu and Manber): it looks at every sixth character or so, however many they are, and finds each occurrence,
 * those that overlap too. None of the texts may be shorter than two characters.
 */
export function createSearch(words: readonly string[]): (text: string) => readonly Span[] {
  const least = words.reduce((shortest, { length }) => Math.min(shortest, length), Infinity)
  if (words.length === 0) return () => []
  const shifts = new Uint32Array(PAIRS).fill(least - 1)
  const endings = new Map<number, string[]>()
  for (const word of words) {
    for (let at = 1; at < least; at++) {
      const pair = pairAt(word, at)
      shifts[pair] = Math.min(shifts[pair] ?? 0, least - 1 - at)
    }
    const ending = pairAt(word, least - 1)
    endings.set(ending, [...(endings.get(ending) ?? []), word])
  }
  return (text) => {
    const found: Span[] = []
    for (let at = least - 1; at < text.length;) {
      const pair = pairAt(text, at)
      const shift = shifts[pair] ?? 1
      if (shift > 0) {
        at += shift
        continue
      }
      const from = at - least + 1
      for (const word of endings.get(pair) ?? [])
        if (text.startsWith(word, from)) found.push({ from, to: from + word.length })
      at++
    }
    return found
  }
}

function pairAt(text: string, at: number): number {
  return ((text.charCodeAt(at - 1) << 8) ^ text.charCodeAt(at)) & (PAIRS - 1)
}

/** The same characters as spans that neither overlap nor touch, in order. */
export function united(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = []
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last === undefined || from > last.to) result.push({ from, to })
    else last.to = Math.max(last.to, to)
  }
  return result
}
