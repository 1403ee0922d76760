import * as z from 'zod'
import { affectedSchema as affected } from './affected-schema.ts'
import { changedBySchema as changedBy } from './changed-by-schema.ts'
import { DIRECTIONS, FINDING_KINDS, ORIGINS, SEVERITIES } from './finding.ts'
import type { JsonObject } from './json.ts'
import { NOT_KNOWN, type NotKnownReason } from './not-known.ts'
import { proofSchema } from './proof-schema.ts'
import { RULE_STATES } from './accept-rule.ts'
import { FAIL_ON, GATES } from './settings.ts'
import {
  count,
  errorCode as code,
  exitCode,
  json,
  kind,
  origin,
  ourTool,
  severity,
  shown,
  text,
  titledSchema,
  verdict,
} from './shapes.ts'

const REASONS = Object.keys(NOT_KNOWN) as [NotKnownReason, ...NotKnownReason[]]

// No format: validators that know none refuse a schema with one.
const reportTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const line = z.int().min(1).nullable().describe('Counts from 1; null where it is not known.')

const finding = z.object({
  kind,
  identifier: text.nullable().describe('Identifier of the resource server; null for a finding about the tenant.'),
  path: text.describe('Pulumi property path inside the resource server; empty for a whole API.'),
  origin: origin.nullable(),
  counts: z.boolean().describe('True: counts toward the verdict. False: a notice, which fails no run.'),
  declared: shown,
  base: shown,
  live: shown,
  direction: z.enum(DIRECTIONS).describe('Is the live value less safe than declared?'),
  impact: z.literal('breaks-clients').nullable(),
  severity,
  fingerprint: text.describe('Stable name of this finding: of tenant, identifier, path and kind, never of values.'),
  file: text.nullable().describe('Where the declaration stands; null where it is in no file.'),
  line,
  address: text.exactOptional().describe('What the source calls that place: a URN, a Terraform address.'),
  apis: count.exactOptional().describe('How many APIs a finding about the whole tenant is about.'),
  on: z
    .array(z.object({ identifier: text, fingerprint: text, base: shown, live: shown }))
    .exactOptional()
    .describe('Those APIs; each has the fingerprint of the finding on this one API. Older versions leave it out.'),
  code: code.exactOptional().describe('Only with `unreadable`: why.'),
  why: z.enum(REASONS).exactOptional().describe('For a value in a source that could not be read: why.'),
  /** Holds no control characters. */
  message: text.describe('One sentence: what was declared, what is live.'),
  help: text.describe('What it means and how to fix it.'),
  link: text,
  seen: z.enum(['new', 'ongoing']).nullable().describe('Compared with the previous report; null where none was given.'),
  touched: z
    .boolean()
    .nullable()
    .describe('Does the declaration of this API differ from the base? Null without a base.'),
  since: text
    .nullable()
    .exactOptional()
    .describe('With a history: since when it has been there, RFC 3339; null for what no history keeps.'),
  returns: count.exactOptional().describe('With a history: how often it came back.'),
  affected: affected.exactOptional().describe('With --affected, for findings that count: which applications it hits.'),
  changedBy: changedBy.exactOptional().describe('With --who, for findings that count: who changed it.'),
})

const rule = z.object({
  resource_server: text,
  path: text,
  kind: kind.exactOptional(),
  live: json.exactOptional(),
  reason: text,
  owner: text,
  expires: day,
})

/** Counts by name; a name that does not occur is left out. */
const tally = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.object(
    Object.fromEntries(names.map((name) => [name, count.exactOptional()])) as Record<
      Name,
      z.ZodExactOptional<typeof count>
    >,
  )

/** The JSON report. Keys that a later version adds are let through: changes are additive, another `schemaVersion` is another format. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  tool: ourTool,
  generatedAt: reportTime.nullable().describe('The same as judged.at; null in older reports.'),
  judged: z
    .object({
      at: reportTime.describe('RFC 3339, UTC, by the clock of the run, which SOURCE_DATE_EPOCH stops.'),
      from: z.enum(['tenant', 'snapshot']),
      takenAt: reportTime
        .nullable()
        .describe('Of a snapshot: when it was taken. Null for a tenant, and for a snapshot that could not be read.'),
    })
    .exactOptional()
    .describe('When this was judged, and from what. Older versions leave it out.'),
  judgedWith: z
    .object({
      live: text.nullable().describe('The snapshot file that was read in place of the tenant.'),
      base: z
        .object({
          sources: z.array(text).describe('As it was named: a git ref, or SOURCEs.'),
          commit: text.nullable().describe('Of a git ref: the full name of its commit.'),
        })
        .nullable(),
      recorded: z.object({ file: text, takenAt: reportTime.nullable() }).nullable(),
    })
    .exactOptional()
    .describe('What it was judged with. Older versions leave it out.'),
  name: text.nullable().describe('Name of the tenant in the configuration.'),
  tenant: text.nullable().describe('Address of the tenant.'),
  verdict,
  exitCode,
  gate: z.enum(GATES),
  failOn: z.enum(FAIL_ON),
  targeted: z.boolean().describe('Only some APIs were checked.'),
  onlyNew: z.boolean().describe('Only findings that did not count in the previous report count.'),
  against: z.object({ base: z.boolean(), recorded: z.boolean(), previous: z.boolean() }),
  trust: z
    .object({
      commit: text,
      files: z.array(text).describe('Files of that commit that were used, as paths from the root of the repository.'),
      edited: z.array(text).describe('Those of these files that the change edits or adds. Its versions were not used.'),
    })
    .exactOptional()
    .describe('Only with --trust: the commit whose rules, records and configuration apply.'),
  /** In code units' order, relative to where the command ran and with `/`: where a finding without a place of its own is shown. */
  sources: z.array(text).describe('Declared files.'),
  summary: z.object({
    declared: count.describe('Declared APIs.'),
    live: count.nullable().describe('APIs in the tenant; null where there is no complete reading.'),
    adopted: count.describe('Changes of the code that the tenant already has.'),
    elsewhere: count.describe('APIs that managed_elsewhere names.'),
    counting: count,
    notices: count,
    ignored: count,
    new: count,
    ongoing: count,
    resolved: count,
    byKind: tally(FINDING_KINDS),
    byOrigin: tally(ORIGINS),
    bySeverity: tally(SEVERITIES),
  }),
  proof: proofSchema
    .nullable()
    .describe('What was asked and seen to read the tenant; null where nothing could be asked.'),
  errors: z.array(z.object({ code, message: text, advice: text })).describe('Why the run is incomplete.'),
  findings: z.array(finding),
  ignored: z.array(z.object({ finding, reason: text, owner: text, expires: day })),
  resolved: z.array(z.object({ fingerprint: text, kind, identifier: text.nullable(), path: text })),
  rules: z.array(z.object({ rule, state: z.enum(RULE_STATES), hides: count, file: text.nullable(), line })),
  notes: z.array(text),
})

/** JSON Schema (2020-12) of the JSON report. */
export function reportJsonSchema(): JsonObject {
  return titledSchema('Report of tenant-drift check', reportSchema)
}
