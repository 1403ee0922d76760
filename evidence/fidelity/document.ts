import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'

const DOCUMENT = new URL('../../../shared/data/openapi-resource-servers.json', import.meta.url)
const PATHS = '/api/v2'

export const hasDocument: boolean = existsSync(DOCUMENT)

/** An answer as it went over the wire; `body` is null where there was none. */
export interface WireAnswer {
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly status: number
  readonly body: Json
}

/** Where the wire is otherwise than the document, each with its reason; nothing else of the document is touched. */
export const CORRECTIONS = {
  'PATCH answers 200': 'all 509 recorded ones; the document says 201',
  'an encryption key has `thumbprint_sha256` and no `pem`':
    'every recorded answer that has one; the document has it the other way round',
  'no field is null': 'none in 497 recorded objects; the document allows it for five',
  '`is_system` is true or absent': 'all recorded objects',
  '`token_lifetime_for_anonymous_access_tokens`, `subject_type_authorization.anonymous_user`':
    "in the official SDK's types, newer than the document",
  'PATCH of an API that is not there answers 404': 'the document names 404 for GET alone',
} as const

/** What is wrong with an answer by the corrected document; null where nothing is, `OUTSIDE` for an endpoint that the document does not have. */
export type Judge = (answer: WireAnswer) => string | null

export const OUTSIDE = 'outside'

/** Throws where the document is not there: ask `hasDocument` first. */
export function judgeByDocument(): Judge {
  const document = corrected(JSON.parse(readFileSync(DOCUMENT, 'utf8')) as JsonObject)
  const ajv = new Ajv2020({ strict: false, formats: { 'client-id': true } })
  ajv.addSchema(document, 'openapi')
  const validators = new Map<string, ValidateFunction>()
  const validatorOf = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
    validators.set(pointer, known)
    return known
  }
  return ({ method, path, status, body }) => {
    const template = templateOf(path)
    const operation = at(document, ['paths', template ?? '', method.toLowerCase()])
    if (template === null || operation === undefined) return OUTSIDE
    const answer = at(operation, ['responses', String(status)])
    if (answer === undefined) return `the document has no ${status} for ${method}`
    if (status >= 400) return errorShape(status, body)
    if (at(answer, ['content']) === undefined) return body === null ? null : 'a body where the document has none'
    const steps = [
      'paths',
      template,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      'application/json',
      'schema',
    ]
    const validate = validatorOf(
      steps
        .map(
          (step) =>
            `/${step.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}`,
        )
        .join(''),
    )
    if (validate(body)) return null
    // The message of a type alone: a value may be a secret.
    return (validate.errors ?? [])
      .map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${unknownKey(params)}`.trim())
      .join('; ')
  }
}

function unknownKey(params: Readonly<Record<string, unknown>>): string {
  return typeof params.additionalProperty === 'string' ? params.additionalProperty : ''
}

/** The document has words for errors and no schema: this is the shape of every recorded one. */
function errorShape(status: number, body: Json): string | null {
  const isError =
    isJsonObject(body) &&
    body.statusCode === status &&
    typeof body.error === 'string' &&
    typeof body.message === 'string' &&
    Object.keys(body).every((key) => ['statusCode', 'error', 'message', 'errorCode', 'attributes'].includes(key))
  return isError ? null : `an error of another shape`
}

function templateOf(path: string): string | null {
  if (path === `${PATHS}/resource-servers`) return '/resource-servers'
  return path.startsWith(`${PATHS}/resource-servers/`) ? '/resource-servers/{id}' : null
}

function at(value: Json | undefined, steps: readonly string[]): Json | undefined {
  return steps.reduce<Json | undefined>(
    (inner, step) => (isJsonObject(inner ?? null) ? (inner as JsonObject)[step] : undefined),
    value,
  )
}

type Open = Record<string, unknown>

function corrected(document: JsonObject): JsonObject {
  const copy = withoutNull(document) as Record<string, Open>
  const open = (...steps: readonly string[]) => at(copy as JsonObject, steps) as Open
  const patch = open('paths', '/resource-servers/{id}', 'patch', 'responses')
  patch['200'] = patch['201']
  delete patch['201']
  patch['404'] = { description: 'Not found.' }
  const key = open('components', 'schemas', 'ResourceServerTokenEncryptionKey')
  key.required = ['alg', 'thumbprint_sha256']
  const members = key.properties as Open
  delete members.pem
  members.thumbprint_sha256 = { type: 'string', minLength: 43, maxLength: 43 }
  const subjects = open('components', 'schemas', 'ResourceServerSubjectTypeAuthorization', 'properties')
  subjects.anonymous_user = { type: 'object', properties: { policy: { enum: ['deny_all', 'require_client_grant'] } } }
  for (const schema of Object.values(open('components', 'schemas')) as Open[]) {
    const properties = schema.properties as Open | undefined
    if (properties?.is_system === undefined) continue
    properties.is_system = { const: true }
    properties.token_lifetime_for_anonymous_access_tokens = { type: 'integer' }
  }
  return copy as JsonObject
}

function withoutNull(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNull)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'enum' && Array.isArray(member)) return [name, member.filter((item) => item !== null)]
      if (name === 'type' && Array.isArray(member)) return [name, member.filter((item) => item !== 'null')]
      return [name, withoutNull(member)]
    }),
  )
}
