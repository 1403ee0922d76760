import { describe, expect, it } from 'vitest'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { realJson, realText } from '../support/real-states.ts'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'
import { severalTenants } from '../../src/sources/tf-providers.ts'

const read = (text: string, source = 'tfplan:p.json') =>
  parseDeclaredFiles([source], memoryFiles({ 'p.json': text }), { variables: {} })
const valuesOf = (state: DeclaredState, identifier: string): JsonObject | undefined =>
  state.apis.find((api) => api.identifier === identifier)?.values
const FIVE = 'tfplan-five-from-nothing.json'
const VARIANTS = 'tfplan-variants-from-nothing.json'
const UNKNOWN = 'tfplan-unknown-two-tenants.json'

/** A plan with a change made to every entry of its `resource_changes`. */
function changed(name: string, change: (entry: Record<string, Json>) => Json): string {
  const plan = realJson(name)
  const entries = plan['resource_changes'] as readonly Record<string, Json>[]
  return JSON.stringify({ ...plan, resource_changes: entries.map((entry) => change(structuredClone(entry))) })
}

describe('a plan from nothing', () => {
  it('is exactly what the code writes', async () => {
    const state = await read(realText(FIVE))

    expect(state.apis.map(({ identifier }) => identifier)).toEqual([
      'https://bank.example.com/',
      'https://full.example.com/',
      'https://hs.example.com/',
      'https://minimal.example.com/',
      'urn:off',
    ])
    expect(valuesOf(state, 'https://minimal.example.com/')).toEqual({
      identifier: 'https://minimal.example.com/',
      name: 'Minimal',
    })
    expect(valuesOf(state, 'urn:off')).toEqual({
      identifier: 'urn:off',
      name: 'Off',
      consent_policy: null,
      authorization_details: null,
      token_encryption: null,
      proof_of_possession: null,
    })
    expect(valuesOf(state, 'https://full.example.com/')?.['scopes']).toEqual([
      { value: 'bare:full' },
      { value: 'read:full', description: 'Read full' },
      { value: 'write:full', description: 'Write full' },
    ])
    expect(valuesOf(state, 'https://hs.example.com/')?.['scopes']).toEqual([
      { value: 'read:hs', description: 'Read' },
      { value: 'write:hs' },
    ])
    expect(state.apis.flatMap(({ notKnown = [] }) => notKnown)).toEqual([])
    expect([state.tenant, state.warnings]).toEqual([null, []])
  })

  it('holds what count, for_each, dynamic blocks, modules and expressions come to', async () => {
    const state = await read(realText(VARIANTS))

    expect(state.apis.map(({ values }) => values)).toEqual([
      {
        identifier: 'https://counted-0.example.com/',
        name: 'Counted 0',
        token_lifetime: 5400,
      },
      { identifier: 'https://counted-1.example.com/', name: 'Counted 1', token_lifetime: 5401 },
      { identifier: 'https://dyn-off.example.com/', name: 'Dyn off' },
      {
        identifier: 'https://dyn-on.example.com/',
        name: 'Dyn on',
        authorization_details: [{ type: 'payment' }, { type: 'account' }],
        proof_of_possession: { mechanism: 'dpop', required: true },
      },
      { identifier: 'https://each-a-b.example.com/', name: 'Each first', signing_alg: 'RS256', token_lifetime: 7200 },
      { identifier: 'https://each-we--q-.example.com/', name: 'Each second', token_lifetime: 3600 },
      {
        identifier: 'https://half.example.com/',
        name: 'Half',
        proof_of_possession: { mechanism: 'dpop', required: true },
        subject_type_authorization: { user: { policy: 'deny_all' } },
        scopes: [{ value: 'bare:half' }],
      },
      {
        identifier: 'https://hs2.example.com/',
        name: 'HS2',
        signing_alg: 'HS256',
        signing_secret: 'variant-secret-0123456789',
        scopes: [{ value: 'read:hs2', description: 'Read' }, { value: 'write:hs2' }],
      },
      { identifier: 'https://ign.example.com/', name: 'Ign', signing_alg: 'RS256' },
      {
        identifier: 'https://ignnested.example.com/',
        name: 'Ign nested',
        proof_of_possession: { mechanism: 'dpop', required: true },
        subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'require_client_grant' } },
      },
      {
        identifier: 'https://in-a.example.com/',
        name: 'In A',
        signing_alg: 'PS256',
        scopes: [{ value: 'read:in-a', description: 'Read' }],
      },
      { identifier: 'https://in-b.example.com/', name: 'In B', token_lifetime: 1800 },
      {
        identifier: 'https://m1.example.com/',
        name: 'M1',
        proof_of_possession: { mechanism: 'mtls', required: true },
        scopes: [
          { value: 'read:m1', description: 'Read' },
          { value: 'write:m1', description: 'Write' },
        ],
      },
      { identifier: 'https://nulls.example.com/', name: 'Nulls', token_lifetime: 5400, enforce_policies: true },
    ])
    expect(state.apis.flatMap(({ notKnown = [] }) => notKnown)).toEqual([])
  })

  it('names once what is null through a variable, as far as it tells', async () => {
    const { warnings } = await read(realText(VARIANTS))

    expect(warnings.map(({ message }) => message)).toEqual([
      'probably null through a variable, so it is treated as left out: signing_alg in auth0_resource_server.each["we \\"q\\""], token_dialect in auth0_resource_server.nulls, signing_alg in module.one.auth0_resource_server.this, token_lifetime in module.one.auth0_resource_server.this, token_lifetime in module.outer.module.inner["in-a"].auth0_resource_server.this, signing_alg in module.outer.module.inner["in-b"].auth0_resource_server.this',
    ])
  })

  it('knows address and line of each part', async () => {
    const state = await read(realText(FIVE))
    const full = state.apis.find(({ identifier }) => identifier === 'https://full.example.com/')

    expect([full?.at, full?.fieldsAt]).toEqual([
      'auth0_resource_server.full',
      { scopes: 'auth0_resource_server_scopes.full' },
    ])
  })
})

describe('a plan from nothing with what is not known before an apply', () => {
  /** Without some resources: the conditional, whose owner cannot be told, and one of the two ways in which the scopes of `fe` are written. */
  const without = (...names: readonly string[]): string =>
    changed(UNKNOWN, (entry) => {
      const address = entry['address'] as string
      return names.some((name) => address.startsWith(name)) ? { ...entry, mode: 'data' } : entry
    })
  const CONDITIONAL = 'auth0_resource_server_scopes.by_dyn["src"]'
  const told = without(CONDITIONAL, 'auth0_resource_server_scope.fe_one')

  it('does not know a value that the code takes from another resource, and knows the rest', async () => {
    const state = await read(told, 'tfplan:p.json#auth0')
    const unknown = state.apis.find(({ identifier }) => identifier === 'https://unk.example.com/')

    expect(unknown?.values).toEqual({ identifier: 'https://unk.example.com/', scopes: [{ value: 'x' }] })
    expect(unknown?.notKnown).toEqual(
      ['allow_offline_access', 'name', 'signing_alg', 'token_encryption'].map((path) => ({ path, why: 'unresolved' })),
    )
  })

  it('does not know a list of scopes that hangs on another resource', async () => {
    const state = await read(told, 'tfplan:p.json#auth0')
    const source = state.apis.find(({ identifier }) => identifier === 'https://src.example.com/')

    expect([source?.values, source?.notKnown]).toEqual([
      { identifier: 'https://src.example.com/' },
      [{ path: 'scopes', why: 'unresolved' }],
    ])
  })

  it('finds whose scopes they are by the expression: each.value, a computed key, an output of a module', async () => {
    const [one, two] = await Promise.all([read(told, 'tfplan:p.json#auth0'), read(told, 'tfplan:p.json#auth0.two')])
    const each = one.apis.filter(({ identifier }) => identifier.startsWith('https://fe-'))

    expect(each.map(({ values }) => [values['name'], values['scopes']])).toEqual([
      ['d-${x}', [{ value: 'read:fe' }]],
      ['c[0]', [{ value: 'read:fe' }]],
      ['a.b', [{ value: 'read:fe' }]],
    ])
    expect(valuesOf(two, 'https://m.example.com/')?.['scopes']).toEqual([{ value: 'read:m' }])
    const single = await read(without(CONDITIONAL, 'auth0_resource_server_scopes.fe'), 'tfplan:p.json#auth0')
    expect(single.apis.flatMap(({ values }) => (values['name'] === 'a.b' ? [values['scopes']] : []))).toEqual([
      [{ value: 'write:fe' }],
    ])
  })

  it('refuses scopes that may belong to two APIs, by their address', async () => {
    const mistakes = await mistakesOf(read(realText(UNKNOWN), 'tfplan:p.json#auth0'))

    expect(mistakes.join('\n')).toContain(
      'auth0_resource_server_scopes.by_dyn["src"]: the API of these scopes is not known before an apply: use `.identifier`',
    )
  })

  it('refuses two tenants, and takes the one that is chosen by name', async () => {
    const mistakes = await mistakesOf(read(told))
    const [one, two] = await Promise.all([read(told, 'tfplan:p.json#auth0'), read(told, 'tfplan:p.json#auth0.two')])
    const wrong = await mistakesOf(read(told, 'tfplan:p.json#auth0.three'))

    expect(mistakes.join('\n')).toMatch(
      /several configurations of the provider.*auth0 \(one\.eu\.auth0\.com\), auth0\.two \(two\.eu\.auth0\.com\)/,
    )
    expect([one.tenant, two.tenant]).toEqual(['one.eu.auth0.com', 'two.eu.auth0.com'])
    expect(two.apis.map(({ identifier }) => identifier)).toEqual(['https://b.example.com/', 'https://m.example.com/'])
    expect(wrong.join('\n')).toContain('known: auth0, auth0.two')
  })
})

describe('every other plan is refused, each with its own sentence', () => {
  const plan = realJson(FIVE)
  const { resource_changes: _changes, ...withoutChanges } = plan
  const { configuration: _configuration, ...withoutConfiguration } = plan

  it.each<[string, string, RegExp]>([
    ['from a state', realText('tfplan-five-from-state.json'), /made from a state that holds it.*empty state/],
    ['variants from a state', realText('tfplan-variants-from-state.json'), /made from a state that holds it/],
    ['that failed', JSON.stringify({ ...plan, errored: true }), /this plan failed/],
    ['of a part of the code', JSON.stringify({ ...plan, complete: false }), /only a part of the code/],
    ['to refresh only', JSON.stringify(withoutChanges), /refresh only/],
    ['of a test', JSON.stringify(withoutConfiguration), /has no configuration/],
    [
      'with an import',
      changed(FIVE, (entry) => ({ ...entry, change: { ...(entry['change'] as JsonObject), importing: { id: 'x' } } })),
      /an import block/,
    ],
    [
      'that deletes',
      changed(FIVE, (entry) => ({ ...entry, change: { ...(entry['change'] as JsonObject), actions: ['delete'] } })),
      /made from a state/,
    ],
    ['without APIs', JSON.stringify({ ...plan, resource_changes: [] }), /holds no auth0_resource_server/],
    ['that is a state', realText('terraform-provider-1.38.0.tfstate'), /is a state, not a plan/],
    ['that is a shown state', realText('terraform-provider-1.38.0.show.json'), /is a state, not a plan/],
    ['that is the file itself', 'PK\u0003\u0004...', /the plan file itself/],
    ['line by line', '{"@level":"info","type":"version"}\n{"@level":"info"}\n', /line by line/],
    ['that is something else', '{"a": 1}', /is not what `terraform show -json PLANFILE` prints/],
    ['that is a list', '[]', /is not what/],
  ])('%s', async (_, text, message) => {
    const mistakes = await mistakesOf(read(text))

    expect(mistakes.join('\n')).toMatch(message)
  })

  it('and never with a line of the plan, which holds secrets in clear', async () => {
    const text = realText(VARIANTS)
    const broken = [text.slice(0, -10), text.replace('"resource_changes"', '"resource_changed"')]

    const mistakes = await Promise.all(broken.map((each) => mistakesOf(read(each))))

    expect(mistakes.flat().join('\n')).not.toContain('variant-secret')
    expect(mistakes.map((each) => each.length > 0)).toEqual([true, true])
  })
})

it('scopes inside of an API that are not known yet are not known, as those of a resource of their own', async () => {
  const name = { mode: 'managed', type: 'auth0_resource_server', name: 'a' }
  const expressions = { identifier: { constant_value: 'urn:a' }, scopes: { references: ['random_id.x.hex'] } }
  const change = { actions: ['create'], before: null, after: { identifier: 'urn:a' }, after_unknown: { scopes: true } }
  const plan = {
    format_version: '1.2',
    configuration: { root_module: { resources: [{ ...name, expressions }] } },
    resource_changes: [{ ...name, address: 'auth0_resource_server.a', change }],
  }

  const { apis } = await read(JSON.stringify(plan))

  expect(apis.map(({ notKnown }) => notKnown)).toEqual([[{ path: 'scopes', why: 'unresolved' }]])
})

it('two configurations of the provider that write one tenant in different ways are for one', () => {
  const used = ['acme.eu.auth0.com', 'https://ACME.eu.auth0.com/'].map((domain, index) => ({
    key: `auth0.${index}`,
    domain,
  }))

  expect(severalTenants(used, null)).toBeNull()
  expect(severalTenants([...used, { key: 'auth0.us', domain: 'acme.us.auth0.com' }], null)).toContain('several')
})

it('a plan of OpenTofu, which has no `complete`, is read as Terraform’s is', async () => {
  const { complete: _complete, applyable: _applyable, ...plan } = realJson(FIVE)
  const text = JSON.stringify(plan).replaceAll('registry.terraform.io', 'registry.opentofu.org')

  const [terraform, tofu] = await Promise.all([read(realText(FIVE)), read(text)])

  expect(tofu.apis.map(({ values }) => values)).toEqual(terraform.apis.map(({ values }) => values))
  expect(isJsonObject(plan['configuration'])).toBe(true)
})
