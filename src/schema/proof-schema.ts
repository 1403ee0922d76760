import * as z from 'zod'
import { count } from './shapes.ts'

/** Shape of a proof, in reports and in snapshot files alike. Keys that a later version adds are let through. */
export const proofSchema = z.object({
  total: count.nullable(),
  pages: count,
  items: count,
  rereads: count,
  secondLook: z.boolean(),
  canary: z
    .object({ identifier: z.string(), binding: z.enum(['token-audience', 'configured-audience', 'unbound']) })
    .nullable(),
  fieldsRefused: z.boolean(),
  requests: z.object({
    token: count,
    list: count,
    confirm: count,
    secret: count,
    affected: count.exactOptional(),
    log: count.exactOptional(),
  }),
  retries: count,
  waits: count,
  notes: z.array(z.string()),
})
