import { join } from 'node:path'
import { expect, it } from 'vitest'
import { requirePulumi } from '../../tools/pulumi-cli.mjs'
import { git, repository } from '../action/runner.ts'
import { toolsWith } from '../action/workflow.ts'
import { envOf, folderWith, run, write } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { installAuth0Plugin } from '../support/auth0-plugin/install.ts'
import { emptyShell, type Shell } from '../support/empty-shell.ts'
import { pulumiTool } from '../support/pulumi-tool.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const ORDERS = 'https://orders.example.com/'
const [README, PULUMI, POLICIES, PIPELINES] = ['README.md', 'docs/pulumi.md', 'docs/policies.md', 'docs/pipelines.md']
const DECLARED = blockOf(PULUMI, '# declared/orders.yaml')
const AUTH0_PROGRAM = "const orders = new auth0.ResourceServer('orders', {"
const PROGRAM = blockOf(PULUMI, "files: 'declared/*.yaml'")
const PROJECT = {
  'Pulumi.yaml': blockOf(PULUMI, 'main: src/index.ts'),
  'package.json': { type: 'module' },
  'src/index.ts': PROGRAM,
  'declared/orders.yaml': DECLARED,
}

async function ordersTenant() {
  const tenant = await tenantWith({ apis: 0 })
  const scopes = [{ value: 'read:orders', description: 'See orders' }]
  tenant.create({ identifier: ORDERS, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200, scopes })
  return tenant
}

type Tenant = Awaited<ReturnType<typeof ordersTenant>>
const shellFor = (tenant: Tenant, cwd: string, own: Readonly<Record<string, string>> = {}): Shell =>
  emptyShell({ tenant, cwd, own, tools: toolsWith({ pulumi: pulumiTool() }) })

it('the preview of the README passes in sync, and stops over drift, in an empty shell', async () => {
  const tenant = await ordersTenant()
  const cwd = folderWith({ 'declared/orders.yaml': DECLARED })
  const block = blockOf(README, 'npm install --prefix .')
  expect(await shellFor(tenant, cwd).paste(block)).toMatchObject({ code: 0 })
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const drifted = await shellFor(tenant, cwd).paste(block)
  expect(drifted.log).toContain('signing-alg-drift')
  expect(drifted.code).not.toBe(0)
})

it('the programs of pulumi.md run as they are, with the preview of that page and of pipelines.md', async () => {
  const tenant = await ordersTenant()
  tenant.edit(ORDERS, { proof_of_possession: { mechanism: 'dpop', required: true } })
  const cwd = folderWith(PROJECT)
  const shell = shellFor(tenant, cwd)
  const preview = blockOf(PULUMI, 'pulumi stack init check')
  expect(blockOf(PIPELINES, 'pulumi stack init check')).toBe(preview)
  expect(await shell.paste(blockOf(PULUMI, 'npm install --prefix .'))).toMatchObject({ code: 0 })
  await shell.paste(blockOf(PULUMI, 'export AUTH0_DOMAIN='))
  expect(await shell.paste(preview)).toMatchObject({ code: 0 })
  write(cwd, { 'src/index.ts': blockOf(PULUMI, "ResourceServerCheck('orders', {\n") })
  expect(await shell.paste(preview)).toMatchObject({ code: 0 })
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const drifted = await shell.paste(preview)
  expect(drifted.log).toContain('signing-alg-drift')
  expect(drifted.code).not.toBe(0)
})

it('the base of pulumi.md makes a change of the code pending', async () => {
  const tenant = await ordersTenant()
  const declared = (alg: string) => ({ 'declared/orders.yaml': DECLARED.replace('RS256', alg) })
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  const origin = repository({ ...PROJECT, ...declared('HS256') })
  const cwd = join(folderWith(), 'clone')
  git(origin.cwd, 'clone', '--quiet', `file://${origin.cwd}`, cwd)
  write(cwd, declared('RS256'))
  const shell = shellFor(tenant, cwd)
  await shell.paste(blockOf(PULUMI, 'npm install --prefix .'))
  await shell.paste(blockOf(PULUMI, 'export AUTH0_DOMAIN='))
  const without = await shell.paste(blockOf(PULUMI, 'pulumi stack init check'))
  const based = await shell.paste(blockOf(PULUMI, 'git worktree add'))
  expect([without.code === 0, based]).toEqual([false, expect.objectContaining({ code: 0 })])
})

it('the schedule of pulumi.md is 0 after what it stored, and 7 over drift, to the letter', async () => {
  const tenant = await ordersTenant()
  const cwd = folderWith({ ...PROJECT, 'states/.keep': '' })
  // The stack that the page says its reader has.
  const own = { PULUMI_BACKEND_URL: `file://${join(cwd, 'states')}`, PULUMI_CONFIG_PASSPHRASE: 'tenant-drift' }
  const shell = shellFor(tenant, cwd, own)
  await shell.paste(blockOf(PULUMI, 'npm install --prefix .'))
  await shell.paste(blockOf(PULUMI, 'export AUTH0_DOMAIN='))
  expect(await shell.paste('pulumi stack init production')).toMatchObject({ code: 0 })
  expect(await shell.paste(blockOf(PULUMI, 'pulumi up --yes --skip-preview\n'))).toMatchObject({ code: 0 })
  const ask = blockOf(PULUMI, 'pulumi refresh --preview-only')
  expect(await shell.paste(ask)).toMatchObject({ code: 0 })
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  expect(await shell.paste(ask)).toEqual({ code: 7, log: expect.stringContaining('[diff: ~drift') })
})

it('the two tenants of pulumi.md are each compared with their own', { timeout: 300_000 }, async () => {
  const [eu, us] = [await ordersTenant(), await ordersTenant()]
  const cwd = folderWith({
    ...PROJECT,
    'src/index.ts': blockOf(PULUMI, 'new Auth0Tenant')
      .replace('acme.us.auth0.com', us.domain)
      .replace('acme.eu.auth0.com', eu.domain),
    'declared/eu/orders.yaml': DECLARED,
    'declared/us/orders.yaml': DECLARED,
  })
  for (const [name, tenant] of Object.entries({ eu, us }))
    await run(['record', '--recorded', `${name}.recorded.json`], { cwd, env: envOf(tenant) })
  const named = { EU_TOKEN: eu.token, US_CLIENT_ID: us.client_id, US_CLIENT_SECRET: us.client_secret }
  const shell = shellFor(eu, cwd, named)
  await shell.paste(blockOf(PULUMI, 'npm install --prefix .'))
  expect(await shell.paste(blockOf(PULUMI, 'pulumi stack init check'))).toMatchObject({ code: 0 })
  us.edit(ORDERS, { signing_alg: 'HS256' })
  expect((await shell.paste(blockOf(PULUMI, 'pulumi stack init check'))).log).toContain('signing-alg-drift')
})

it('the commands and configurations of policies.md are what the packs take', { timeout: 300_000 }, async () => {
  const tenant = await ordersTenant()
  const cwd = folderWith(PROJECT)
  // Where the CLI looks for plugins does not follow HOME.
  const home = folderWith()
  const shell = shellFor(tenant, cwd, { PULUMI_HOME: home })
  await shell.paste(blockOf(POLICIES, 'pulumi stack init check'))
  const pasted = async (words: string) => shell.paste(blockOf(POLICIES, words).replace(/^\$ /, ''))
  const passes = { code: 0, log: expect.stringContaining('✅ tenant-drift') as string }

  expect(await pasted('tenant-drift-policies"\n')).toMatchObject(passes)
  // A CLI that was built here cannot load a folder, and says so.
  const folder = await pasted('node_modules/tenant-drift/policies\n')
  expect(folder.code === 0).toBe(requirePulumi().loadsPackFolders)
  write(cwd, { 'policies.json': blockOf(POLICIES, 'only_touched') })
  expect(await pasted('--policy-pack-config policies.json')).toMatchObject(passes)
  write(cwd, { 'src/index.ts': blockOf('docs/from-pulumi-auth0.md', AUTH0_PROGRAM) })
  installAuth0Plugin(home)
  expect(await pasted('tenant-drift-live-policies"\n')).toMatchObject(passes)
})
