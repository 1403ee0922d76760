import { DEFAULT_LIFETIME_CEILING, type FieldRow, type Judgement } from './field-row.ts'
import { FIELDS, rowKey, rowsInside } from './fields.ts'
import { compareSeverity, type Severity } from './finding.ts'
import { sameJson, type Json, type JsonObject } from './json.ts'

/** A change of one field, and how it is judged. */
export interface Example {
  readonly row: FieldRow
  /** Undefined: nothing there. */
  readonly declared: Json | undefined
  readonly live: Json | undefined
  readonly judgement: Judgement
}

/** Every ordered pair of values of a row that differ, judged among defaults. Absence is one of the values where it is not the same as one. */
export function examplesOf(row: FieldRow, rows: readonly FieldRow[]): readonly Example[] {
  if (row.compare === 'key' || row.compare === 'public-key' || row.perMember === true) return []
  const values = row.schema === undefined ? [wholeValue(row, rows), undefined] : plainValues(row)
  return values.flatMap((declared) =>
    values
      .filter((live) => !sameJson(declared, live))
      .map((live) => ({ row, declared, live, judgement: judgeExample(row, declared, live) })),
  )
}

function plainValues(row: FieldRow): readonly (Json | undefined)[] {
  const canBeAbsent = row.presence === 'optional' && row.required !== true && row.absentEquals.length === 0
  return canBeAbsent ? [...row.samples, undefined] : row.samples
}

/** The least that an object, or one item of a list, can hold. */
function wholeValue(row: FieldRow, rows: readonly FieldRow[]): Json {
  const children = rowsInside(row, rows)
  const needed = children.filter((child) => child.required === true || child.path.endsWith('.thumbprint_sha256'))
  return Object.fromEntries(
    needed.map((child) => [rowKey(child), child.samples[0] ?? wholeValue(child, rows)] as const),
  )
}

/** Steps to a value of a row; a list is changed item by item. */
function examplePath(row: FieldRow): readonly string[] {
  const steps = row.path.split('.').map((step) => (step === '*' ? 'example' : step))
  return row.compare === 'map' ? [...steps, 'example'] : steps
}

function judgeExample(row: FieldRow, declared: Json | undefined, live: Json | undefined): Judgement {
  const path = examplePath(row)
  return row.judge({
    path,
    declared,
    live,
    declaredApi: nest(path, declared),
    liveApi: nest(path, live),
    lifetimeCeiling: DEFAULT_LIFETIME_CEILING,
  })
}

function nest(path: readonly string[], value: Json | undefined): JsonObject {
  const [step, ...rest] = path
  if (step === undefined || value === undefined) return {}
  return { [step]: rest.length === 0 ? value : nest(rest, value) }
}

/** The gravest of all examples; the first one of equal gravity. Null where no row has two values to tell apart. */
export function worstExample(covered: readonly FieldRow[], rows: readonly FieldRow[]): Example | null {
  return covered
    .flatMap((row) => examplesOf(row, rows))
    .reduce<Example | null>(
      (worst, next) =>
        worst === null || compareSeverity(next.judgement.severity, worst.judgement.severity) > 0 ? next : worst,
      null,
    )
}

const worst = new Map<string, Severity>()

/**
 * The gravest that a change of a field, or of a part of it, can be: where nothing may tell which way it changed, this is assumed. Never less than
 * `high`: a value that the program keeps secret matters to somebody.
 */
export function worstSeverity(field: string): Severity {
  const known = worst.get(field)
  if (known !== undefined) return known
  const covered = FIELDS.filter(({ path }) => path === field || path.startsWith(`${field}.`))
  const found = worstExample(covered, FIELDS)?.judgement.severity ?? 'high'
  const severity = compareSeverity(found, 'high') > 0 ? found : 'high'
  worst.set(field, severity)
  return severity
}
