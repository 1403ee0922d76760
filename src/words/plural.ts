/** `1 API`, `2 APIs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `a, b and 4 more`: the first `most` of some names, and how many there are beside them, which may be more than are named. */
export function firstNames(names: readonly string[], most: number, all = names.length): string {
  const shown = names.slice(0, most)
  const more = all - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
