import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, reportIn, run, write } from '../cli/run.ts'
import { programFile } from '../support/built.ts'
import { terraformState } from '../support/terraform-state.ts'
import { identifiersOf, tenantWith } from '../tenant/with-tenant.ts'

const SECRET = 'an-invented-secret-1'

/** The state that an apply of this tenant's APIs would leave. */
function stateOf(tenant: Simulator): JsonObject {
  return terraformState(tenant.list().filter(({ is_system }) => is_system !== true))
}

async function world() {
  const tenant = await tenantWith({ apis: 5 })
  tenant.create({ identifier: 'urn:signed', name: 'Signed', signing_alg: 'HS256', signing_secret: SECRET })
  const [first = ''] = identifiersOf(tenant)
  const cwd = folderWith({ 'terraform.tfstate': stateOf(tenant) })
  const check = async () => {
    const args = ['check', '--declared', 'tfstate:terraform.tfstate', '--output', 'json', '--quiet']
    const { code, out } = await run(args, { cwd, env: envOf(tenant) })
    return { code, out, said: reportIn(out).findings.map(({ kind, path }) => `${kind} ${path}`) }
  }
  return { tenant, first, cwd, check }
}

describe('a Terraform state as what is declared', () => {
  it('is in sync after the apply that left it', async () => {
    const { check } = await world()

    expect(await check()).toMatchObject({ code: 0, said: [] })
  })

  it.each<readonly [string, (tenant: Simulator, first: string) => unknown, readonly string[]]>([
    ['a changed setting', (tenant, api) => tenant.edit(api, { signing_alg: 'PS256' }), ['changed signing_alg']],
    [
      'a scope taken away',
      (tenant, api) => tenant.edit(api, { scopes: [{ value: 'read:orders', description: 'read orders' }] }),
      ['changed scopes.write:orders'],
    ],
    ['a deleted API', (tenant, api) => tenant.remove(api), ['missing ']],
  ])('shows %s, exit 2', async (_name, change, expected) => {
    const { tenant, first, check } = await world()
    change(tenant, first)

    expect(await check()).toMatchObject({ code: 2, said: expected })
  })

  it("names the place as Terraform does, and a scope's by the resource that holds the scopes", async () => {
    const { tenant, first, check } = await world()
    tenant.edit(first, { signing_alg: 'PS256', scopes: [{ value: 'read:orders', description: 'read orders' }] })

    const { findings } = reportIn((await check()).out)

    expect(findings.map(({ path, file, address }) => [path, file, address?.split('.')[0]])).toEqual([
      ['scopes.write:orders', 'terraform.tfstate', 'auth0_resource_server_scopes'],
      ['signing_alg', 'terraform.tfstate', 'auth0_resource_server'],
    ])
  })

  it('shows an API that was deleted and created again at its id', async () => {
    const { tenant, first, check } = await world()
    const api = tenant.list().find(({ identifier }) => identifier === first) ?? {}
    tenant.put({ ...api, id: 'ffffffffffffffffffffffff' })

    expect(await check()).toMatchObject({ code: 2, said: ['changed id'] })
  })

  it('shows that a secret changed, and never one', async () => {
    const { tenant, check } = await world()
    tenant.edit('urn:signed', { signing_secret: 'an-invented-secret-2' })

    const { code, out, said } = await check()

    expect([code, said]).toEqual([2, ['changed signing_secret']])
    expect(out).not.toContain('an-invented-secret')
  })

  it('comes from standard input, too', async () => {
    const { tenant, cwd, first } = await world()
    // A snapshot file holds no secret to compare with.
    tenant.remove('urn:signed')
    const state = JSON.stringify(stateOf(tenant))
    tenant.edit(first, { signing_alg: 'PS256' })
    const snapshot = await run(['snapshot', 'live.json', '--quiet'], { cwd, env: envOf(tenant) })
    const args = ['check', '--declared', 'tfstate:-', '--live', 'live.json', '--max-age', '9999d', '--output', 'json']

    const ended = spawnSync(process.execPath, [programFile('tenant-drift'), ...args], {
      cwd,
      input: state,
      encoding: 'utf8',
    })

    expect(snapshot.code).toBe(0)
    expect([ended.status, reportIn(ended.stdout).findings.map(({ path }) => path)]).toEqual([2, ['signing_alg']])
  })
})

describe('a Terraform state as the base of declared files', () => {
  it('tells what the files take out, and what they change, from what somebody did', async () => {
    const { tenant, first, cwd } = await world()
    const [, second = '', third = ''] = identifiersOf(tenant)
    write(cwd, { 'a.json': { resource_servers: [{ identifier: third, signing_alg: 'PS256' }] } })
    const check = async (): Promise<readonly string[]> => {
      const args = [
        'check',
        '--declared',
        'a.json',
        '--base',
        'tfstate:terraform.tfstate',
        '--output',
        'json',
        '--quiet',
      ]
      const { out } = await run(args, { cwd, env: envOf(tenant) })
      const said = reportIn(out).findings.filter(({ identifier }) => [first, second, third].includes(identifier ?? ''))
      return said.filter(({ origin }) => origin !== null).map(({ kind, origin }) => `${kind} ${origin ?? ''}`)
    }

    const before = await check()
    tenant.edit(second, { token_lifetime: 60 })
    tenant.edit(third, { signing_alg: 'RS512' })

    expect(before.toSorted()).toEqual(['changed pending', 'unmanaged pending', 'unmanaged pending'])
    expect((await check()).toSorted()).toEqual(['changed conflict', 'unmanaged conflict', 'unmanaged pending'])
  })
})
