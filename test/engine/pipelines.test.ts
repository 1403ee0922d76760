import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pulumiEnvironment, requirePulumi } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'
import { bash } from '../action/workflow.ts'
import { folderWith } from '../cli/run.ts'
import { codeBlocks } from '../docs/pages.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PROGRAM = `
import { TenantCheck } from 'tenant-drift'
new TenantCheck('tenant', { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] })
`

/** A project whose program declares one API, and an environment in which Pulumi runs it against a tenant that has it. */
async function projectWithTenant() {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
  const folder = folderWith({
    'Pulumi.yaml': 'name: pipeline\nruntime: nodejs\n',
    'package.json': { name: 'pipeline', type: 'module', main: 'index.js' },
    'index.js': PROGRAM,
  })
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true })
  mkdirSync(join(folder, 'home'))
  symlinkSync(ROOT, join(folder, 'node_modules', 'tenant-drift'))
  symlinkSync(join(ROOT, 'node_modules', '@pulumi'), join(folder, 'node_modules', '@pulumi'))
  symlinkSync(
    join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js'),
    join(folder, 'node_modules', '.bin', 'tenant-drift-policies'),
  )
  const extra = { TMPDIR: folderWith(), AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
  const env = pulumiEnvironment({ home: join(folder, 'home'), backend: folder, cli: requirePulumi(), extra })
  return { tenant, folder, env }
}

it('the preview of pipelines.md passes in sync, and stops over drift, to the letter', async () => {
  const { tenant, folder, env: prepared } = await projectWithTenant()
  // An empty shell has no passphrase and no backend. The snippet logs in by itself, into a folder that ends with the test.
  const { PULUMI_BACKEND_URL: _none, PULUMI_CONFIG_PASSPHRASE: _nor, ...env } = prepared
  const script = codeBlocks('docs/pipelines.md').find(({ text }) => text.includes('pulumi login'))?.text ?? 'exit 99'
  expect(await bash(script, env, folder)).toMatchObject({ code: 0 })
  tenant.edit('urn:a', { signing_alg: 'HS256' })
  const drifted = await bash(script, env, folder)
  expect(drifted.log).toContain('signing-alg-drift')
  expect(drifted.code).not.toBe(0)
})

it('the schedule of pulumi.md is 0 after what it stored, and 7 over drift, to the letter', async () => {
  const { tenant, folder, env } = await projectWithTenant()
  const blocks = codeBlocks('docs/pulumi.md').filter(({ text }) => text.startsWith('pulumi stack select production'))
  const [store = 'exit 99', ask = 'exit 99'] = blocks.map(({ text }) => text)
  expect(await bash('pulumi stack init production', env, folder)).toMatchObject({ code: 0 })
  expect(await bash(store, env, folder)).toMatchObject({ code: 0 })
  expect(await bash(ask, env, folder)).toMatchObject({ code: 0 })
  tenant.edit('urn:a', { signing_alg: 'HS256' })
  const drifted = await bash(ask, env, folder)
  expect([drifted.code, drifted.log]).toEqual([7, expect.stringContaining('[diff: ~drift')])
})
