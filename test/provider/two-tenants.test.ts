import { afterEach, describe, expect, test, vi } from 'vitest'
import { Auth0Tenant } from '../../src/provider/front.ts'
import { CREDENTIALS_KEY } from '../../src/provider/contract.ts'
import { checkOnce, startProcess, tenantWith } from '../support/checks.ts'

const API = { identifier: 'https://orders.example.com/', signing_alg: 'RS256' }

describe('a provider of its own', () => {
  test('never sends the credentials of the environment to the tenant that it names', async () => {
    const [here, there] = [await tenantWith(), await tenantWith()]
    const config = (key: string) => (key === 'auth0:domain' ? there.domain : undefined)

    for (const env of [
      { AUTH0_DOMAIN: here.domain, AUTH0_API_TOKEN: here.token },
      { AUTH0_DOMAIN: undefined, AUTH0_API_TOKEN: here.token },
    ]) {
      const { observed } = await checkOnce(startProcess(here, { config, env }), 'server', API)
      expect(observed).toMatchObject({ status: 'unreadable', code: 'invalid_config' })
    }

    expect([here.requests(), there.requests()]).toEqual([{}, {}])
  })

  test('of an Auth0Tenant takes the variables that it names, and nothing of AUTH0_*', async () => {
    const [here, there] = [await tenantWith(), await tenantWith()]
    there.create(API)
    const given: Readonly<Record<string, string>> = {
      'auth0:domain': there.domain,
      // Of a stack with one tenant; nobody may mix it in.
      'auth0:apiToken': here.token,
      [CREDENTIALS_KEY]: JSON.stringify({ apiToken: 'THERE_TOKEN' }),
    }
    const process = (env: Readonly<Record<string, string>>) =>
      startProcess(here, { config: (key) => given[key], env: { AUTH0_API_TOKEN: here.token, ...env } })

    const set = await checkOnce(process({ THERE_TOKEN: there.token }), 'server', API)
    const seen = there.requests()
    const unset = await checkOnce(process({}), 'server', API)

    expect(set).toMatchObject({ drift: {}, observed: { status: 'read', tenant: there.domain } })
    expect(unset.observed).toMatchObject({
      status: 'unreadable',
      code: 'invalid_config',
      message: expect.stringContaining('THERE_TOKEN'),
    })
    expect([here.requests(), there.requests()]).toEqual([{}, seen])
  })
})

describe('Auth0Tenant', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.for([
    ['without a domain', { domain: '', credentials: { apiToken: 'SET' } }, /its domain is missing/],
    ['without credentials', { domain: 'a.example', credentials: {} }, /name the variable of its apiToken/],
    [
      'with an unset variable',
      { domain: 'a.example', credentials: { apiToken: 'UNSET' } },
      /variable UNSET is not set/,
    ],
    [
      'with an unknown credential',
      { domain: 'a.example', credentials: { token: 'SET' } },
      /no credential token; known/,
    ],
    [
      'with a value in place of a name',
      { domain: 'a.example', credentials: { apiToken: 'ey.planted' } },
      /and not the value/,
    ],
  ] as const)('%s throws in the program, and repeats no value', ([, args, message]) => {
    vi.stubEnv('SET', 'planted')
    const make = () => new Auth0Tenant('a', args as ConstructorParameters<typeof Auth0Tenant>[1])
    expect(make).toThrow(message)
    expect(make).not.toThrow(/planted/)
  })
})
