import { declaredSchema } from './declared-schema.ts'
import type { FieldRow } from './field-row.ts'
import { FIELDS } from './fields.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { jsonSchemaOf } from './shapes.ts'

/** JSON Schema (2020-12) of a declared file, for editors. Every text may hold a `${variable}` in place of its value. */
export function declaredJsonSchema(rows: readonly FieldRow[] = FIELDS): JsonObject {
  const server = jsonSchemaOf(declaredSchema(rows), 'output')
  // Definitions of its own (any JSON) are referred to from the root of the document.
  const { $defs = {}, ...described } = describe(allowVariables(server), rows)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Declared resource servers (tenant-drift)',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'Where an editor finds this schema.' },
      tenant: {
        type: 'string',
        description: 'The tenant these files are for; reading another one with them is an error.',
      },
      extends: {
        type: 'array',
        items: { type: 'string' },
        description: 'Files that these entries override, field by field.',
      },
      resource_servers: {
        type: 'array',
        description: 'Declared APIs. "Nothing declared" is written as an empty list.',
        items: { $ref: '#/$defs/resource_server' },
      },
      managed_elsewhere: {
        type: 'array',
        items: { type: 'string' },
        description: 'Globs of identifiers that somebody else manages.',
      },
    },
    $defs: { ...(isJsonObject($defs) ? $defs : {}), resource_server: withUnset(described) },
  }
}

function withUnset(server: JsonObject): JsonObject {
  const { $schema: _dropped, ...rest } = server
  const properties = isJsonObject(rest.properties) ? rest.properties : {}
  return {
    ...rest,
    required: ['identifier'],
    properties: {
      ...properties,
      $unset: {
        type: 'array',
        items: { type: 'string' },
        description: 'Fields of the extended file that this one takes away.',
      },
    },
  }
}

/** Constrained texts also take a variable; lists, numbers and switches do not. */
function allowVariables(schema: Json): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map(allowVariables)
  if (!isJsonObject(schema)) return schema
  if (
    schema.type === 'string' &&
    (schema.enum !== undefined || schema.pattern !== undefined || schema.minLength !== undefined)
  ) {
    return { anyOf: [schema, { type: 'string', pattern: '\\$\\{' }] }
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, allowVariables(value)]))
}

function describe(schema: Json, rows: readonly FieldRow[], prefix = ''): JsonObject {
  if (!isJsonObject(schema)) return {}
  const out: Record<string, Json> = { ...schema }
  if (isJsonObject(schema.properties)) {
    out.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => {
        const row = rows.find((candidate) => candidate.path === prefix + key)
        const inner = describe(value, rows, `${prefix}${key}.`)
        return [key, row === undefined ? inner : { ...inner, description: row.sentence }]
      }),
    )
  }
  if (isJsonObject(schema.items)) out.items = describe(schema.items, rows, `${prefix}*.`)
  if (Array.isArray(schema.anyOf))
    out.anyOf = (schema.anyOf as readonly Json[]).map((option) => describe(option, rows, prefix))
  return out
}
