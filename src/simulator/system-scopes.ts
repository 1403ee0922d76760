import type { JsonObject } from '../schema/json.ts'
import type { SystemKind } from '../schema/system-apis.ts'

const scope = (value: string, description: string): JsonObject => ({ value, description })

const ENTITIES = [
  'client',
  'client_grant',
  'resource_server',
  'connection',
  'rule',
  'user',
  'role',
  'organization',
  'action',
  'branding',
] as const
const VERBS = ['read', 'create', 'update', 'delete'] as const

/** A real one has some 270 and gets more by itself; these stand for them. */
const MANAGEMENT = ENTITIES.flatMap((entity) =>
  VERBS.map((verb) => scope(`${verb}:${entity}s`, `${capital(verb)} ${entity.split('_').map(capital).join(' ')}s`)),
)

const CONNECTED_ACCOUNTS = ['create', 'read', 'delete'].map((verb) =>
  scope(`${verb}:me:connected_accounts`, `${capital(verb)} Connected Accounts`),
)

/** In the recorded order. */
const MY_ACCOUNT_LATER = [
  scope('read:me:authentication_methods', 'Read Authentication Methods'),
  scope('delete:me:authentication_methods', 'Delete Authentication Methods'),
  scope('update:me:authentication_methods', 'Update Authentication Methods'),
  scope('read:me:factors', 'Read Factors'),
  scope('create:me:authentication_methods', 'Create Authentication Methods'),
]

const EXPRESS = [
  scope('express_configure:sso', 'Ability to create SSO configurations'),
  scope('express_configure:scim', 'Ability to create scim configurations'),
]

/** Scopes that a system API has in the answer to its POST, and those the tenant has added by the next request (recorded for My Account). */
export function systemScopes(kind: SystemKind): {
  readonly created: readonly JsonObject[]
  readonly later: readonly JsonObject[]
} {
  if (kind === 'management') return { created: MANAGEMENT, later: [] }
  if (kind === 'my-account') return { created: CONNECTED_ACCOUNTS, later: MY_ACCOUNT_LATER }
  if (kind === 'express-configure') return { created: EXPRESS, later: [] }
  return { created: [], later: [] }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
