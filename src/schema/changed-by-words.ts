/** How somebody came to the Management API. */
export const THROUGH = ['dashboard', 'person', 'application'] as const

export const CERTAINTIES = ['certain', 'likely', 'not-known'] as const

/** Why it is not known who changed something, in words that end a sentence. */
export const WHO_NOT_KNOWN = {
  'no-scope': 'the token lacks the scope read:logs',
  'older-than-the-logs': 'the logs do not show the value before the change',
  'logs-lag': 'the events are not in the logs yet; the next run asks again',
  'no-event': 'no event in the logs made this change',
  'too-many-events': 'more events since then than may be read',
  secret: 'several events could have changed the secret',
  masked: 'the logs hide what was changed',
  unreadable: 'the logs could not be read',
} as const

/** Why it is likely, and no more than that. */
export const WHO_LIKELY = {
  young: 'the logs may still change',
  'equal-times': 'two events, or an event and a check, have the same time',
  'first-known': 'the value before it is not known',
  gap: 'the logs do not reach back to the last check',
  'one-secret': 'it is the only event that could have changed the secret',
} as const
