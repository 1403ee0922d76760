/** Words of what is remembered: each list once, for types, schemas and sentences. */

export const EPISODE_STATES = ['open', 'accepted', 'ended'] as const
export type EpisodeState = (typeof EPISODE_STATES)[number]

/** How an episode ended: set back in the tenant, taken into the code or the record, watched by nobody, gone with its API. */
export const ENDINGS = ['mended', 'adopted', 'unwatched', 'gone'] as const
export type Ending = (typeof ENDINGS)[number]

/** How an episode was last reported: it counts, the code is about to mend it, or it is a notice. */
export const FORMS = ['counts', 'pending', 'notice'] as const
export type Form = (typeof FORMS)[number]

/** Why an accepted difference counts again: the rule's day is over, its value changed, or the rule was taken out. */
export const EXPIRED_WHYS = ['day', 'value', 'rule'] as const
export type ExpiredWhy = (typeof EXPIRED_WHYS)[number]
