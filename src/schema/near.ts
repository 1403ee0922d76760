const MOST = 3

/** The names that somebody may have meant, the nearest first. */
export function near(name: string, names: readonly string[]): readonly string[] {
  return names
    .map((known) => ({ known, far: distance(name, known) }))
    .filter(({ known, far }) => far <= Math.max(2, known.length / 4))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map(({ known }) => known)
}

/** `all` is a sentence that ends in the known names, `known in a file: a, b`; where one of them is near, that is asked in its place. */
export function nearOrAll(name: string, all: string): string {
  const names = all.slice(all.lastIndexOf(': ') + 2).split(', ')
  // Of names of two or three letters everything is near.
  const close = name.length > 3 ? near(name, names) : []
  return close.length > 0 ? `did you mean ${close.join(' or ')}?` : all
}

/** Letters to change, add or take away (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_cell, index) => index)
  for (const [index, letter] of Array.from(a).entries()) {
    const next = [index + 1]
    for (const [column, other] of Array.from(b).entries()) {
      const swap = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(swap, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
