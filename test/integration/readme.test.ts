import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitHub, pullRequest, repository } from '../action/runner.ts'
import { runWorkflow } from '../action/workflow.ts'
import { folderWith, readReport } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { emptyShell } from '../support/empty-shell.ts'
import { playOf } from '../support/play-page.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const README = 'README.md'
const ORDERS = 'https://orders.example.com/'

async function ordersTenant() {
  const tenant = await tenantWith({ apis: 0 })
  const scopes = [{ value: 'read:orders', description: 'See orders' }]
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200, scopes })
  return tenant
}

describe('the first minute of the README', () => {
  it('ends in sync, and after a change in the dashboard prints what the README shows', async () => {
    const tenant = await ordersTenant()
    const shell = emptyShell({ tenant })
    const page = playOf(README)

    const first = await shell.paste(blockOf(README, 'init acme'))
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    await page.next(shell)

    expect(first).toMatchObject({ code: 0, log: expect.stringContaining('IN SYNC  acme.eu.auth0.com') })
    // The demo and the tests, which would start themselves.
    expect(page.rest).toBe(1)
  })
})

describe('the three uses of the README', () => {
  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('check on a schedule, with a tenant that signs with %s: exit %i', async (signing_alg, code) => {
    const tenant = await ordersTenant()
    tenant.edit(ORDERS, { signing_alg })
    const cwd = folderWith({ 'declared/a.json': declared('Orders') })
    const shell = emptyShell({ tenant, cwd })
    expect(await shell.paste(blockOf(README, '--output json=report.json'))).toMatchObject({ code })
    expect(readReport(cwd, 'report.json').exitCode).toBe(code)
  })

  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('gate a change of an API that signs with %s in the tenant: exit %i', async (signing_alg, code) => {
    const [tenant, api] = [await ordersTenant(), await gitHub()]
    tenant.edit(ORDERS, { signing_alg })
    const repo = repository({ 'declared/a.json': declared('Orders') }, { 'declared/a.json': declared('New name') })
    const pasted = await emptyShell({ tenant, cwd: repo.cwd }).paste(blockOf(README, 'on: pull_request'))
    const workflow = join(repo.cwd, '.github', 'workflows', 'gate.yml')
    expect([pasted, existsSync(workflow)]).toEqual([{ code: 0, log: '' }, true])
    const ran = await runWorkflow(readFileSync(workflow, 'utf8'), repo.cwd, {
      job: { payload: pullRequest(repo), api },
      secrets: { AUTH0_CLIENT_ID: tenant.client_id, AUTH0_CLIENT_SECRET: tenant.client_secret },
      env: {},
    })
    expect(ran).toMatchObject({ code })
    expect(api.comments).toHaveLength(code === 0 ? 0 : 1)
  })
})

function declared(name: string) {
  return { resource_servers: [{ identifier: ORDERS, name, signing_alg: 'RS256' }] }
}
