import { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonObject } from '../../src/schema/json.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required?: boolean
  readonly schema: { readonly type: 'string' | 'integer' }
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly responses: Readonly<
    Record<string, { readonly content: { readonly 'application/json': { readonly schema: JsonObject } } }>
  >
}

/** As much of an OpenAPI document as a client is made of. */
export interface ApiDocument {
  readonly servers: readonly [{ readonly url: string }]
  readonly security?: readonly JsonObject[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Called {
  readonly status: number
  readonly body: JsonObject
  readonly text: string
}

export type Call = (values?: Readonly<Record<string, string | number>>) => Promise<Called>

/**
 * A client made of nothing but the document: one function for each operation, which knows its address, its parameters and what it answers. Throws where a
 * parameter is missing, unknown or of another type, and where an answer has a status or a shape that the document does not have.
 */
export function clientFrom(
  { servers: [{ url: base }], security, paths }: ApiDocument,
  send: (path: string, init: RequestInit) => Promise<Response>,
  token: string,
): ReadonlyMap<string, Call> {
  const headers = security === undefined ? {} : { authorization: `Bearer ${token}` }
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return new Map(
    operations.map(({ path, method, operation: { operationId, parameters = [], responses } }) => {
      const shapes = new Map(
        Object.entries(responses).map(([status, { content }]) => [
          Number(status),
          ajv.compile(content['application/json'].schema),
        ]),
      )
      const call: Call = async (values = {}) => {
        const response = await send(base + addressOf(path, parameters, values), {
          method: method.toUpperCase(),
          headers,
        })
        const text = await response.text()
        const body = JSON.parse(text) as JsonObject
        const isRight = shapes.get(response.status)
        if (isRight === undefined) throw new Error(`${operationId}: the document has no status ${response.status}`)
        if (!isRight(body)) throw new Error(`${operationId}: ${JSON.stringify(isRight.errors)}`)
        return { status: response.status, body, text }
      }
      return [operationId, call] as const
    }),
  )
}

function addressOf(
  path: string,
  parameters: readonly Parameter[],
  values: Readonly<Record<string, string | number>>,
): string {
  const known = new Map(parameters.map((each) => [each.name, each]))
  const query = new URLSearchParams()
  let address = path
  for (const [name, value] of Object.entries(values)) {
    const parameter = known.get(name)
    const type = typeof value === 'number' ? 'integer' : 'string'
    if (parameter?.schema.type !== type) throw new Error(`${path} takes no ${name} of ${type}`)
    if (parameter.in === 'query') query.set(name, String(value))
    else address = address.replace(`{${name}}`, encodeURIComponent(value))
  }
  if (address.includes('{')) throw new Error(`${path}: a value is missing`)
  return query.size === 0 ? address : `${address}?${query.toString()}`
}
