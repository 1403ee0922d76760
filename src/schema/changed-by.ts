import type { changedBySchema } from './changed-by-schema.ts'
import type { WHO_LIKELY, WHO_NOT_KNOWN } from './changed-by-words.ts'
import type { Inferred } from './inferred.ts'

/** Who changed what a finding is about. What is null is not known; nothing of it is a guess. */
export type ChangedBy = Inferred<typeof changedBySchema>

export type Certainty = ChangedBy['certainty']
export type WhoNotKnown = keyof typeof WHO_NOT_KNOWN
export type WhoLikely = keyof typeof WHO_LIKELY
export type Through = NonNullable<ChangedBy['through']>

/** Whoever did something. A person is named with `--who=full` alone. */
export type Actor = NonNullable<ChangedBy['actor']>

/** One event of the log, as far as it may be told. */
export type Deed = NonNullable<ChangedBy['sentBy']>

/** Whoever sent the same value again after the change: a pipeline that will do so once more. */
export type KeptBy = NonNullable<ChangedBy['keptBy']>

export function notKnown(reason: WhoNotKnown): ChangedBy {
  return {
    certainty: 'not-known',
    reason,
    at: null,
    through: null,
    actor: null,
    tool: null,
    log: null,
    keptBy: null,
  }
}
