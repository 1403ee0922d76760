/** `a{b,c{d,e}}` is `ab`, `acd` and `ace`, and `{1..3}` is `1`, `2` and `3`; braces without a comma or dots stand for themselves. */
export function expandBraces(pattern: string): readonly string[] {
  const open = pattern.indexOf('{')
  if (open < 0) return [pattern]
  const close = closingOf(pattern, open)
  if (close === null) return expandBraces(pattern.slice(open + 1)).map((rest) => pattern.slice(0, open + 1) + rest)
  const before = pattern.slice(0, open)
  const after = expandBraces(pattern.slice(close + 1))
  const inside = pattern.slice(open + 1, close)
  const parts = alternativesOf(inside)
  const texts = parts.length > 1 ? parts.flatMap(expandBraces) : (rangeOf(inside) ?? [`{${inside}}`])
  return texts.flatMap((text) => after.map((rest) => before + text + rest))
}

function closingOf(pattern: string, open: number): number | null {
  let depth = 0
  for (let at = open; at < pattern.length; at += 1) {
    if (pattern[at] === '{') depth += 1
    if (pattern[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return null
}

function alternativesOf(text: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const letter of text) {
    if (letter === '{') depth += 1
    if (letter === '}') depth -= 1
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts
}

const MOST_OF_A_RANGE = 1000

function rangeOf(text: string): readonly string[] | null {
  const [, from, to] = /^(-?\d{1,9})\.\.(-?\d{1,9})$/.exec(text) ?? []
  if (from === undefined || to === undefined) return null
  const [first, last] = [Number(from), Number(to)]
  const count = Math.abs(last - first) + 1
  if (count > MOST_OF_A_RANGE) return null
  const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0
  return Array.from({ length: count }, (_each, index) =>
    String(first + (last < first ? -index : index)).padStart(width, '0'),
  )
}
