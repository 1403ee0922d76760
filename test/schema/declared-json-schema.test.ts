import { Ajv2020 } from 'ajv/dist/2020.js'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { declaredJsonSchema } from '../../src/schema/declared-json-schema.ts'
import { SAMPLE_PEMS } from '../../src/schema/sample-keys.ts'
import { mutations } from '../support/corpus.ts'

const isValid = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(declaredJsonSchema())
const file = (server: JsonObject) => ({ resource_servers: [server] })

describe('the JSON Schema for editors', () => {
  const accepted: readonly (readonly [string, Json])[] = [
    ['nothing declared', { resource_servers: [] }],
    ['a reference to itself', { $schema: '../schema/declared.schema.json', resource_servers: [] }],
    ['an identifier alone', file({ identifier: 'urn:x' })],
    [
      'all top-level keys',
      { tenant: 'a.auth0.com', extends: ['b.yaml'], resource_servers: [], managed_elsewhere: ['x*'] },
    ],
    ['variables in texts', file({ identifier: 'https://${env}/', signing_alg: '${alg}', signing_secret: '${SECRET}' })],
    ['null where it may be', file({ identifier: 'urn:x', token_encryption: null, scopes: null })],
    ['a field taken away', file({ identifier: 'urn:x', $unset: ['scopes'] })],
    ['items with members of their own', file({ identifier: 'urn:x', authorization_details: [{ type: 'a', b: [1] }] })],
    [
      'a list of claims within an object',
      file({
        identifier: 'urn:x',
        access_token: { claims_mapping: { custom_claims: [{ name: 'a', expression: 'a.b' }] } },
      }),
    ],
    [
      'a key',
      file({
        identifier: 'urn:x',
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { alg: 'RSA-OAEP-256', pem: SAMPLE_PEMS[0] },
        },
      }),
    ],
  ]
  const refused: readonly (readonly [string, Json])[] = [
    ['no identifier', file({})],
    ['an unknown field', file({ identifier: 'urn:x', signing_algo: 'RS256' })],
    ['an unknown top-level key', { resource_servers: [], other: 1 }],
    ['an unknown algorithm', file({ identifier: 'urn:x', signing_alg: 'none' })],
    ['null where it may not be', file({ identifier: 'urn:x', token_lifetime: null })],
    ['a text for a number', file({ identifier: 'urn:x', token_lifetime: '3600' })],
    ['a number out of bounds', file({ identifier: 'urn:x', token_lifetime: 2_592_001 })],
    ['a scope without its value', file({ identifier: 'urn:x', scopes: [{ description: 'x' }] })],
    ['an unknown key of a scope', file({ identifier: 'urn:x', scopes: [{ value: 'x', colour: 'red' }] })],
    ['half a proof of possession', file({ identifier: 'urn:x', proof_of_possession: { mechanism: 'dpop' } })],
  ]

  it.each(accepted)('accepts %s', (_title, value) => {
    expect([isValid(value), isValid.errors]).toEqual([true, null])
  })

  it.each(refused)('refuses %s', (_title, value) => {
    expect(isValid(value)).toBe(false)
  })

  it('accepts whatever the declared schema accepts', () => {
    const servers = mutations().map(({ declared }) => declared)
    const valid = servers.filter((server) => declaredMistakes(server).length === 0)

    expect(valid.length).toBe(servers.length)
    expect(valid.filter((server) => !isValid(file(server)))).toEqual([])
  })

  it('describes every field', () => {
    const server = (declaredJsonSchema().$defs as JsonObject).resource_server as JsonObject
    const described = sentencesIn(server)

    expect(FIELDS.filter((row) => !described.has(row.sentence)).map((row) => row.path)).toEqual([])
  })

  it('is the committed schema/declared.schema.json', () => {
    const committed = readFileSync(new URL('../../schema/declared.schema.json', import.meta.url), 'utf8')

    expect(JSON.parse(committed)).toEqual(declaredJsonSchema())
  })
})

function sentencesIn(value: Json): ReadonlySet<Json> {
  if (Array.isArray(value)) return new Set((value as readonly Json[]).flatMap((item) => [...sentencesIn(item)]))
  if (!isJsonObject(value)) return new Set()
  const inner = Object.values(value).flatMap((member) => [...sentencesIn(member)])
  return new Set(value.description === undefined ? inner : [value.description, ...inner])
}

const OPENAPI = new URL('../../../shared/data/openapi-resource-servers.json', import.meta.url)

describe.skipIf(!existsSync(OPENAPI))('the API’s own OpenAPI document (skipped where ../shared is absent)', () => {
  const schemas = existsSync(OPENAPI)
    ? (JSON.parse(readFileSync(OPENAPI, 'utf8')) as { components: { schemas: Record<string, JsonObject> } }).components
        .schemas
    : {}
  const resolve = (schema: Json | undefined): JsonObject => {
    if (!isJsonObject(schema)) return {}
    const { $ref } = schema
    return typeof $ref === 'string' ? resolve(schemas[$ref.split('/').at(-1) ?? '']) : schema
  }
  const pathsOf = (schema: Json | undefined, prefix = ''): readonly string[] => {
    const { properties, items } = resolve(schema)
    const own = isJsonObject(properties)
      ? Object.entries(properties).flatMap(([key, value]) => [prefix + key, ...pathsOf(value, `${prefix}${key}.`)])
      : []
    return items === undefined ? own : [...own, ...pathsOf(items, `${prefix}*.`)]
  }
  const schemaAt = (root: Json | undefined, path: string): JsonObject =>
    path
      .split('.')
      .reduce<JsonObject>(
        (schema, step) =>
          resolve(step === '*' ? schema.items : isJsonObject(schema.properties) ? schema.properties[step] : undefined),
        resolve(root),
      )
  const names = [
    'ResourceServer',
    'CreateResourceServerRequestContent',
    'UpdateResourceServerRequestContent',
    'GetResourceServerResponseContent',
  ]

  it.each(names)('%s: every property has a row', (name) => {
    const paths = pathsOf(schemas[name])
    const rows = new Set(FIELDS.map((row) => row.path))

    expect(paths.length).toBeGreaterThan(15)
    expect(paths.filter((path) => !rows.has(path))).toEqual([])
  })

  it('allows no value that the catalogue refuses, and knows none that it allows beyond those documented elsewhere', () => {
    const enums = FIELDS.flatMap((row) => {
      const { enum: documented } = schemaAt(schemas.CreateResourceServerRequestContent, row.path)
      const values = (documented as readonly Json[] | undefined)?.filter((value) => value !== null)
      return values === undefined ? [] : [{ path: row.path, values, known: row.schema?.safeParse.bind(row.schema) }]
    })

    expect(enums.length).toBeGreaterThan(5)
    for (const { path, values, known } of enums) {
      expect(values.filter((value) => known?.(value).success !== true).map((value) => [path, value])).toEqual([])
    }
  })
})
