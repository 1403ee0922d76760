import * as z from 'zod'
import { count, text } from './shapes.ts'
import { AFFECTED_BECAUSE, AFFECTED_UNKNOWN, AFFECTED_WHY } from './affected.ts'

/** Whom a difference hits, as reports and plans hold it. */
export const affectedSchema = z.object({
  applications: z
    .array(z.object({ client_id: text, name: text.nullable(), why: z.enum(AFFECTED_WHY) }))
    .describe('Twenty at most: those with a grant first, then by name.'),
  total: count.nullable().describe('How many are known, named here or not; null where nothing is known of them.'),
  allFirstParty: z
    .boolean()
    .describe('Every first-party application that acts for users gets tokens for this API, without a grant.'),
  thirdPartyByDefault: z.boolean().describe('Third-party applications have a grant by default.'),
  defaultAudience: z
    .boolean()
    .nullable()
    .describe('Applications that name no audience get tokens for this API; null where it is not known.'),
  verifiers: z.boolean().describe('Whatever checks tokens of this API is hit as well.'),
  unknown: z
    .array(z.object({ what: z.enum(AFFECTED_UNKNOWN), because: z.enum(AFFECTED_BECAUSE) }))
    .describe('What could not be learnt: silence about it is never "nobody".'),
})
