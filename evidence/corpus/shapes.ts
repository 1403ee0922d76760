import { FIELDS } from '../../src/schema/fields.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { pathText } from '../../src/schema/path.ts'
import { bareApi } from '../../test/support/corpus.ts'
import { drift, unreadable, type Draft } from './case.ts'
import { direction } from './mutated.ts'

const scopes = (...values: readonly string[]) => ({
  scopes: values.map((value) => ({ value, description: `May ${value}` })),
})
const api = (more: JsonObject): JsonObject => ({ ...bareApi(), ...more })
const many = Array.from({ length: 1000 }, (_, index) => `scope:${index}`)

const ENDS = [0, 1, 59, 60, 86_399, 86_400, 86_401, 2_591_999, 2_592_000]

/** Numbers at the ends of what the endpoint takes, each against its neighbour. */
export function boundaries(): readonly Draft[] {
  return FIELDS.filter((row) => row.json === 'integer').flatMap(({ path: field, schema }) => {
    const values = ENDS.filter((value) => schema?.safeParse(value).success !== false)
    return values.slice(1).flatMap((value, index): readonly Draft[] => {
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
    })
  })
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
