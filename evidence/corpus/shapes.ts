import { FIELDS } from '../../src/schema/fields.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { pathText } from '../../src/schema/path.ts'
import { bareApi, liveForm, samplesOf } from '../../test/support/corpus.ts'
import { drift, type Draft, type Expected } from './case.ts'
import { direction } from './mutated.ts'

const scopes = (...values: readonly string[]) => ({
  scopes: values.map((value) => ({ value, description: `May ${value}` })),
})
const api = (more: JsonObject): JsonObject => ({ ...bareApi(), ...more })
const many = Array.from({ length: 1000 }, (_, index) => `scope:${index}`)

/** Numbers at the ends of what the endpoint takes, each against its neighbour. */
export function boundaries(): readonly Draft[] {
  const values = [0, 1, 59, 60, 86_399, 86_400, 86_401, 2_591_999, 2_592_000]
  const fields = FIELDS.filter((row) => row.json === 'integer').map((row) => row.path)
  return fields.flatMap((field) =>
    values.slice(1).flatMap((value, index): readonly Draft[] => {
      const [low, high] = [{ [field]: values[index] ?? 0 }, { [field]: value }]
      const title = `${field} ${values[index]} and ${value}`
      return [
        { group: 'numbers at their ends', title, declared: low, live: api(high), expected: [drift(field, 'weakened')] },
        {
          group: 'numbers at their ends',
          title,
          declared: high,
          live: api(low),
          expected: [drift(field, 'strengthened')],
        },
        { group: 'numbers at their ends', title: `${title}, equal`, declared: high, live: api(high), expected: [] },
      ]
    }),
  )
}

/** Everything that can happen to a list of scopes. */
export function lists(): readonly Draft[] {
  const two = scopes('read', 'write')
  const lone = scopes('read')
  const renamed = scopes('read', 'write:all')
  const described = { scopes: [{ value: 'read', description: 'Other words' }, ...scopes('write').scopes] }
  const group = 'lists'
  return [
    { group, title: 'an item added', declared: lone, live: api(two), expected: [drift('scopes.write', 'weakened')] },
    {
      group,
      title: 'an item removed',
      declared: two,
      live: api(lone),
      expected: [drift('scopes.write', 'strengthened')],
    },
    {
      group,
      title: 'an item renamed',
      declared: two,
      live: api(renamed),
      expected: [drift(pathText(['scopes', 'write:all']), 'weakened'), drift('scopes.write', 'strengthened')],
    },
    {
      group,
      title: 'a description alone',
      declared: two,
      live: api(described),
      expected: [drift('scopes.read.description', 'neutral')],
    },
    { group, title: 'in another order', declared: two, live: api(scopes('write', 'read')), expected: [] },
    {
      group,
      title: 'keys of an item in another order',
      declared: lone,
      live: api({ scopes: [{ description: 'May read', value: 'read' }] }),
      expected: [],
    },
    {
      group,
      title: 'an item twice',
      declared: lone,
      live: api(scopes('read', 'read')),
      expected: [unreadable('scopes')],
    },
    {
      group,
      title: '1,000 items, equal',
      declared: scopes(...many),
      live: api(scopes(...many.toReversed())),
      expected: [],
    },
    {
      group,
      title: '1,000 items, the last one renamed',
      declared: scopes(...many),
      live: api(scopes(...many.slice(0, -1), 'scope:other')),
      expected: [
        drift(pathText(['scopes', 'scope:999']), 'strengthened'),
        drift(pathText(['scopes', 'scope:other']), 'weakened'),
      ],
    },
    {
      group,
      title: '1,000 items that appeared',
      declared: { scopes: [] },
      live: api(scopes(...many)),
      expected: many.map((name) => drift(pathText(['scopes', name]), 'weakened')),
    },
  ]
}

const unreadable = (path: string): Expected => ({
  kind: 'unreadable',
  path,
  origin: null,
  direction: 'neutral',
  counts: true,
})

/** A live value of another JSON type than its field can have: nothing is claimed about it. */
export function wrongTypes(): readonly Draft[] {
  const rows = FIELDS.filter((row) => !row.path.includes('.') && row.json !== 'any' && row.watched)
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

/** A default that Auth0 begins to return on APIs that were there before. */
export function newDefaults(): readonly Draft[] {
  const { subject_type_authorization: whole = null, ...before } = bareApi()
  const declared = { signing_alg: 'RS256' }
  const group = 'a default that is rolled out'
  const [from, to] = [{ user: { policy: 'allow_all' } }, { user: { policy: 'require_client_grant' } }]
  return [
    { group, title: 'nobody declares it', declared, live: api({}), recorded: before, expected: [] },
    {
      group,
      title: 'nobody declares it, and a base is there',
      declared,
      base: declared,
      live: api({}),
      recorded: before,
      expected: [],
    },
    {
      group,
      title: 'it is declared, and not returned yet',
      declared: { subject_type_authorization: whole },
      live: before,
      expected: [],
    },
    {
      group,
      title: 'it is declared otherwise, and not returned yet',
      declared: { subject_type_authorization: to },
      live: before,
      expected: [
        drift(
          'subject_type_authorization.user.policy',
          direction(
            'subject_type_authorization.user.policy',
            { subject_type_authorization: to },
            { subject_type_authorization: from },
          ),
        ),
      ],
    },
  ]
}

/** Names that mean something to somebody, of scopes and of APIs. */
export function names(): readonly Draft[] {
  const reserved = ':/?#[]@!$&\'()*+,;=%"\\ <>{}|^`~'.split('')
  const scripts = [
    'Ω',
    'Ж',
    'א',
    'ع',
    'अ',
    '中',
    'か',
    '한',
    'ไ',
    '🙂',
    'e\u0301',
    'é',
    '\u202e',
    '\u200b',
    'ﬁ',
    'İ',
    'ß',
  ]
  const group = 'names'
  const ofScopes = [...reserved, ...scripts, '__proto__', 'constructor', 'a.b', '*', '**'].flatMap(
    (name): readonly Draft[] => {
      const path = pathText(['scopes', `x${name}y`])
      return [
        {
          group,
          title: `a scope ${name}`,
          declared: scopes('a'),
          live: api(scopes('a', `x${name}y`)),
          expected: [drift(path, 'weakened')],
        },
        {
          group,
          title: `a scope ${name}, as declared`,
          declared: scopes(`x${name}y`),
          live: api(scopes(`x${name}y`)),
          expected: [],
        },
      ]
    },
  )
  const ofApis = [...reserved.filter((character) => character !== '<' && character !== '>'), ...scripts].flatMap(
    (character): readonly Draft[] => {
      const identifier = (kind: string) => `urn:${kind}${character}name`
      return [
        {
          group,
          title: `an API ${character}`,
          identifier: identifier('off'),
          declared: { token_lifetime: 60 },
          live: api({}),
          expected: [drift('token_lifetime', 'weakened')],
        },
        {
          group,
          title: `an API ${character}, as declared`,
          identifier: identifier('on'),
          declared: { token_lifetime: 60 },
          live: api({ token_lifetime: 60 }),
          expected: [],
        },
        {
          group,
          title: `an API ${character}, gone`,
          identifier: identifier('gone'),
          declared: { token_lifetime: 60 },
          live: null,
          expected: [{ kind: 'missing', path: '', origin: 'drift', direction: 'neutral', counts: true }],
        },
      ]
    },
  )
  return [...ofScopes, ...ofApis]
}
