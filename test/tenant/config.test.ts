import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MistakesError } from '../../src/schema/errors.ts'
import { parseDuration } from '../../src/schema/duration.ts'
import { isSameTenant } from '../../src/schema/tenant-address.ts'
import { tenantConfig } from '../../src/tenant/front.ts'

const PLANTED = 'planted-value-0123456789'
const GOOD = { AUTH0_DOMAIN: 'acme.eu.auth0.com', AUTH0_CLIENT_ID: 'id', AUTH0_CLIENT_SECRET: PLANTED }

function mistakesOf(env: Record<string, string>, pulumi?: Record<string, string>): string[] {
  try {
    tenantConfig({ env, pulumi: pulumi === undefined ? undefined : (key) => pulumi[key] })
  } catch (error) {
    if (error instanceof MistakesError && error.code === 'invalid_config')
      return error.mistakes.map(({ message }) => message)
    throw error
  }
  return []
}

describe('the domain', () => {
  it.each([
    ['acme.eu.auth0.com', 'acme.eu.auth0.com', 'https://acme.eu.auth0.com'],
    [' ACME.eu.auth0.com/ ', 'acme.eu.auth0.com', 'https://acme.eu.auth0.com'],
    ['https://login.acme.com', 'login.acme.com', 'https://login.acme.com'],
    ['localhost:8443', 'localhost:8443', 'https://localhost:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/', 'http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080', 'http://[::1]:8080'],
  ])('%j is the tenant %s at %s', (domain, tenant, origin) => {
    expect(tenantConfig({ env: { ...GOOD, AUTH0_DOMAIN: domain } })).toMatchObject({ tenant, origin })
  })

  it.each([
    ['http://acme.eu.auth0.com', /plain http/],
    ['http://127.0.0.1.evil.example', /plain http/],
    ['ftp://acme.eu.auth0.com', /scheme/],
    [`https://user:${PLANTED}@acme.eu.auth0.com`, /credentials/],
    [`user:${PLANTED}@acme.eu.auth0.com`, /credentials/],
    ['acme.eu.auth0.com/api/v2/', /path/],
    ['acme.eu.auth0.com?x=1', /path/],
    ['acme.eu.auth0.com#', /path/],
    ['acme .auth0.com', /not a domain/],
    ['https://', /not a domain/],
  ])('%j is refused', (domain, words) => {
    const [mistake, ...others] = mistakesOf({ ...GOOD, AUTH0_DOMAIN: domain })
    expect(mistake).toMatch(/^AUTH0_DOMAIN \(Pulumi config auth0:domain\)/)
    expect(mistake).toMatch(words)
    expect(mistake).not.toContain(PLANTED)
    expect(others).toEqual([])
  })

  it('names the same tenant however it is written', () => {
    expect(isSameTenant('https://ACME.eu.auth0.com/', 'acme.eu.auth0.com')).toBe(true)
    expect(isSameTenant('http://127.0.0.1:1', '127.0.0.1:1')).toBe(false)
  })
})

describe('credentials', () => {
  it('come from Pulumi config before the environment', () => {
    const pulumi = { 'auth0:domain': 'pulumi.eu.auth0.com', 'auth0:clientId': 'p', 'auth0:clientSecret': 's' }
    const config = tenantConfig({
      env: { ...GOOD, AUTH0_API_TOKEN: 'from-env' },
      pulumi: (key) => Object.entries(pulumi).find(([name]) => name === key)?.[1],
    })
    expect(config).toMatchObject({
      tenant: 'pulumi.eu.auth0.com',
      credential: { kind: 'client-secret', clientId: 'p', clientSecret: 's' },
    })
  })

  it('may come from both, one value each', () => {
    const config = tenantConfig({
      env: GOOD,
      pulumi: (key) => (key === 'auth0:audience' ? 'https://a.example/api/v2/' : undefined),
    })
    expect(config).toMatchObject({ tenant: 'acme.eu.auth0.com', audience: 'https://a.example/api/v2/' })
  })

  const OTHER = {
    AUTH0_DOMAIN: 'other.eu.auth0.com',
    AUTH0_API_TOKEN: PLANTED,
    AUTH0_AUDIENCE: 'https://other.example/',
  }

  it.each([
    ['of another tenant', OTHER],
    ['of a tenant that nobody names', { AUTH0_API_TOKEN: PLANTED }],
    ['by a secret', { AUTH0_CLIENT_ID: 'id', AUTH0_CLIENT_SECRET: PLANTED }],
    ['by a key', { AUTH0_CLIENT_ID: 'id', AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: PLANTED }],
  ])('of the environment are never taken for a domain of the Pulumi config: %s', (_, env) => {
    const mistakes = mistakesOf(env, { 'auth0:domain': 'acme.eu.auth0.com' })
    expect(mistakes).toEqual([expect.stringMatching(/^No credentials: .*come from one place/)])
    expect(mistakes.join()).not.toContain(PLANTED)
  })

  it('of the Pulumi config are never taken for a domain of the environment', () => {
    const domain = { AUTH0_DOMAIN: 'acme.eu.auth0.com' }
    expect(mistakesOf(domain, { 'auth0:apiToken': PLANTED })).toEqual([
      expect.stringMatching(/^Pulumi config auth0:domain is missing/),
    ])
    expect(mistakesOf(domain, { 'auth0:clientId': 'x', 'auth0:clientSecret': PLANTED })).toHaveLength(1)
  })

  it('may come from both where both name the same tenant, and those of the config win', () => {
    const pulumi = { 'auth0:domain': 'https://ACME.eu.auth0.com/', 'auth0:apiToken': 'of-the-config' }
    const env = { AUTH0_DOMAIN: 'acme.eu.auth0.com', AUTH0_API_TOKEN: PLANTED, AUTH0_AUDIENCE: 'https://a.example/' }
    const { 'auth0:domain': domain } = pulumi
    const lookup = (given: Readonly<Record<string, string>>) => (key: string) => given[key]

    expect(tenantConfig({ env, pulumi: lookup({ 'auth0:domain': domain }) })).toMatchObject({
      credential: { kind: 'token', token: PLANTED },
    })
    expect(tenantConfig({ env, pulumi: lookup(pulumi) })).toMatchObject({
      credential: { kind: 'token', token: 'of-the-config' },
      audience: 'https://a.example/',
    })
  })

  it('of the config go without the audience of another tenant', () => {
    const pulumi = { 'auth0:domain': 'acme.eu.auth0.com', 'auth0:apiToken': 'of-the-config' }
    const config = tenantConfig({
      env: OTHER,
      pulumi: (key) => Object.entries(pulumi).find(([name]) => name === key)?.[1],
    })
    expect(config).toMatchObject({ credential: { token: 'of-the-config' }, audience: null })
  })

  it.each([
    ['a token before a secret', { ...GOOD, AUTH0_API_TOKEN: ' opaque \n' }, { kind: 'token', token: 'opaque' }],
    ['an empty token not at all', { ...GOOD, AUTH0_API_TOKEN: '' }, { kind: 'client-secret' }],
  ])('are taken: %s', (_, env, credential) => {
    expect(tenantConfig({ env })).toMatchObject({ credential })
  })

  it.each([
    ['nothing at all', {}, [/^AUTH0_DOMAIN .* is missing/, /^No credentials: set AUTH0_API_TOKEN/]],
    [
      'no secret',
      { AUTH0_DOMAIN: 'a.example', AUTH0_CLIENT_ID: 'x' },
      [/^AUTH0_CLIENT_SECRET \(Pulumi config auth0:clientSecret\) is missing/],
    ],
    ['no id', { AUTH0_DOMAIN: 'a.example', AUTH0_CLIENT_SECRET: PLANTED }, [/^AUTH0_CLIENT_ID .* is missing/]],
    [
      'a token in two lines',
      { AUTH0_DOMAIN: 'a.example', AUTH0_API_TOKEN: `${PLANTED}\n${PLANTED}` },
      [/^AUTH0_API_TOKEN .*header/],
    ],
    [
      'a token with its scheme',
      { AUTH0_DOMAIN: 'a.example', AUTH0_API_TOKEN: `Bearer ${PLANTED}` },
      [/^AUTH0_API_TOKEN .*header/],
    ],
    ['an audience that is no URL', { ...GOOD, AUTH0_AUDIENCE: PLANTED }, [/^AUTH0_AUDIENCE .*not a URL/]],
    [
      'a path instead of a key',
      { ...GOOD, AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: `/keys/${PLANTED}` },
      [/^AUTH0_CLIENT_ASSERTION_PRIVATE_KEY .*not a path/],
    ],
    [
      'another algorithm',
      { ...GOOD, AUTH0_CLIENT_ASSERTION_SIGNING_ALG: PLANTED },
      [/^AUTH0_CLIENT_ASSERTION_SIGNING_ALG must be one of RS256/],
    ],
    ['no duration', { ...GOOD, TENANT_DRIFT_DEADLINE: 'soon' }, [/^TENANT_DRIFT_DEADLINE must be a duration/]],
    ['an endless duration', { ...GOOD, TENANT_DRIFT_DEADLINE: '2h' }, [/^TENANT_DRIFT_DEADLINE must be/]],
  ])('are refused without being repeated: %s', (_, env, words) => {
    const mistakes = mistakesOf(env)
    expect(mistakes).toEqual(words.map((word) => expect.stringMatching(word)))
    expect(mistakes.join()).not.toContain(PLANTED)
  })

  const rsa = (length: number, type: 'pkcs1' | 'pkcs8') =>
    generateKeyPairSync('rsa', {
      modulusLength: length,
      privateKeyEncoding: { type, format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })

  it.each([
    ['PKCS#1', rsa(2048, 'pkcs1').privateKey],
    ['PKCS#8', rsa(2048, 'pkcs8').privateKey],
    ['PKCS#8 on one line', rsa(2048, 'pkcs8').privateKey.replaceAll('\n', String.raw`\n`)],
  ])('may be a private key in %s, which wins over a secret', (_, pem) => {
    const env = { ...GOOD, AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: pem, AUTH0_CLIENT_ASSERTION_SIGNING_ALG: 'PS256' }
    expect(tenantConfig({ env })).toMatchObject({
      credential: { kind: 'private-key', clientId: 'id', algorithm: 'PS256' },
    })
  })

  it.each([
    ['a public one', rsa(2048, 'pkcs8').publicKey, /not a private key/],
    ['a short one', rsa(1024, 'pkcs8').privateKey, /2048 bits/],
    [
      'one of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /not an RSA key/,
    ],
    [
      'an encrypted one',
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
      /encrypted/,
    ],
  ])('may not be a private key that is %s', (_, pem, words) => {
    const mistakes = mistakesOf({ ...GOOD, AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: pem })
    expect(mistakes).toEqual([expect.stringMatching(words)])
    expect(mistakes.join()).not.toContain(pem.slice(60, 90))
  })
})

describe('durations', () => {
  it.each([
    ['120', 120_000],
    ['1.5s', 1500],
    ['500ms', 500],
    ['2m', 120_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['', null],
    ['-1s', null],
    ['1 week', null],
  ])('%j is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it('default to two minutes for the deadline', () => {
    expect(tenantConfig({ env: GOOD }).deadlineMs).toBe(120_000)
  })
})
