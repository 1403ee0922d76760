/** A commit that was the tip of a followed branch, and since when it is known: epoch ms. */
export interface Tip {
  readonly commit: string
  readonly at: number
}

/** What is remembered of a branch that a tenant follows. */
export interface Followed {
  /** The last commit at which the tenant was proven in sync; null where it never was. */
  readonly inSync: string | null
  /** Tips that were judged since then, the oldest first; the first of them is `inSync` where there is one. */
  readonly tips: readonly Tip[]
}

export const NOT_FOLLOWED: Followed = { inSync: null, tips: [] }

/** What code that is merged and not applied is told by. */
export interface Bases {
  /** The last commit at which the tenant was proven in sync. */
  readonly base: string | null
  /** Whether the code has moved on from it for longer than applying may take: what still stands as it was then counts. */
  readonly isOverdue: boolean
  /** Commits since then whose values may still stand, the newest first (the oldest is never left out): a pipeline applies one after the other. */
  readonly between: readonly string[]
}

/** Comparing with a commit costs time, so with few of them. Drift that only a commit left out here would explain counts. */
const MOST_BETWEEN = 8
/** Tips that are kept beside the newest one that is overdue. */
const MOST_TIPS = 50

/**
 * What `tip` is compared with at `now`. Whatever ought to be applied is no reason to wait: the newest commit that is known for longer than `applyWithin`
 * (milliseconds) is where waiting begins.
 */
export function basesOf(followed: Followed, tip: string, now: number, applyWithin: number): Bases {
  const tips = withTip(followed, tip, now)
  const from = overdueFrom(followed, tips, now, applyWithin)
  const between = tips.slice(Math.max(0, from), -1).map(({ commit }) => commit)
  const others = [...new Set(between.toReversed())].filter((commit) => commit !== tip && commit !== followed.inSync)
  // The oldest says what stood when waiting began: merges that touch other files must not push it out.
  const some = others.length > MOST_BETWEEN ? [...others.slice(0, MOST_BETWEEN - 1), ...others.slice(-1)] : others
  return { base: followed.inSync, isOverdue: from >= 0, between: some }
}

/** What is remembered after a run that judged `tip`; `isProven`: it proved that the tenant is as that commit says, nothing waiting. */
export function followedAfter(
  followed: Followed,
  { commit, isProven }: { readonly commit: string; readonly isProven: boolean },
  now: number,
  applyWithin: number,
): Followed {
  const tips = withTip(followed, commit, now)
  if (isProven) return { inSync: commit, tips: tips.slice(-1) }
  const from = Math.max(0, overdueFrom(followed, tips, now, applyWithin))
  const [first, ...rest] = tips.slice(from)
  return { ...followed, tips: first === undefined ? [] : [first, ...rest.slice(-MOST_TIPS)] }
}

/** The commit that is judged where the tip cannot be: the last one that could. */
export function lastJudged({ tips, inSync }: Followed): string | null {
  return tips.at(-1)?.commit ?? inSync
}

/** The tips with this one. After a clock was set back, no tip may lie in the future. */
function withTip({ tips }: Followed, commit: string, now: number): readonly Tip[] {
  const known = tips.map((tip) => (tip.at > now ? { ...tip, at: now } : tip))
  return known.at(-1)?.commit === commit ? known : [...known, { commit, at: now }]
}

/** Where the newest tip stands that is known for longer than applying may take, and was not proven; -1 where there is none. */
function overdueFrom({ inSync }: Followed, tips: readonly Tip[], now: number, applyWithin: number): number {
  const isProvenFirst = inSync !== null && tips[0]?.commit === inSync
  return tips.findLastIndex(({ at }, index) => now - at >= applyWithin && !(isProvenFirst && index === 0))
}
