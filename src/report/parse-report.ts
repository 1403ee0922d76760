import type * as z from 'zod'
import { TenantDriftError } from '../schema/errors.ts'
import { exceedsDepth, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import { printable } from '../words/printable.ts'
import { reportSchema } from '../schema/report-schema.ts'
import type { Report } from '../schema/report.ts'

/** Deeper than any value a tenant is read with, and far from overflowing anything. */
const DEEPEST_REPORT = 80
const MOST_PROBLEMS = 5

/**
 * An earlier JSON report. Throws `invalid_report` for what is none: cut or empty (a run that was killed), of another tool, of another version.
 * Keys that this version does not know stay: a value is never zod's copy, which would drop some.
 */
export function parseReport(text: string): Report {
  const value = jsonOfReport(text)
  const other = otherKind(value, ['report'], null)
  if (other !== null) throw invalid(`It ${other}.`, GIVE_ONE)
  if (!isJsonObject(value) || !('schemaVersion' in value)) {
    throw invalid('It has no schemaVersion, so it is not a report of tenant-drift.', GIVE_ONE)
  }
  if (value.schemaVersion !== 1) {
    throw invalid(
      'Its schemaVersion is not 1, the one this version reads.',
      'Update tenant-drift, or make the report again.',
    )
  }
  if (exceedsDepth(value, DEEPEST_REPORT)) throw invalid(`It is nested deeper than ${DEEPEST_REPORT} levels.`, GIVE_ONE)
  const result = reportSchema.safeParse(value)
  if (result.success) return value as unknown as Report
  const { issues } = result.error
  const problems = issues
    .slice(0, MOST_PROBLEMS)
    .map((issue) => `${printable(issue.path.join('.'), 200) || 'report'}: ${problemOf(value, issue)}`)
  const more = issues.length > MOST_PROBLEMS ? `\nand ${issues.length - MOST_PROBLEMS} more` : ''
  throw invalid(`It does not have the shape of a report.\n${problems.join('\n')}${more}`, GIVE_ONE)
}

/** In words of ours: zod's speak of what a program received. */
function problemOf(report: JsonObject, issue: z.core.$ZodIssue): string {
  const there = issue.path.reduce<Json | undefined>(
    (inside, step) => (isHolder(inside) ? own(inside, String(step)) : undefined),
    report,
  )
  if (there === undefined) return 'is missing'
  if (issue.code === 'invalid_type') return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  return 'is not valid there'
}

/** A list's items are its own keys, too. */
function isHolder(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

const GIVE_ONE = 'Give a file that tenant-drift check --output json=FILE wrote.'

function jsonOfReport(text: string): Json {
  if (text.trim() === '') throw invalid('It is empty.', GIVE_ONE)
  try {
    return JSON.parse(text) as Json
  } catch {
    // The parser's own message quotes the file.
    throw invalid('It is not complete JSON.', GIVE_ONE)
  }
}

function invalid(message: string, advice: string): TenantDriftError {
  return new TenantDriftError('invalid_report', `The report cannot be used. ${message}`, advice)
}
