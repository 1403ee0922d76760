import fc from 'fast-check'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { bareDefaults, childRows, FIELDS, rowKey, topRows } from '../../src/schema/fields.ts'
import { fromEntries, isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { liveForm, mutations, type Mutation } from '../support/corpus.ts'

/** Fields that a user sets and that no digest stands for. */
const ROWS = topRows().filter((row) => row.compare !== 'key' && row.compare !== 'secret' && row.writable !== 'never')

/** Any JSON that a declared file may hold: it refuses numbers that no double holds exactly. */
const plainJson = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value, (_key, one: unknown) => (isLarge(one) ? 7 : one))) as Json)

const isLarge = (value: unknown) => typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER

/** What the code may say of an API, besides its identifier: any of its fields, each with any value that its row allows. */
export const settings: fc.Arbitrary<JsonObject> = fc
  .record(Object.fromEntries(ROWS.map((row) => [row.path, orNull(row, valueOf(row))])), {
    requiredKeys: [],
    noNullPrototype: true,
  })
  .map((api) => api as JsonObject)

function orNull(row: FieldRow, value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return row.nullable ? fc.oneof({ arbitrary: value, weight: 6 }, fc.constant(null)) : value
}

function valueOf(row: FieldRow): fc.Arbitrary<Json> {
  const children = childRows(row.path).map((child) => [child, valueOf(child)] as const)
  if (row.compare === 'map') return listOf(row)
  if (children.length === 0) return fc.oneof(fc.constantFrom(...row.samples), valid(row))
  return fc
    .record(Object.fromEntries(children.map(([child, value]) => [rowKey(child), value])), {
      requiredKeys: children.filter(([child]) => child.required === true).map(([child]) => rowKey(child)),
      noNullPrototype: true,
    })
    .filter((value) => (row.rule?.(value) ?? null) === null)
}

/** Values nobody thought of, as far as the row's own schema takes them. */
function valid(row: FieldRow): fc.Arbitrary<Json> {
  const any: fc.Arbitrary<Json> =
    row.json === 'integer' ? fc.integer({ min: 0, max: 2_592_000 }) : fc.string({ unit: 'grapheme', maxLength: 12 })
  const fallback = row.samples[0] ?? null
  return any.map((value) => (row.schema?.safeParse(value).success === true ? value : fallback))
}

function listOf(row: FieldRow): fc.Arbitrary<Json> {
  const { itemKey = 'value' } = row
  const children = childRows(`${row.path}.*`)
  const members = Object.fromEntries(children.map((child) => [rowKey(child), valueOf(child)]))
  const requiredKeys = children.filter((child) => child.required === true).map(rowKey)
  const item = fc.record(members, { requiredKeys, noNullPrototype: true })
  const open = fc.tuple(fc.dictionary(fc.string({ maxLength: 4 }), plainJson), item)
  const items = row.openItems === true ? open.map(([more, known]) => ({ ...(more as JsonObject), ...known })) : item
  return fc.uniqueArray(items, { selector: (one) => one[itemKey], maxLength: 4 })
}

/** What the tenant returns for an API that is as the code says. */
export function liveOf(identifier: string, declared: JsonObject, id = 1): JsonObject {
  return { ...bareDefaults(), ...liveForm(declared), identifier, id: `66a1${id.toString(16).padStart(20, '0')}` }
}

/** Identifiers in the scripts and shapes that people use; `urn:N:` before each, so that no two are equal. */
const names = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)

export interface Declared {
  readonly identifier: string
  readonly declared: JsonObject
}

/** Some APIs of a tenant, each as the code declares it. */
export function apis(minLength: number, maxLength: number): fc.Arbitrary<readonly Declared[]> {
  return fc.array(fc.tuple(names, settings), { minLength, maxLength }).map((list) =>
    list.map(([name, declared], index) => ({
      identifier: `urn:${index}:${name}`,
      declared: { identifier: `urn:${index}:${name}`, ...declared },
    })),
  )
}

/** A change of one field that a comparison has to find. */
export const change: fc.Arbitrary<Mutation> = fc.constantFrom(
  ...mutations().filter(({ row }) => row.watched && row.compare !== 'secret'),
)

/** The API as the code declares it and as the tenant has it, both with the one field of the change as the change has them. */
export function changed(
  { identifier, declared }: Declared,
  mutation: Mutation,
): { readonly declared: JsonObject; readonly live: JsonObject } {
  const top = mutation.row.path.split('.')[0] ?? ''
  const { [top]: _own, ...rest } = liveOf(identifier, declared)
  const value = mutation.live[top]
  return {
    declared: { ...declared, [top]: mutation.declared[top] ?? null },
    live: value === undefined ? rest : { ...rest, [top]: value },
  }
}

const KEYED = new Set(FIELDS.filter((row) => row.compare === 'map').map((row) => row.path))

/** The same API with the keys of its objects, and the items of its keyed lists, in another order that the numbers choose. */
export function reordered(api: JsonObject, choices: readonly number[]): JsonObject {
  const shuffled = shuffledBy(choices)
  const inside = (value: Json): Json =>
    isJsonObject(value)
      ? fromEntries(shuffled(Object.entries(value)).map(([key, member]) => [key, inside(member)]))
      : value
  return fromEntries(
    shuffled(Object.entries(api)).map(([key, value]) => {
      if (!KEYED.has(key) || !Array.isArray(value)) return [key, inside(value)]
      return [key, shuffled(value as readonly Json[]).map(inside)]
    }),
  )
}

/** Puts lists into orders that the numbers choose, again and again from the first; a single 0 leaves every list as it is. */
export function shuffledBy(choices: readonly number[]): <T>(list: readonly T[]) => readonly T[] {
  let next = 0
  return (list) => {
    const left = [...list]
    return list.flatMap(() => left.splice((choices[next++ % choices.length] ?? 0) % left.length, 1))
  }
}

export const numbers = fc.array(fc.nat(1000), { minLength: 3, maxLength: 12 })

/** Any APIs, some of which somebody changed behind the code's back. */
export const drifted = apis(1, 4).chain((list) =>
  fc
    .array(fc.option(change, { nil: null }), { minLength: list.length, maxLength: list.length })
    .map((changes) =>
      list.map((api, index) => {
        const mutation = changes[index] ?? null
        const live = liveOf(api.identifier, api.declared, index + 1)
        return mutation === null
          ? { declared: api.declared, live }
          : { declared: changed(api, mutation).declared, live: { ...changed(api, mutation).live, id: live.id ?? '' } }
      }),
    )
    // What the code says has to be something that can be said.
    .filter((cases) => cases.every(({ declared }) => declaredMistakes(declared).length === 0)),
)
