import { describe, expect, it } from 'vitest'
import { gitHub, pullRequest, repository } from '../action/runner.ts'
import { bash, runWorkflow, standIns } from '../action/workflow.ts'
import { folderWith, run } from '../cli/run.ts'
import { codeBlocks } from '../docs/pages.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const blocks = codeBlocks('README.md')
const ORDERS = 'https://orders.example.com/'

function block(language: string, word: string): string {
  return blocks.find((each) => each.language === language && each.text.includes(word))?.text ?? 'exit 99'
}

async function ordersTenant() {
  const tenant = await tenantWith({ apis: 0 })
  const scopes = [{ value: 'read:orders', description: 'See orders' }]
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200, scopes })
  return tenant
}

describe('the first minute of the README', () => {
  it('ends in sync, and after a change in the dashboard prints what the README shows', async () => {
    const tenant = await ordersTenant()
    const [exported = '', ...commands] = block('console', 'init acme').trim().split('\n')
    expect(exported).toMatch(/^\$ export AUTH0_DOMAIN=\S+ AUTH0_CLIENT_ID=\S+ AUTH0_CLIENT_SECRET=\S+$/)
    const script = ['set -e', ...commands.map((line) => line.replace('$ ', ''))].join('\n')
    const env = {
      PATH: `${standIns()}:${process.env['PATH'] ?? ''}`,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
    }
    const cwd = folderWith()
    const first = await bash(script, env, cwd)
    expect(first).toMatchObject({ code: 0, log: expect.stringContaining('IN SYNC') })

    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    const drifted = await run(['check', '--quiet'], { cwd: `${cwd}/acme`, env })
    const fingerprint = /[0-9a-f]{32}/
    const shown = block('', 'DRIFTED').replace(fingerprint, '').trim()
    expect(drifted.code).toBe(2)
    expect(drifted.out.replace(tenant.domain, 'acme.eu.auth0.com').replace(fingerprint, '')).toContain(shown)
  })
})

describe('the three uses of the README', () => {
  it('previews as the page about pipelines does, which the engine runs', () => {
    expect(codeBlocks('docs/pipelines.md').map(({ text }) => text)).toContain(block('sh', 'stack init'))
  })

  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('check on a schedule, with a tenant that signs with %s: exit %i', async (signing_alg, code) => {
    const tenant = await ordersTenant()
    tenant.edit(ORDERS, { signing_alg })
    const cwd = folderWith({ 'declared/a.json': declared('Orders') })
    const env = {
      PATH: `${standIns()}:${process.env['PATH'] ?? ''}`,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_API_TOKEN: tenant.token,
    }
    expect(await bash(block('sh', 'tenant-drift check'), env, cwd)).toMatchObject({ code })
  })

  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('gate a change of an API that signs with %s in the tenant: exit %i', async (signing_alg, code) => {
    const [tenant, api] = [await ordersTenant(), await gitHub()]
    tenant.edit(ORDERS, { signing_alg })
    const repo = repository({ 'declared/a.json': declared('Orders') }, { 'declared/a.json': declared('New name') })
    const ran = await runWorkflow(block('yaml', 'on: pull_request'), repo.cwd, {
      job: { payload: pullRequest(repo), api },
      secrets: { AUTH0_CLIENT_ID: tenant.client_id, AUTH0_CLIENT_SECRET: tenant.client_secret },
      env: { AUTH0_DOMAIN: tenant.domain },
    })
    expect(ran).toMatchObject({ code })
    expect(api.comments).toHaveLength(code === 0 ? 0 : 1)
  })
})

function declared(name: string) {
  return { resource_servers: [{ identifier: ORDERS, name, signing_alg: 'RS256' }] }
}
