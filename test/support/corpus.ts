import type { FieldRow } from '../../src/schema/field-row.ts'
import { bareDefaults, childRows, FIELDS, rowKey } from '../../src/schema/fields.ts'
import { isJsonObject, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { pathText } from '../../src/schema/path.ts'
import { publicKeyThumbprint } from '../../src/schema/public-key.ts'

/** One field of one API, declared with one value and live with another. */
export interface Mutation {
  readonly row: FieldRow
  /** Property paths at which a comparison must find something, sorted; none for values that mean the same. */
  readonly paths: readonly string[]
  readonly declared: JsonObject
  /** As the tenant would return it: keys by thumbprint, nothing null. */
  readonly live: JsonObject
  /** The live value as the code would declare it: what a base holds before the code changes it to `declared`. */
  readonly before: JsonObject
  /** Says what changes, for titles. */
  readonly title: string
}

export const IDENTIFIER = 'https://orders.example.com/'

/** A value that is not there: declared null (where a row allows it) or no key at all, and no key in a live object. */
export const ABSENT: unique symbol = Symbol('absent')
type Sample = Json | typeof ABSENT

/** A value that no version knows yet; live only. */
export const UNKNOWN_VALUE = 'something-new'

/** An API whose every setting stands at its default. */
export function bareApi(rows: readonly FieldRow[] = FIELDS): JsonObject {
  return { id: '66a1f0000000000000000001', identifier: IDENTIFIER, ...bareDefaults(rows) }
}

/** Every ordered pair of samples of every row, absent among them, that differ: each a change that must be found. */
export function mutations(rows: readonly FieldRow[] = FIELDS): readonly Mutation[] {
  return pairs(rows).filter((mutation) => mutation.paths.length > 0)
}

/** The pairs that mean the same (a value and its absence, a key and its thumbprint): none of them may be found. */
export function noOps(rows: readonly FieldRow[] = FIELDS): readonly Mutation[] {
  return pairs(rows).filter((mutation) => mutation.paths.length === 0)
}

/** Rows whose changes are found at another row: keys, the PEM (at its thumbprint), and objects that are looked at member by member. */
export function isJudged(row: FieldRow): boolean {
  return row.compare !== 'key' && row.compare !== 'public-key' && row.perMember !== true
}

function pairs(rows: readonly FieldRow[]): readonly Mutation[] {
  return rows.filter((row) => row.compare !== 'key').flatMap((row) => pairsOf(row, rows))
}

function pairsOf(row: FieldRow, rows: readonly FieldRow[]): readonly Mutation[] {
  const samples: Sample[] = [...samplesOf(row, rows)]
  if (mayBeAbsent(row)) samples.push(ABSENT)
  const unknown = isEnum(row) ? [UNKNOWN_VALUE] : []
  return samples.flatMap((declared) =>
    [...samples, ...unknown].map((live) => ({
      row,
      paths: expectedPaths(row, rows, declared, live),
      declared: place(row, rows, declarable(row, declared)),
      before: place(row, rows, declarable(row, live)),
      live: liveForm(place(row, rows, live)),
      title: `${row.path} from ${titleOf(declared)} to ${titleOf(live)}`,
    })),
  )
}

/** How the code says that a value must not be there: null; of an object that may not be null, without any member. */
function declarable(row: FieldRow, sample: Sample): Sample {
  if (sample !== ABSENT || row.path.includes('.')) return sample
  return row.nullable ? null : (row.absentEquals[0] ?? ABSENT)
}

function titleOf(sample: Sample): string {
  const text = sample === ABSENT ? 'absent' : JSON.stringify(sample)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** An object without samples of its own has one: that of its children. */
export function samplesOf(row: FieldRow, rows: readonly FieldRow[] = FIELDS): readonly Json[] {
  if (row.samples.length > 0 || row.compare !== 'object') return row.samples
  return [composed(row, rows)]
}

/** An object that the row's own rule accepts, of the first samples of its children. */
function composed(row: FieldRow, rows: readonly FieldRow[]): JsonObject {
  const entries = childRows(row.path, rows).flatMap((child) => {
    const first = samplesOf(child, rows)[0]
    return first === undefined || child.compare === 'public-key' ? [] : [[rowKey(child), first] as const]
  })
  return Object.fromEntries(entries)
}

function mayBeAbsent(row: FieldRow): boolean {
  return (
    row.presence === 'optional' &&
    row.required !== true &&
    row.absenceCode === undefined &&
    row.compare !== 'public-key'
  )
}

function isEnum(row: FieldRow): boolean {
  return row.json === 'string' && isJsonObject(row.schema?.def) && row.schema.def.type === 'enum'
}

/** The API with `value` at the row's path; the parents around it are the ones that `composed` makes. */
function place(row: FieldRow, rows: readonly FieldRow[], value: Sample): JsonObject {
  const steps = row.path.split('.')
  const [top = ''] = steps
  const around = bareApi(rows)
  const whole = inside(steps, top, rows, value, row)
  if (whole === ABSENT) {
    const { [top]: _absent, ...rest } = around
    return rest
  }
  return { ...around, [top]: whole }
}

function inside(
  steps: readonly string[],
  path: string,
  rows: readonly FieldRow[],
  value: Sample,
  row: FieldRow,
): Sample {
  if (path === row.path) return value
  const parent = rows.find((candidate) => candidate.path === path)
  const isMap = parent?.compare === 'map'
  const depth = path.split('.').length + (isMap ? 1 : 0)
  const step = steps[depth] ?? ''
  const prefix = isMap ? `${path}.*` : path
  const inner = inside(steps, `${prefix}.${step}`, rows, value, row)
  if (parent === undefined) throw new Error(`the catalogue has no row ${path}`)
  const around = isMap ? itemOf(parent, rows) : composed(parent, rows)
  // One key or the other: a key that is given as PEM has no thumbprint beside it.
  const { thumbprint_sha256: thumbprint, ...keyless } = around
  const base = row.compare === 'public-key' && step === 'pem' && thumbprint !== undefined ? keyless : around
  const { [step]: _replaced, ...rest } = base
  const changed: JsonObject = inner === ABSENT ? rest : { ...base, [step]: inner }
  return isMap ? [changed] : changed
}

function itemOf(map: FieldRow, rows: readonly FieldRow[]): JsonObject {
  const key = rows.find((candidate) => candidate.path === `${map.path}.*.${map.itemKey ?? ''}`)
  return { [map.itemKey ?? '']: key?.samples[0] ?? 'item' }
}

/** What a tenant returns for what was declared: no null, and a thumbprint in place of each PEM. */
export function liveForm(api: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(api).flatMap(([key, value]) => liveEntries(key, value)))
}

function liveEntries(key: string, value: Json): readonly (readonly [string, Json])[] {
  if (value === null) return []
  if (key === 'pem' && typeof value === 'string') {
    const result = publicKeyThumbprint(value)
    if (!result.ok) throw new Error(result.message)
    return [['thumbprint_sha256', result.thumbprint]]
  }
  return [[key, isJsonObject(value) ? liveForm(value) : value]]
}

function expectedPaths(row: FieldRow, rows: readonly FieldRow[], declared: Sample, live: Sample): readonly string[] {
  if (row.compare === 'map') return mapPaths(row, declared, live).toSorted()
  if (means(row, declared) === means(row, live)) return []
  const path = pathOf(row, rows)
  if (row.compare === 'public-key') return [pathText([...path.slice(0, -1), 'thumbprint_sha256'])]
  if (row.perMember !== true && (declared === ABSENT || live === ABSENT || row.compare !== 'object'))
    return [pathText(path)]
  return childRows(row.path, rows)
    .filter((child) => child.compare !== 'public-key')
    .flatMap((child) => expectedPaths(child, rows, memberOf(declared, child), memberOf(live, child)))
    .toSorted()
}

function memberOf(sample: Sample, child: FieldRow): Sample {
  return isJsonObject(sample) ? (sample[rowKey(child)] ?? ABSENT) : ABSENT
}

/** Equal for values that mean the same. */
function means(row: FieldRow, sample: Sample): string {
  const isAbsent =
    sample === ABSENT ||
    sample === null ||
    row.absentEquals.some((value) => sameJson(value, sample)) ||
    (isJsonObject(sample) && row.absentWhen?.(sample) === true)
  return isAbsent ? 'absent' : JSON.stringify(sample)
}

function pathOf(row: FieldRow, rows: readonly FieldRow[]): readonly string[] {
  const steps = row.path.split('.')
  return steps.map((step, index) => {
    if (step !== '*') return step
    const map = rows.find((candidate) => candidate.path === steps.slice(0, index).join('.'))
    return map === undefined ? step : keyText(map, itemOf(map, rows))
  })
}

/** Items by key: one that is on one side only, or members that differ. */
function mapPaths(row: FieldRow, declared: Sample, live: Sample): string[] {
  const [left, right] = [itemsOf(row, declared), itemsOf(row, live)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [a, b] = [left.get(key), right.get(key)]
    if (a === undefined || b === undefined) return [pathText([...row.path.split('.'), key])]
    const members = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...members]
      .filter((member) => !sameJson(a[member], b[member]))
      .map((member) => pathText([...row.path.split('.'), key, member]))
  })
}

function keyText(map: FieldRow, item: JsonObject): string {
  const key = item[map.itemKey ?? '']
  return typeof key === 'string' ? key : ''
}

function itemsOf(row: FieldRow, sample: Sample): ReadonlyMap<string, JsonObject> {
  if (!Array.isArray(sample)) return new Map()
  return new Map((sample as readonly JsonObject[]).map((item) => [keyText(row, item), item]))
}
