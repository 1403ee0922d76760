/** One place of a glob: any run of characters (null), or one character that a test takes. */
type GlobPart = ((character: string) => boolean) | null

/** Whether a text may stand for other identifiers than the one that it is. */
export function isGlob(text: string): boolean {
  return /[*?[\\]/.test(text)
}

/**
 * Whether identifiers match one of the globs. `*` is any run of characters, slashes too; `?` is one; `[a-z]` is one of these and `[!a-z]` none
 * of these; `\` takes the next as it is. Braces and parentheses are plain text.
 * A matcher of our own, because an expression made from `*a*a*a*a*X` can take for ever on a long identifier: this one takes at most as many steps
 * as the glob is long for each character.
 */
export function matcher(globs: readonly string[]): (identifier: string) => boolean {
  const plain = new Set(globs.filter((glob) => !isGlob(glob)))
  const patterns = globs.filter((glob) => !plain.has(glob)).map(globParts)
  return (identifier) => {
    if (plain.has(identifier)) return true
    if (patterns.length === 0) return false
    const characters = Array.from(identifier)
    return patterns.some((parts) => matchesParts(parts, characters))
  }
}

function globParts(glob: string): readonly GlobPart[] {
  const parts: GlobPart[] = []
  const characters = Array.from(glob)
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? ''
    if (character === '*') {
      if (parts.at(-1) !== null) parts.push(null)
    } else if (character === '?') {
      parts.push(() => true)
    } else if (character === '\\' && at + 1 < characters.length) {
      at += 1
      const literal = characters[at]
      parts.push((each) => each === literal)
    } else {
      const set = character === '[' ? setAt(characters, at) : null
      if (set === null) parts.push((each) => each === character)
      else {
        parts.push(set.takes)
        at = set.end
      }
    }
  }
  return parts
}

/** The set that begins at a `[`; null where no `]` ends it: then it is plain text. A `]` at its beginning is one of its characters. */
function setAt(characters: readonly string[], from: number) {
  const isNegated = ['!', '^'].includes(characters[from + 1] ?? '')
  const first = from + (isNegated ? 2 : 1)
  const end = characters.indexOf(']', first + 1)
  if (end === -1) return null
  const ranges: (readonly [string, string])[] = []
  for (let at = first; at < end; at += 1) {
    const low = characters[at] ?? ''
    const isRange = characters[at + 1] === '-' && at + 2 < end
    ranges.push([low, isRange ? (characters[at + 2] ?? low) : low])
    if (isRange) at += 2
  }
  const point = (character: string): number => character.codePointAt(0) ?? 0
  const isIn = (each: string): boolean =>
    ranges.some(([low, high]) => point(low) <= point(each) && point(each) <= point(high))
  return { end, takes: (each: string) => isIn(each) !== isNegated }
}

/** Only the last `*` is ever tried again, one character further: what an earlier one could take, this one takes as well. */
function matchesParts(parts: readonly GlobPart[], characters: readonly string[]): boolean {
  let part = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < characters.length) {
    const current = parts[part]
    if (current === null) {
      star = part
      starAt = at
      part += 1
    } else if (current?.(characters[at] ?? '') === true) {
      part += 1
      at += 1
    } else if (star === -1) {
      return false
    } else {
      starAt += 1
      part = star + 1
      at = starAt
    }
  }
  return parts.slice(part).every((rest) => rest === null)
}
