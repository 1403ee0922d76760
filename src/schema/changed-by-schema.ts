import * as z from 'zod'
import { CERTAINTIES, THROUGH, WHO_LIKELY, WHO_NOT_KNOWN } from './changed-by-words.ts'
import { json, text } from './shapes.ts'

const REASONS = [...Object.keys(WHO_LIKELY), ...Object.keys(WHO_NOT_KNOWN)] as [
  keyof typeof WHO_LIKELY | keyof typeof WHO_NOT_KNOWN,
]
const through = z.enum(THROUGH)
const actor = z.object({
  application: z.object({ client_id: text, name: text.nullable() }).nullable(),
  person: z.object({ name: text.nullable(), email: text.nullable() }).exactOptional().describe('Only with --who=full.'),
})
const tool = text.nullable().describe('Name that the tool gives itself.')
const log = text.describe('log_id of the event.')
const deed = { through, actor, tool, log }

/** Who changed something, as reports and the history keep it. */
export const changedBySchema = z.object({
  certainty: z.enum(CERTAINTIES),
  reason: z.enum(REASONS).nullable().describe('Why it is not certain; null where it is.'),
  at: text.nullable().describe('When, RFC 3339; null where it is not known.'),
  through: through.nullable(),
  actor: actor.nullable(),
  tool,
  log: log.nullable(),
  keptBy: z
    .object({ count: z.int().min(1), last: text, ...deed })
    .nullable()
    .describe('Who sent the same value again since, and how often.'),
  sentBy: z
    .object({ at: text, ...deed })
    .exactOptional()
    .describe('With the reason older-than-the-logs: who sent this value first, as far back as the logs go.'),
  /** The next run looks there at once. */
  among: z.literal('all-writes').exactOptional().describe('Present where only a search of all writes found the event.'),
  before: z
    .object({ at: text, isThere: z.boolean(), live: json.exactOptional() })
    .exactOptional()
    /* `live` is left out where nothing stood there. */
    .describe('With a history: the last complete reading that found another value.'),
})
