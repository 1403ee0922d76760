import { expect, it } from 'vitest'
import { FIELDS } from '../../src/schema/fields.ts'
import { providerName } from '../../src/sources/provider-names.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { throughSource } from '../support/through-source.ts'
import { toPulumi } from '../support/to-provider.ts'

const write = (api: JsonObject) => {
  const { server, scopes } = toPulumi(api)
  const resources = [
    { type: 'auth0:index/resourceServer:ResourceServer', inputs: server },
    ...(scopes === null ? [] : [{ type: 'auth0:index/resourceServerScopes:ResourceServerScopes', inputs: scopes }]),
  ]
  return { 'stack.json': JSON.stringify({ version: 3, deployment: { resources } }) }
}

/** Settings without an attribute there, and with the API's own names for what the tenant alone sets. */
const NAMELESS = FIELDS.flatMap((row) => {
  const entry = providerName(row)
  return 'none' in entry || 'computed' in entry ? [row.path] : []
})

/** Of these the provider can say every value, but not that there must be none. */
const NEVER_ABSENT = [
  'allow_online_access',
  'allow_online_access_with_ephemeral_sessions',
  'authorization_policy',
  'enforce_policies',
  'name',
  'signing_secret',
  'subject_type_authorization',
  'token_dialect',
]

it('has the whole mutation corpus through a stack, but for what the provider cannot say', async () => {
  const { unsayable, otherwise } = await throughSource({ source: 'pulumi-stack:stack.json', write })

  const isNameless = (said: string) => NAMELESS.includes(said.split(' = ')[0] ?? '')
  expect(otherwise).toEqual([])
  expect(unsayable.filter((said) => !isNameless(said))).toEqual(
    [
      ...NEVER_ABSENT.map((row) => `${row} = absent`),
      'authorization_details = [{"type":"payment","actions":["read"]}]',
    ].toSorted(),
  )
  // Nobody can declare these there, so each of them is lost; a row that is not would have been given a name.
  expect([...new Set(unsayable.filter(isNameless).map((said) => said.split(' = ')[0]))]).toEqual([
    'access_token',
    'access_token.claims_mapping',
    'access_token.claims_mapping.custom_claims',
    'access_token.claims_mapping.custom_claims.*.expression',
    'agent_subject_claims',
    'allow_anonymous_access',
    'client_id',
    'id',
    'is_system',
    'require_consent_non_repudiation',
    'subject_type_authorization.anonymous_user.policy',
    'token_lifetime_for_anonymous_access_tokens',
  ])
})
