import type { Ending, EpisodeState, Form } from '../schema/episode.ts'
import type { Verdict } from '../schema/finding.ts'

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  'in-sync': 'in sync',
  drifted: 'drifted',
  incomplete: 'could not tell',
}

/** Of a difference that the code is about to end. */
const PENDING_OPEN = 'open; applying the code will end it'

/** What became of a difference that ended; a `was` may stand before it. */
export const ENDING_WORDS: Readonly<Record<Ending, string>> = {
  mended: 'set back in the tenant',
  adopted: 'taken into the code',
  unwatched: 'no longer watched',
  gone: 'gone with its API',
}

/** What became of it, in a few words; `when` says when it ended. */
export function stateText(
  { state, how, form }: { readonly state: EpisodeState; readonly how: Ending | null; readonly form: Form },
  when = '',
): string {
  if (state === 'ended') return `ended${when && ` ${when}`}${how === null ? '' : `: ${ENDING_WORDS[how]}`}`
  return state === 'open' && form === 'pending' ? PENDING_OPEN : state
}
