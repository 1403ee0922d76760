/** The same value with every string and every key of it mapped; the same object where nothing changed. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return mapItems(value, (item) => mapTexts(item, map))
  return mapEntries(value, map, (_key, member) => mapTexts(member, map))
}

/** The same list where no item changed. */
export function mapItems(items: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  const mapped = items.map(map)
  return mapped.some((item, index) => item !== items[index]) ? mapped : items
}

/**
 * The same object where no key and no member changed. Of keys that become equal the first stays as it is, and the others are numbered, in their
 * order: nothing is lost.
 */
export function mapEntries(
  object: object,
  mapKey: (key: string) => string,
  mapMember: (key: string, member: unknown) => unknown,
): object {
  let isChanged = false
  const entries = Object.entries(object).map(([key, member]: [string, unknown]) => {
    const mapped = [mapKey(key), mapMember(key, member)] as const
    isChanged ||= mapped[0] !== key || mapped[1] !== member
    return { key, mapped }
  })
  if (!isChanged) return object
  const taken = new Set(entries.flatMap(({ key, mapped }) => (mapped[0] === key ? [key] : [])))
  // By entries: a key named `__proto__` becomes an ordinary own key.
  return Object.fromEntries(
    entries.map(({ key, mapped: [name, member] }) => [name === key ? key : freeName(name, taken), member]),
  )
}

function freeName(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name} ${number}`
  taken.add(free)
  return free
}
