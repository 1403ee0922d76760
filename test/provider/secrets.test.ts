import output from '@pulumi/pulumi/output.js'
import { describe, expect, test } from 'vitest'
import { secretPaths } from '../../src/provider/inputs.ts'
import { isSecretDigest } from '../../src/schema/secret-digest.ts'
import { asJsonObject, type JsonObject } from '../../src/schema/json.ts'
import { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../../src/schema/state-contract.ts'
import { runPack } from '../policies/run-policies.ts'
import { checkOnce, methodsOf, startProcess, tenantWith } from '../support/checks.ts'
import { runCommand, type Command, type Resource } from '../support/engine-model.ts'

const API = 'https://orders.example.com/'
const SECRET = 'planted-secret-value'
const LIVE = 'planted-live-value'

async function tenantHolding(secret: string) {
  const tenant = await tenantWith()
  tenant.create({ identifier: API, name: 'Orders', signing_alg: 'HS256', signing_secret: secret })
  return tenant
}

describe('a signing secret', () => {
  const declared: JsonObject = { identifier: API, signing_alg: 'HS256', signing_secret: SECRET }

  test('goes back as a digest under the same key, the same each time, and equals the live one', async () => {
    const tenant = await tenantHolding(SECRET)

    const one = await checkOnce(startProcess(tenant), 'server', declared)
    const other = await checkOnce(startProcess(tenant), 'inline', { resource_servers: [declared] })
    const again = await checkOnce(startProcess(tenant), 'server', declared, one.inputs)

    const [inline] = other.inputs.resource_servers as JsonObject[]
    expect(isSecretDigest(one.inputs.signing_secret)).toBe(true)
    expect(inline?.signing_secret).toBe(one.inputs.signing_secret)
    expect(again.inputs.signing_secret).toBe(one.inputs.signing_secret)
    expect([one.drift, other.drift, again.drift]).toEqual([{}, {}, {}])
  })

  test('that differs says hidden, and neither drift nor observed holds a digest of it', async () => {
    const tenant = await tenantHolding(LIVE)

    const { inputs, observed, drift } = await checkOnce(startProcess(tenant), 'server', declared)

    expect(drift).toMatchObject({ signing_secret: { declared: '(hidden)', live: '(hidden)', origin: 'drift' } })
    expect(JSON.stringify([observed, drift])).not.toMatch(/scrypt|planted/)
    expect(JSON.stringify(inputs)).not.toContain('planted')
  })

  test('is a digest even where the declaration is invalid, or nothing is configured', async () => {
    const tenant = await tenantHolding(SECRET)
    const nowhere = startProcess(tenant, { env: { AUTH0_DOMAIN: undefined } })

    const invalid = await checkOnce(startProcess(tenant), 'server', { ...declared, token_lifetime: -1 })
    const unconfigured = await checkOnce(nowhere, 'server', declared)

    expect(invalid.observed.status).toBe('invalid')
    expect(unconfigured.observed.status).toBe('unreadable')
    expect(JSON.stringify([invalid.inputs, unconfigured.inputs])).not.toContain('planted')
  })
})

test('a name that is a secret stands in no entry, not even in that of the whole API', async () => {
  const tenant = await tenantWith()
  const fields = { identifier: 'https://gone', name: SECRET }

  const server = await checkOnce(startProcess(tenant), 'server', { ...fields, secretInputs: ['name'] })
  const inline = await checkOnce(startProcess(tenant), 'inline', {
    resource_servers: [fields],
    secretInputs: ['resource_servers[0].name'],
  })

  expect(server.drift).toMatchObject({ identifier: { kind: 'missing' } })
  expect(inline.drift).toMatchObject({ 'https://gone': { identifier: { kind: 'missing' } } })
  expect(JSON.stringify([server.inputs, inline.inputs])).not.toContain('planted')
})

describe('an input that the program made a secret', () => {
  const of = async (declared: string, live: string) => {
    const tenant = await tenantWith()
    tenant.create({ identifier: API, signing_alg: live })
    const fields = { identifier: API, signing_alg: declared }
    const server = await checkOnce(startProcess(tenant), 'server', { ...fields, secretInputs: ['signing_alg'] })
    const inline = await checkOnce(startProcess(tenant), 'inline', {
      resource_servers: [fields],
      secretInputs: ['resource_servers[0].signing_alg'],
    })
    const policies = runPack([
      { type: RESOURCE_SERVER_TYPE, props: server.inputs },
      { type: TENANT_TYPE, props: inline.inputs },
    ])
    const said = policies.filter(({ policy }) => policy === 'signing-alg-drift')
    return { entries: [server.drift, inline.drift[API]], said }
  }

  test('is as grave as its worst whichever way it changed, and no text tells which', async () => {
    const [weaker, safer] = [await of('RS256', 'HS256'), await of('HS256', 'RS256')]

    expect(weaker).toEqual(safer)
    expect(weaker.entries).toEqual(
      weaker.entries.map(() => ({
        signing_alg: expect.objectContaining({ severity: 'critical', direction: 'neutral' }),
      })),
    )
    expect(weaker.said.map(({ level }) => level)).toEqual(['mandatory', 'mandatory'])
    for (const { message } of weaker.said) expect(message).toContain('The worst is assumed')
  })
})

describe('a change of the code at an input that the program made a secret', () => {
  const of = async (form: 'server' | 'inline', before: string, now: string) => {
    const tenant = await tenantWith()
    tenant.put({ id: '66a1f0000000000000000001', identifier: API, signing_alg: before })
    const program = (alg: string): JsonObject =>
      form === 'server'
        ? { identifier: API, signing_alg: alg, secretInputs: ['signing_alg'] }
        : {
            resource_servers: [{ identifier: API, signing_alg: alg }],
            secretInputs: ['resource_servers[0].signing_alg'],
          }
    const run = (command: Command, alg: string, state: Resource | null) =>
      runCommand(command, { methods: methodsOf(startProcess(tenant), form), program: program(alg), state })
    const { state } = await run('up', before, null)
    const { checked } = await run('preview', now, state)
    const type = form === 'server' ? RESOURCE_SERVER_TYPE : TENANT_TYPE
    const said = runPack([{ type, props: checked ?? {} }]).filter(({ policy }) => policy === 'weaker-declaration')
    return { notices: asJsonObject(checked?.observed).notices, said }
  }

  test.for(['server', 'inline'] as const)(
    '%s: is said whichever way it goes, and nothing tells which',
    async (form) => {
      const [weaker, safer] = [await of(form, 'RS256', 'HS256'), await of(form, 'HS256', 'RS256')]
      const none = await of(form, 'RS256', 'RS256')

      expect(weaker).toEqual(safer)
      expect(weaker.notices).toEqual([
        expect.objectContaining({
          kind: 'weaker-declaration',
          path: 'signing_alg',
          severity: 'critical',
          direction: 'neutral',
        }),
      ])
      expect(weaker.said.map(({ level, severity }) => [level, severity])).toEqual([['advisory', 'critical']])
      for (const { message } of weaker.said) {
        expect(message).toContain('The worst is assumed')
        expect(message).not.toMatch(/less safe|forge|S256/)
      }
      expect(none.notices).toEqual([])
    },
  )
})

describe('which inputs are secrets', () => {
  const { secret } = output
  test.for([
    ['none', { signing_alg: 'RS256', scopes: [{ value: 'a' }] }, undefined],
    ['a field', { name: secret('x') }, ['name']],
    ['a part of a list', { scopes: [{ value: 'a' }, { value: secret('x') }] }, ['scopes[1].value']],
    ['a promise of one', { name: Promise.resolve(secret('x')) }, ['name']],
    ['a part of a promised object', { scopes: Promise.resolve([{ value: secret('x') }]) }, ['scopes[0].value']],
    ['an output around one', { scopes: output.output([{ value: secret('x') }]) }, ['scopes']],
    ['two', { b: secret('x'), a: secret('y') }, ['a', 'b']],
  ] as const)('%s', async ([, args, paths]) => {
    expect(await secretPaths(args)).toEqual(paths)
  })
})
