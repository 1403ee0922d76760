import { isBeginning, isOver, type Item } from './item.ts'

/** What became of something while messages about it waited. */
export interface Ended {
  /** Subjects that stand open no more (ended silently, accepted). */
  readonly gone: ReadonlySet<string>
  /** Subjects of what may have been heard although nobody knows: their end is told in any case. */
  readonly maybe: ReadonlySet<string>
}

/**
 * What waits, brought to how things stand, subject by subject. What came and went while it waited is nothing, and what is told as new is told with its
 * newest value: at most one item for each subject. `isByIds`: listeners drop what has an id that they know, so that what may have been heard stays as it
 * was, and what came since stands behind it.
 */
export function joinItems(
  waiting: readonly Item[],
  news: readonly Item[],
  { gone, maybe }: Ended,
  isByIds: boolean,
): readonly (readonly Item[])[] {
  const bySubject = new Map<string, readonly Item[]>()
  for (const item of [...waiting, ...news]) {
    const before = bySubject.get(item.subject) ?? []
    const last = before.at(-1)
    const isHeard = maybe.has(item.subject)
    if (last === undefined) bySubject.set(item.subject, [item])
    else if (isByIds && isHeard) bySubject.set(item.subject, behind(before, item))
    else {
      const one = joined(last, item, isHeard)
      bySubject.set(item.subject, one === null ? [] : [one])
    }
  }
  return [...bySubject.values()]
    .map((items) => items.filter((item) => !(gone.has(item.subject) && !isOver(item.type))))
    .filter((items) => items.length > 0)
}

/** An end says it all, heard of the beginning or not. Anything else stands behind what may have been heard, in place of an earlier change. */
function behind(before: readonly Item[], item: Item): readonly Item[] {
  return isOver(item.type) ? [item] : [...before.filter(({ type }) => type !== 'changed'), item]
}

function joined(before: Item, after: Item, mayBeHeard: boolean): Item | null {
  const hasBegun = begins(before)
  const renewed = { ...after, type: before.type, id: before.id, at: before.at }
  if (mayBeHeard) return hasBegun && after.type === 'changed' ? renewed : after
  if (before.type === 'unreadable' && after.type === 'readable') return null
  if (before.type === 'readable' && after.type === 'unreadable') return null
  // Its end was never heard, so for whoever listens it has stood all the while.
  if (before.type === 'resolved' && begins(after)) return { ...after, type: 'changed' }
  if (!hasBegun) return after
  return after.type === 'resolved' ? null : renewed
}

/** Of a difference. */
function begins({ type }: Item): boolean {
  return isBeginning(type) && type !== 'unreadable'
}
