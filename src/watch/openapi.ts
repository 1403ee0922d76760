import type * as z from 'zod'
import type { JsonObject } from '../schema/json.ts'
import { jsonSchemaOf } from '../schema/shapes.ts'
import type { Service } from './service.ts'

export interface ApiRoute {
  readonly method: 'get' | 'post'
  /** Below `/api/v1`; parameters in braces. */
  readonly path: string
  readonly says: string
  readonly answer: z.ZodType
  /** 200 unless given. */
  readonly status?: number
  readonly query?: readonly string[]
}

/** OpenAPI 3.1 of these routes: their shapes are JSON Schema of the draft that it takes. */
export function openApiDocument(
  routes: Readonly<Record<string, ApiRoute>>,
  error: z.ZodType,
  { version, doors }: Pick<Service, 'version' | 'doors'>,
): JsonObject {
  const paths = Map.groupBy(Object.entries(routes), ([, { path }]) => path)
  const isGuarded = doors.token !== null
  return {
    openapi: '3.1.0',
    info: {
      title: 'tenant-drift',
      version,
      description: 'What the service knows. It reads tenants and changes nothing in them.',
    },
    servers: [{ url: '/api/v1' }],
    ...(isGuarded ? { security: [{ token: [] }] } : {}),
    paths: Object.fromEntries(
      [...paths].map(([path, entries]) => [
        path,
        Object.fromEntries(entries.map(([name, route]) => [route.method, operation(name, route, error)] as const)),
      ]),
    ),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function operation(name: string, { path, says, answer, status = 200, query = [] }: ApiRoute, error: z.ZodType) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, each = '']) => ({
    name: each,
    in: 'path',
    required: true,
    schema: { type: each === 'id' ? 'integer' : 'string' },
  }))
  const inQuery = query.map((each) => ({
    name: each,
    in: 'query',
    schema: { type: each === 'page' ? 'integer' : 'string' },
  }))
  const failed = (description: string) => ({
    description,
    content: { 'application/json': { schema: shapeSchema(error) } },
  })
  return {
    operationId: name,
    summary: says,
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    responses: {
      [String(status)]: { description: says, content: { 'application/json': { schema: shapeSchema(answer) } } },
      ...(inPath.length === 0 ? {} : { 404: failed('It does not exist.') }),
      503: failed('The store cannot be used.'),
    },
  }
}

function shapeSchema(shape: z.ZodType): JsonObject {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(shape, 'output')
  return schema
}
