import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { providerKind, providerName, providerPath, rowsByAttribute } from '../../src/sources/provider-names.ts'
import { FIELDS, topRows } from '../../src/schema/fields.ts'

const TYPES = new URL('../../node_modules/@pulumi/auth0/', import.meta.url)

/** Names of the properties of an interface in the package's own type files. */
function propertiesOf(file: string, name: string): readonly string[] {
  const text = readFileSync(new URL(file, TYPES), 'utf8')
  const body = new RegExp(`export interface ${name} \\{(.*?)\\n\\s*\\}\\n`, 's').exec(text)?.[1] ?? ''
  return [...body.matchAll(/^\s+(\w+)\??: /gm)].map((match) => match[1] ?? '').toSorted()
}

const attributesOf = (parent: string): readonly string[] => {
  const row = FIELDS.find(({ path }) => path === parent)
  return [...rowsByAttribute(row ?? null, 'pulumi').keys()].toSorted()
}

describe('the table of provider names', () => {
  it('says of each row how the provider calls it, only where it calls the parent something too', () => {
    const named = FIELDS.filter((row) => 'name' in providerName(row) && row.path.includes('.'))
    const parents = named.map((row) => row.path.slice(0, row.path.lastIndexOf('.')).replace(/\.\*$/, ''))
    const nameless = parents.filter((path) => FIELDS.some((row) => row.path === path && 'none' in providerName(row)))

    expect(nameless).toEqual([])
  })

  it('names every input of an @pulumi/auth0 ResourceServer, but for the one that the tenant has no setting for', () => {
    const inputs = propertiesOf('resourceServer.d.ts', 'ResourceServerArgs')

    expect([...attributesOf(''), 'verificationLocation'].toSorted()).toEqual(inputs)
  })

  it.each([
    ['ResourceServerAuthorizationDetail', 'authorization_details', ['disable']],
    ['ResourceServerAuthorizationPolicy', 'authorization_policy', []],
    ['ResourceServerProofOfPossession', 'proof_of_possession', ['disable']],
    ['ResourceServerScopesScope', 'scopes', []],
    ['ResourceServerSubjectTypeAuthorization', 'subject_type_authorization', []],
    ['ResourceServerSubjectTypeAuthorizationClient', 'subject_type_authorization.client', []],
    ['ResourceServerSubjectTypeAuthorizationUser', 'subject_type_authorization.user', []],
    ['ResourceServerTokenEncryption', 'token_encryption', ['disable']],
    ['ResourceServerTokenEncryptionEncryptionKey', 'token_encryption.encryption_key', []],
  ])('names every member of %s', (type, parent, more) => {
    expect([...attributesOf(parent), ...more].toSorted()).toEqual(propertiesOf('types/input.d.ts', type))
  })

  it('says by name what cannot be said there', () => {
    const paths = topRows().map(({ path }) => path)

    expect(paths.filter((path) => providerPath(path, 'pulumi') === null)).toEqual([
      'id',
      'is_system',
      'client_id',
      'allow_anonymous_access',
      'agent_subject_claims',
      'token_lifetime_for_anonymous_access_tokens',
      'require_consent_non_repudiation',
      'access_token',
    ])
    expect(providerPath('subject_type_authorization.anonymous_user.policy', 'terraform')).toBeNull()
    expect(providerPath('authorization_details.payment.actions', 'terraform')).toBeNull()
    expect(providerPath('something_new', 'pulumi')).toBeNull()
  })

  it.each([
    ['', '', ''],
    ['signing_alg', 'signing_alg', 'signingAlg'],
    ['token_lifetime_for_web', 'token_lifetime_for_web', 'tokenLifetimeForWeb'],
    [
      'token_encryption.encryption_key.alg',
      'token_encryption.encryption_key.algorithm',
      'tokenEncryption.encryptionKey.algorithm',
    ],
    [
      'token_encryption.encryption_key.thumbprint_sha256',
      'token_encryption.encryption_key.pem',
      'tokenEncryption.encryptionKey.pem',
    ],
    ['scopes.read:orders', 'scopes.read:orders', 'scopes.read:orders'],
    ['scopes["a.b"].description', 'scopes["a.b"].description', 'scopes["a.b"].description'],
    [
      'subject_type_authorization.user.policy',
      'subject_type_authorization.user.policy',
      'subjectTypeAuthorization.user.policy',
    ],
  ])('calls %j what a person writes there', (path, terraform, pulumi) => {
    expect([providerPath(path, 'terraform'), providerPath(path, 'pulumi')]).toEqual([terraform, pulumi])
  })

  it('knows the three resources by both spellings, and no other', () => {
    expect(providerKind('auth0_resource_server_scope')).toBe('scope')
    expect(providerKind('auth0:index/resourceServerScopes:ResourceServerScopes')).toBe('scopes')
    expect(providerKind('auth0_client')).toBeNull()
    expect(providerKind('constructor')).toBeNull()
  })
})
