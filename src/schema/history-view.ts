import * as z from 'zod'
import { changedBySchema } from './changed-by-schema.ts'
import { ENDINGS, EPISODE_STATES, FORMS } from './episode.ts'
import type { JsonObject } from './json.ts'
import { count, errorCode, kind, origin, ourTool, severity, text, time, titledSchema, verdict } from './shapes.ts'

const episode = z.object({
  tenant: text.describe('Address of the tenant.'),
  view: text.describe('Name under which the history keeps the tenant.'),
  identifier: text.nullable(),
  path: text,
  kind,
  fingerprint: text,
  state: z.enum(EPISODE_STATES),
  origin: origin.nullable(),
  form: z.enum(FORMS).describe('How the last run that saw it reported it.'),
  severity,
  top: severity.describe('Its highest severity since `since`.'),
  since: time.describe('Since when it has been there without a break.'),
  first: time.describe('When it was first found.'),
  seen: time.describe('When it was last seen.'),
  ended: time.nullable(),
  how: z.enum(ENDINGS).nullable(),
  returns: count.describe('How often it came back.'),
  message: text,
  changedBy: changedBySchema.nullable().describe('With --who: who changed it; null where nobody asked.'),
  detectedIn: count.nullable().describe('Seconds from the change to `since`; null where the change is not certain.'),
})

const run = z.object({
  from: time,
  to: time,
  times: z.int().min(1).describe('How many runs in a row said the same.'),
  verdict,
  counting: count,
})

const tenant = z.object({
  address: text,
  view: text,
  name: text.nullable(),
  lastRun: run.nullable(),
  lastComplete: time.nullable().describe('When the whole tenant was last checked.'),
  unreadable: z.array(z.object({ identifier: text.nullable(), path: text, code: errorCode, since: time })),
  runs: z.array(run).describe('Runs in a row that said the same are one entry; the oldest first.'),
  resolved: count.describe('How many of the episodes shown ended.'),
  medianToResolve: count.nullable().describe('Median of the seconds from since to ended; null where none ended.'),
  medianToDetect: count
    .nullable()
    .describe('Median of the seconds from the change to `since`; null where no change is certain.'),
  worstToDetect: count.nullable(),
})

/** What `tenant-drift history --output json` prints. Keys that a later version adds are let through. */
export const historySchema = z.object({
  schemaVersion: z.literal(1),
  tool: ourTool,
  at: time,
  tenants: z.array(tenant),
  episodes: z.array(episode),
})

export type HistoryView = z.infer<typeof historySchema>
export type EpisodeView = HistoryView['episodes'][number]
export type TenantView = HistoryView['tenants'][number]

/** JSON Schema (2020-12) of it. */
export function historyJsonSchema(): JsonObject {
  return titledSchema('History of tenant-drift', historySchema)
}
