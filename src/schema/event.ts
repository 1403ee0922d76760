import * as z from 'zod'
import { affectedSchema } from './affected-schema.ts'
import { changedBySchema } from './changed-by-schema.ts'
import { ENDINGS, EXPIRED_WHYS } from './episode.ts'
import type { JsonObject } from './json.ts'
import { errorCode, kind, severity, time, titledSchema } from './shapes.ts'
import { eventTypeOf, TELLING } from './telling.ts'

const data = z.object({
  tenant: z.string().nullable().describe('Name of the tenant for people; null in the reduced form.'),
  fingerprint: z.string().optional(),
  kind: kind.optional(),
  severity: severity.optional(),
  code: errorCode.optional().describe('Why a tenant or an API could not be judged.'),
  since: time.describe('Since when it has been there without a break.'),
  returns: z.int().min(0).describe('How often it came back.'),
  how: z.enum(ENDINGS).optional().describe('How it ended.'),
  why: z.enum(EXPIRED_WHYS).optional().describe('Why an accepted difference counts again.'),
  took: z.int().min(1).optional().describe('How many open differences ended with an API that is gone.'),
  reduced: z.literal(true).optional().describe('Without any text of the tenant: the full form was refused.'),
  identifier: z.string().nullable().optional(),
  path: z.string().optional(),
  declared: z.unknown().optional(),
  live: z.unknown().optional(),
  truncated: z.literal(true).optional().describe('Values and texts are cut.'),
  message: z.string().optional(),
  affected: affectedSchema.optional().describe('With --affected: which applications it hits.'),
  changedBy: changedBySchema.optional().describe('With --who: who changed it.'),
  memory_begins: z
    .literal(true)
    .optional()
    .describe('The memory begins with this run: it is the first one, or the memory was lost.'),
  run: z.string().optional().describe('Page of the run.'),
})

const event = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  source: z.string().describe('Address of the tenant as a URI.'),
  type: z.enum(TELLING.map(eventTypeOf)),
  subject: z.string().optional().describe('Identifier and path.'),
  time: time.describe('When it happened; RFC 3339, UTC.'),
  datacontenttype: z.literal('application/json'),
  data,
})

/** What a webhook is sent: a CloudEvent. */
export function eventJsonSchema(): JsonObject {
  return titledSchema('Event of tenant-drift', event)
}
