import { fromEntries, isJsonObject, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { deleted, jsonAnswer, noClient } from './answers.ts'
import type { Answer } from './answers.ts'
import { malformed, objectIn, refuseBody } from './body.ts'
import type { Tenant } from './tenant.ts'

/** Members that a PATCH merges into what stands there; null takes one away. Everything else is replaced whole. */
const MERGED = new Set(['client_metadata', 'jwt_configuration', 'refresh_token', 'session_transfer'])
/** Keys that an answer to a write leaves out: those of lists, and where an application was registered from. */
const UNTOLD = /^(tenant|global|external_.*)$/

/** `POST /api/v2/clients`: what is sent over the defaults that recordings show. */
export function answerPostClient(tenant: Tenant, text: string): Answer {
  const body = objectIn(text)
  if (body === null) return malformed()
  if (typeof body.name !== 'string') return refuseBody("Missing required property: 'name'")
  const half = halfOf(body)
  if (half !== null) return half
  const made = merged(defaultsOf(body), body)
  const client = {
    tenant: 'simulator',
    global: false,
    ...made,
    client_id: tenant.random.text(32),
    ...(made.client_authentication_methods === undefined && {
      client_secret: own(body, 'client_secret') ?? tenant.random.text(64),
    }),
    signing_keys: [{ cert: `invented ${tenant.random.text(12)}` }],
  }
  tenant.clients.put(client)
  linkToApi(tenant, client)
  return jsonAnswer(201, shownClient(client))
}

/** `PATCH /api/v2/clients/{id}`. A secret is there while nothing else proves who the client is. */
export function answerPatchClient(tenant: Tenant, id: string, text: string): Answer {
  const before = tenant.clients.find(id)
  if (before === undefined) return noClient()
  const body = objectIn(text)
  if (body === null) return malformed()
  const half = halfOf(body)
  if (half !== null) return half
  const { client_secret: secret, ...rest } = merged(before, body)
  const hasSecret = rest.client_authentication_methods === undefined
  const client = { ...rest, ...(hasSecret && { client_secret: secret ?? tenant.random.text(64) }) }
  tenant.clients.put(client)
  linkToApi(tenant, client)
  return jsonAnswer(200, shownClient(client))
}

/** Its grants go with it. */
export function answerDeleteClient(tenant: Tenant, id: string): Answer {
  tenant.clients.remove(id)
  for (const grant of tenant.grants.items)
    if (own(grant, 'client_id') === id) tenant.grants.remove(tenant.grants.idOf(grant))
  return deleted()
}

/** An API shows the client that is its own, as recorded: set here, and nowhere else. */
function linkToApi({ store }: Tenant, client: JsonObject): void {
  const identifier = own(client, 'resource_server_identifier')
  const api = typeof identifier === 'string' ? store.find(identifier) : undefined
  const id = own(client, 'client_id')
  if (api !== undefined && id !== undefined) store.put({ ...api, client_id: id })
}

/** A default organization is both, or none. */
function halfOf({ default_organization: sent }: JsonObject): Answer | null {
  if (!isJsonObject(sent)) return null
  const missing = ['organization_id', 'flows'].filter((key) => own(sent, key) === undefined)
  return missing.length === 0 ? null : refuseBody(`Missing required property: '${missing.join(',')}'`)
}

function merged(before: JsonObject, sent: JsonObject): JsonObject {
  const after = new Map(Object.entries(before))
  for (const [key, value] of Object.entries(sent)) {
    const there = after.get(key)
    if (value === null) after.delete(key)
    else if (MERGED.has(key) && isJsonObject(value))
      after.set(key, withoutNull({ ...ABSENT[key], ...(isJsonObject(there) && there), ...value }))
    else after.set(key, value)
  }
  return fromEntries(after)
}

function withoutNull(value: JsonObject): JsonObject {
  return fromEntries(Object.entries(value).filter(([, member]) => member !== null))
}

function shownClient(client: JsonObject): JsonObject {
  return fromEntries(Object.entries(client).filter(([key]) => !UNTOLD.test(key)))
}

const TRANSFER: JsonObject = {
  can_create_session_transfer_token: false,
  allowed_authentication_methods: [],
  enforce_device_binding: 'ip',
  allow_refresh_token: false,
  enforce_online_refresh_tokens: true,
  enforce_cascade_revocation: true,
}

/** What stands in a merged member before anybody sets it. */
const ABSENT: Readonly<Record<string, JsonObject>> = { session_transfer: TRANSFER }

const EXPRESS: JsonObject = {
  oidc_conformant: true,
  callbacks: ['https://system-admin.okta.com/admin/app/generic/oauth20redirect'],
  jwt_configuration: { secret_encoded: false, alg: 'RS256' },
  grant_types: ['authorization_code', 'client_credentials'],
  organization_usage: 'require',
  organization_require_behavior: 'pre_login_prompt',
  client_authentication_methods: { private_key_jwt: { credentials: [] } },
}

/** What a create leaves, by what was sent. */
function defaultsOf(sent: JsonObject): JsonObject {
  const { app_type: type, token_endpoint_auth_method: method, third_party_security_mode: mode } = sent
  const isStrict = mode === 'strict'
  const isOfApi = type === 'resource_server'
  const isLong = method === 'client_secret_post'
  const jwt: JsonObject = {
    secret_encoded: false,
    ...((isStrict || isOfApi) && { alg: 'RS256' }),
    ...(!isOfApi && sent.jwt_configuration === undefined && { lifetime_in_seconds: isStrict ? 3600 : 36_000 }),
  }
  return {
    is_first_party: true,
    is_token_endpoint_ip_header_trusted: false,
    oidc_conformant: isStrict,
    jwt_configuration: jwt,
    sso_disabled: false,
    cross_origin_authentication: false,
    grant_types: grantTypesOf(isOfApi, isStrict, method),
    custom_login_page_on: true,
    refresh_token: {
      rotation_type: 'non-rotating',
      expiration_type: isStrict ? 'expiring' : 'non-expiring',
      leeway: 0,
      token_lifetime: isLong ? 31_557_600 : 2_592_000,
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: !isStrict,
      idle_token_lifetime: isLong ? 2_592_000 : 1_296_000,
    },
    ...(type === 'express_configuration' && EXPRESS),
  }
}

function grantTypesOf(isOfApi: boolean, isStrict: boolean, method: Json | undefined): readonly string[] {
  if (isOfApi) return []
  if (isStrict) return ['authorization_code']
  const types = ['authorization_code', 'implicit', 'refresh_token']
  return method === 'none' ? types : [...types, 'client_credentials']
}
