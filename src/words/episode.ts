import type { Ending } from '../schema/episode.ts'
import type { Verdict } from '../schema/finding.ts'

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  'in-sync': 'in sync',
  drifted: 'drifted',
  incomplete: 'could not tell',
}

/** Of a difference that the code is about to end. */
export const PENDING_OPEN = 'open; applying the code will end it'

/** What became of a difference that ended; a `was` may stand before it. */
export const ENDING_WORDS: Readonly<Record<Ending, string>> = {
  mended: 'set back in the tenant',
  adopted: 'taken into the code',
  unwatched: 'no longer watched',
  gone: 'gone with its API',
}
