import { FIELDS } from '../../src/schema/fields.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { bareApi, liveForm, mutations, samplesOf } from '../../test/support/corpus.ts'
import { unreadable, type Draft, type Expected } from './case.ts'

const api = (more: JsonObject): JsonObject => ({ ...bareApi(), ...more })

/** A live value of another JSON type than its field can have: nothing is claimed about it. */
export function wrongTypes(): readonly Draft[] {
  const rows = FIELDS.filter((row) => !row.path.includes('.') && row.watched)
  return rows.flatMap((row): readonly Draft[] => {
    const [sample] = samplesOf(row)
    if (sample === undefined) return []
    const live = api({ [row.path]: ofOtherType(row.json) })
    const expected = [unreadable(row.path)]
    return [
      {
        group: 'a value of another type',
        title: `${row.path}, declared`,
        declared: { [row.path]: sample },
        live,
        expected,
      },
      {
        group: 'a value of another type',
        title: `${row.path}, recorded`,
        declared: {},
        recorded: api(liveForm({ [row.path]: sample })),
        live,
        expected,
      },
    ]
  })
}

/** The same inside an object: the members beside it are compared all the same. */
export function wrongTypesInside(): readonly Draft[] {
  const rows = FIELDS.filter((row) => row.path.includes('.') && !row.path.includes('*') && row.compare !== 'public-key')
  return rows.flatMap((row): readonly Draft[] => {
    const [top = '', ...rest] = row.path.split('.')
    const change = mutations().find((mutation) => mutation.row === row)
    if (change === undefined) return []
    const { [top]: wanted = null } = change.declared
    const { [top]: found = null } = liveForm(change.declared)
    const live = api({ [top]: replaced(found, rest, ofOtherType(row.json)) })
    return [
      {
        group: 'a value of another type',
        title: `${row.path}, declared`,
        declared: { [top]: wanted },
        live,
        expected: [unreadable(row.path)],
      },
    ]
  })
}

function replaced(value: Json, [step = '', ...rest]: readonly string[], instead: Json): Json {
  const object = isJsonObject(value) ? value : {}
  return { ...object, [step]: rest.length === 0 ? instead : replaced(object[step] ?? {}, rest, instead) }
}

/** A key that the tenant returns as null says what its absence says. */
export function nulls(): readonly Draft[] {
  const group = 'null and no such key'
  return FIELDS.filter((row) => !row.path.includes('.') && row.presence === 'optional' && row.watched).flatMap(
    (row): readonly Draft[] => {
      const live = api({ [row.path]: null })
      const { [row.path]: _default, ...without } = api({})
      const title = row.path
      return [
        { group, title, declared: {}, recorded: without, live, expected: [] },
        { group, title, declared: {}, recorded: live, live: without, expected: [] },
        ...(row.nullable ? [{ group, title, declared: { [row.path]: null }, live, expected: [] }] : []),
      ]
    },
  )
}

function ofOtherType(type: string): Json {
  return type === 'string' ? 7 : 'a text'
}

/** Keys that no version knows: notices until something is recorded. Each has a name of its own, for it is a finding about the tenant. */
export function unknownKeys(): readonly Draft[] {
  const values: readonly Json[] = [1, true, null, 'x', [], {}, { deep: { er: [1] } }]
  const inTwo = (more: JsonObject) => ({ scopes: [{ value: 'read', ...more }, { value: 'write' }] })
  const unknown = (path: string, isRecorded: boolean): Expected => ({
    kind: 'unknown-field',
    path,
    origin: isRecorded ? 'drift' : null,
    direction: 'neutral',
    counts: isRecorded,
  })
  return values.flatMap((value, index): readonly Draft[] => {
    const [top, nested] = [`strange_${index}`, `odd_${index}`]
    const title = `a key with ${JSON.stringify(value)}`
    const [recordedTop, recordedNested] = [`${top}r`, `${nested}r`]
    return [
      { group: 'unknown keys', title, declared: {}, live: api({ [top]: value }), expected: [unknown(top, false)] },
      {
        group: 'unknown keys',
        title: `${title}, inside a scope`,
        declared: inTwo({}),
        live: api(inTwo({ [nested]: value })),
        expected: [unknown(`scopes.*.${nested}`, false)],
      },
      {
        group: 'unknown keys',
        title: `${title}, after the record`,
        declared: {},
        recorded: api({}),
        live: api({ [recordedTop]: value }),
        expected: [unknown(recordedTop, true)],
      },
      {
        group: 'unknown keys',
        title: `${title}, inside a scope, after the record`,
        declared: inTwo({}),
        recorded: api(inTwo({})),
        live: api(inTwo({ [recordedNested]: value })),
        expected: [unknown(`scopes.*.${recordedNested}`, true)],
      },
      {
        group: 'unknown keys',
        title: `${title}, recorded`,
        declared: {},
        recorded: api({ [`${top}k`]: value }),
        live: api({ [`${top}k`]: value }),
        expected: [],
      },
      {
        group: 'unknown keys',
        title: `${title}, recorded and gone`,
        declared: {},
        recorded: api({ [`${top}g`]: value }),
        live: api({}),
        expected: [unknown(`${top}g`, true)],
      },
    ]
  })
}
