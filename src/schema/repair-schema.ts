import * as z from 'zod'
import { affectedSchema } from './affected-schema.ts'
import type { JsonObject } from './json.ts'
import { exitCode, json, kind, ourTool, severity, shown, text, time, titledSchema } from './shapes.ts'

const body = z.record(text, json)

const standing = z.object({
  field: text,
  value: json.exactOptional().describe('Left out where the key is not there.'),
})

const patch = z.object({
  body: body.describe('The body of PATCH /api/v2/resource-servers/{id}, without the secrets.'),
  secrets: z
    .record(text, text)
    .describe('Fields whose values are secrets, with the environment variables that hold them.'),
  before: z.array(standing).describe('The precondition: the whole values that the body replaces, as they were read.'),
  after: z.array(standing).describe('The same fields as they read afterwards.'),
})

const repairShape = z.object({
  fingerprint: text,
  kind,
  path: text,
  severity: severity.describe('Of the difference.'),
  live: shown,
  /** What is to stand there. */
  wanted: shown,
  becomes: z.enum(['safer', 'less-safe', 'neither']).describe('Compared with the tenant as it is now.'),
  breaks: z.boolean().describe('Clients that work now may stop working.'),
  /** One sentence. */
  says: text.describe('What it means, and for whom.'),
  /** Sentences about what else is to be known before: who undoes it again, what stays behind. */
  warnings: z.array(text),
  affected: affectedSchema.exactOptional().describe('Which applications it hits, as the check found out.'),
})

const api = z.object({
  identifier: text,
  id: text.describe("The tenant's own id: 24 hexadecimal digits."),
  name: text.nullable(),
  repairs: z.array(repairShape),
  patch,
  inverse: z.object({
    patch: patch.nullable().describe('What undoes it; null where nothing of it can be undone.'),
    /** `why` is a part of a sentence. */
    lost: z.array(z.object({ field: text, why: text })).describe('What cannot be restored.'),
  }),
  /** `command` is for a shell; `note` is one sentence: what is to be known of it. */
  elsewhere: z
    .array(z.object({ tool: text, address: text, command: text, note: text }))
    .describe('How the tool that declares it puts it back.'),
})

/** What `tenant-drift repair --output json` prints. Keys that a later version adds are let through. */
export const repairSchema = z.object({
  schemaVersion: z.literal(1),
  tool: ourTool,
  generatedAt: time,
  tenant: text.describe('Address of the tenant.'),
  name: text.nullable().describe('Name of the tenant in the configuration.'),
  readAt: time.describe('When the tenant was read.'),
  /** `inverse`: what undoes the repair that the same reading gives. */
  way: z.enum(['repair', 'inverse']),
  exitCode,
  apis: z.array(api).describe('What became less safe comes first.'),
  leftOut: z.array(
    z.object({
      fingerprint: text,
      kind,
      identifier: text.nullable(),
      path: text,
      severity,
      /** It counts in a check. */
      counts: z.boolean(),
      why: text,
    }),
  ),
})

/** JSON Schema (2020-12) of it. */
export function repairJsonSchema(): JsonObject {
  return titledSchema('Plan of tenant-drift repair', repairSchema)
}
