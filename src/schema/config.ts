import * as z from 'zod'
import { pathPattern } from './accept-path.ts'
import { keysError, oneOfKeys, textKey, variableName } from './config-parts.ts'
import { CREDENTIAL_KEYS, type CredentialKey } from './credential-keys.ts'
import { FINDING_KINDS } from './finding.ts'
import { followSchema } from './follow.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { settingShapes } from './setting-shapes.ts'
import { notifySchema } from './notify.ts'
import { nearOrAll } from './near.ts'
import { jsonSchemaOf } from './shapes.ts'
import { shownKey } from './shown-key.ts'

const variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]), {
  error: 'variables must be names, each with a string',
})

const TENANT_NAME = 'a name of a tenant has letters, digits, dots, - and _'

const rule = z.strictObject(
  {
    resource_server: textKey('resource_server').describe(
      'Glob of the identifiers that the rule is for; `*` also matches slashes.',
    ),
    path: z
      .string({ error: 'path must be a string; an empty one is a whole API' })
      .refine((value) => pathPattern(value) !== null, {
        error: 'path must be a Pulumi property path or a JSON Pointer',
      })
      .describe(
        'Pulumi property path with `*` and `**`, or a JSON Pointer; it also covers everything inside. Empty: a whole API.',
      ),
    kind: z
      .enum(FINDING_KINDS, { error: `kind must be one of ${FINDING_KINDS.join(', ')}` })
      .optional()
      .describe('Only this kind of finding is accepted.'),
    live: z.json().optional().describe('Only this live value is accepted; null means that there is no value.'),
    reason: textKey('reason').describe('Why it is accepted.'),
    owner: textKey('owner').describe('Who is responsible for it.'),
    expires: z
      .string({ error: 'expires must be a day, YYYY-MM-DD' })
      .refine(isDay, { error: 'expires must be a day that exists, YYYY-MM-DD' })
      .describe('Last day on which the rule applies (UTC).'),
  },
  { error: keysError('an accept rule') },
)

export const acceptSchema = z.array(rule, {
  error: 'accept must be a list of rules, or the path of a file that holds one',
})

/** What may stand for all tenants, and for one of them in its place. */
const shared = {
  ...settingShapes('tenant'),
  variables: variables.optional().describe('Values of ${name} in declared files. Do not put secrets here.'),
  accept: z
    .union([textKey('accept'), acceptSchema], { error: 'accept must be a list of rules, or the path of a file' })
    .optional()
    .describe('Differences that are accepted for a while, or the file that lists them.'),
  notify: notifySchema.optional().describe('Channels that are told what changed.'),
  follow: followSchema
    .optional()
    .describe('Repository with a branch that says what is declared, in place of files beside `tenant-drift serve`.'),
}

const tenant = z.strictObject(
  {
    domain: textKey('domain').describe('Its domain, like acme.eu.auth0.com.'),
    audience: z
      .url({ error: 'audience must be a URL' })
      .optional()
      .describe('Audience of its Management API, where it has a custom domain.'),
    credentials: z
      .strictObject(
        Object.fromEntries(
          CREDENTIAL_KEYS.map((key) => [
            key,
            variableName(key).optional().describe('NAME of the variable that holds it.'),
          ]),
        ) as Record<CredentialKey, z.ZodOptional<z.ZodString>>,
        { error: keysError('credentials') },
      )
      .optional()
      .describe(
        'NAMES of the environment variables that hold the credentials. Without them the tenant of AUTH0_DOMAIN uses AUTH0_*.',
      ),
    log_stream: z
      .strictObject(
        {
          token_variable: variableName('token_variable')
            .optional()
            .describe('NAME of the variable with the token that Auth0 sends, 16 characters or more.'),
          token_file: textKey('token_file')
            .optional()
            .describe('File that holds it, in place of a variable; read at each call.'),
        },
        { error: keysError('log_stream') },
      )
      .refine(...oneOfKeys('log_stream', ['token_variable', 'token_file']))
      .optional()
      .describe('Its custom webhook log stream, which calls /hooks/auth0/NAME of `tenant-drift serve`.'),
    ...shared,
  },
  { error: keysError('a tenant') },
)

/** `tenant-drift.yaml`. Every flag wins over it, and so does every environment variable. */
export const configSchema = z.strictObject(
  {
    $schema: z.string().optional(),
    ...shared,
    ...settingShapes('all'),
    history: z
      .union(
        [
          textKey('history'),
          z.literal(false),
          z.strictObject(
            { url_variable: variableName('url_variable').describe('NAME of the variable that holds the address.') },
            { error: keysError('history') },
          ),
        ],
        { error: 'history must be a path, a postgres:// address without a password, or url_variable' },
      )
      .optional()
      .describe(
        'Where runs are remembered: a file, or postgres://; {url_variable: NAME} where the address has a password.',
      ),
    tenants: z
      .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: TENANT_NAME }), tenant, {
        error: ({ code }) => (code === 'invalid_key' ? TENANT_NAME : 'tenants must be names, each with a tenant'),
      })
      .optional()
      .describe('Several tenants, each under its name.'),
  },
  { error: keysError('tenant-drift.yaml') },
)

export type Config = z.infer<typeof configSchema>
export type ConfigTenant = z.infer<typeof tenant>

/** One mistake in a configuration; `path` counts list items from 0. Its message never holds a value. */
export interface ConfigMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The checked value, or all its mistakes. The value is the one given, never zod's copy. */
export function checkConfig(
  value: Json,
  schema: z.ZodType = configSchema,
): { readonly ok: true } | { readonly ok: false; readonly mistakes: readonly ConfigMistake[] } {
  const result = schema.safeParse(value)
  const unseen = unseenKeys(value, [])
  if (result.success && unseen.length === 0) return { ok: true }
  return { ok: false, mistakes: [...unseen, ...(result.error?.issues ?? []).flatMap((issue) => mistakesOf(issue))] }
}

/** Keys that zod passes over: what it never looked at would be taken for checked. A `live` value is anybody's JSON. */
function unseenKeys(value: Json, path: ConfigMistake['path']): readonly ConfigMistake[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => unseenKeys(item, [...path, index]))
  if (!isJsonObject(value)) return []
  return Object.keys(value).flatMap((key) => {
    const at = [...path, key]
    if (key === '__proto__') return [{ path: at, message: 'no key may be called "__proto__"' }]
    return key === 'live' ? [] : unseenKeys(value[key] as Json, at)
  })
}

/** A union fails as a whole: what matters is the branch that the value was meant for. */
function mistakesOf(issue: z.core.$ZodIssue): readonly ConfigMistake[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key ${JSON.stringify(shownKey(key))}; ${nearOrAll(key, issue.message)}`,
    }))
  if (issue.code === 'invalid_union') {
    const deeper = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0))
    if (deeper !== undefined)
      return deeper.flatMap((inner) => mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }))
  }
  return [{ path, message: issue.message }]
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

/** JSON Schema (2020-12) of `tenant-drift.yaml`, for editors. */
export function configJsonSchema(): JsonObject {
  return { ...jsonSchemaOf(configSchema, 'input'), title: 'Configuration of tenant-drift (tenant-drift.yaml)' }
}
