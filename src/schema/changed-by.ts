import type { Shown } from './finding.ts'

/** How somebody came to the Management API. */
export const THROUGH = ['dashboard', 'person', 'application'] as const
export type Through = (typeof THROUGH)[number]

export const CERTAINTIES = ['certain', 'likely', 'not-known'] as const
export type Certainty = (typeof CERTAINTIES)[number]

/** Why it is not known who changed something, in words that end a sentence. */
export const WHO_NOT_KNOWN = {
  'no-scope': 'the token lacks the scope read:logs',
  'older-than-the-logs': 'the change is older than the logs',
  'logs-lag': 'the events are not in the logs yet; the next run asks again',
  'no-event': 'no event in the logs made this change',
  'too-many-events': 'more events since then than may be read',
  secret: 'several events could have changed the secret',
  masked: 'the logs hide what was changed',
  unreadable: 'the logs could not be read',
} as const
export type WhoNotKnown = keyof typeof WHO_NOT_KNOWN

/** Why it is likely, and no more than that. */
export const WHO_LIKELY = {
  young: 'the logs may still change',
  'equal-times': 'two events, or an event and a check, have the same time',
  'first-known': 'the value before it is not known',
  gap: 'the logs do not reach back to the last check',
  'one-secret': 'it is the only event that could have changed the secret',
} as const
export type WhoLikely = keyof typeof WHO_LIKELY

/** Whoever did something. A person is named with `--who=full` alone. */
export interface Actor {
  readonly application: { readonly client_id: string; readonly name: string | null } | null
  readonly person?: { readonly name: string | null; readonly email: string | null }
}

/** One event of the log, as far as it may be told. */
export interface Deed {
  /** RFC 3339, UTC. */
  readonly at: string
  readonly through: Through
  readonly actor: Actor
  /** What it calls itself; null where it says nothing. */
  readonly tool: string | null
  /** `log_id`. */
  readonly log: string
}

/** Whoever sent the same value again after the change: a pipeline that will do so once more. */
export interface KeptBy extends Omit<Deed, 'at'> {
  readonly count: number
  readonly last: string
}

/** Who changed what a finding is about. What is null is not known; nothing of it is a guess. */
export interface ChangedBy {
  readonly certainty: Certainty
  /** Of `likely` and `not-known`; null where it is certain. */
  readonly reason: WhoLikely | WhoNotKnown | null
  readonly at: string | null
  readonly through: Through | null
  readonly actor: Actor | null
  readonly tool: string | null
  readonly log: string | null
  readonly keptBy: KeptBy | null
  /** Of `older-than-the-logs`: whoever sent this value first, as far as the log goes. What stood there before is not known. */
  readonly sentBy?: Deed
  /** Found among all writes of the tenant, and not among those that are described as ours: the next run looks there at once. */
  readonly among?: 'all-writes'
  /** With a history: the last complete reading that found another value. `live` is left out where nothing did. */
  readonly before?: { readonly at: string; readonly isThere: boolean; readonly live?: Shown }
}

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
