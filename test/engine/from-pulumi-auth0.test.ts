import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { pulumiEnvironment, requirePulumi } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'
import { bash, toolsWith } from '../action/workflow.ts'
import { blockOf, tableRows } from '../docs/pages.ts'
import { installAuth0Plugin, pluginEnvironment } from '../support/auth0-plugin/install.ts'
import { startProject, type Project } from '../support/engine.ts'
import { emptyShell } from '../support/empty-shell.ts'
import { playOf } from '../support/play-page.ts'
import { pulumiTool } from '../support/pulumi-tool.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PAGE = 'docs/from-pulumi-auth0.md'
const ORDERS = 'https://orders.example.com/'
const PACKS = ['tenant-drift-live-policies', 'tenant-drift-policies']
const LIVE_PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-live-policies.js')

/** A tenant, and a project in which the packs are installed and the plugin writes to the tenant. */
async function world(): Promise<{
  readonly tenant: Simulator
  readonly project: Project
  readonly env: Readonly<Record<string, string>>
}> {
  const tenant = await tenantWith({ apis: 0 })
  const project = await startProject(tenant)
  onTestFinished(() => project.remove())
  installAuth0Plugin(project.home)
  mkdirSync(join(project.folder, 'node_modules', '.bin'))
  for (const pack of PACKS)
    symlinkSync(join(ROOT, 'dist', 'bin', `${pack}.js`), join(project.folder, 'node_modules', '.bin', pack))
  const extra = { ...pluginEnvironment(tenant), AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
  const env = pulumiEnvironment({ home: project.home, backend: project.backend, cli: requirePulumi(), extra })
  return { tenant, project, env: { ...env, PATH: `${toolsWith()}:${env['PATH'] ?? ''}` } }
}

/** The reader's own stack is there: its backend is known and its passphrase given, whatever the page does. */
const ownOf = (tenant: Simulator, { home, backend }: Project) => ({
  ...pluginEnvironment(tenant),
  PULUMI_HOME: home,
  PULUMI_BACKEND_URL: `file://${backend}`,
  PULUMI_CONFIG_PASSPHRASE: 'tenant-drift',
})

const PROGRAM = blockOf(PAGE, "const orders = new auth0.ResourceServer('orders', {")

test('what from-pulumi-auth0.md shows is what happens, block after block', { timeout: 300_000 }, async () => {
  const { tenant, project, env } = await world()
  project.setProgram(PROGRAM)
  await project.run(['up', '--yes', '--skip-preview'], { env })
  const page = playOf(PAGE)
  const tools = toolsWith({ pulumi: pulumiTool() })
  const shell = emptyShell({ tenant, cwd: project.folder, tools, own: ownOf(tenant, project) })
  await shell.paste(blockOf(PAGE, 'export AUTH0_DOMAIN=acme'))

  await page.next(shell)
  await page.next(shell)
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  await page.next(shell)
  await page.next(shell)
  await page.next(shell)
  project.setProgram(blockOf(PAGE, 'declaredFrom'))
  await page.next(shell)

  expect(page.rest).toBe(0)
})

test('the block of from-pulumi-auth0.md that makes a preview runs as it is pasted, in an environment of nothing but a credential', async () => {
  const { tenant, project, env } = await world()
  project.setProgram(PROGRAM)
  await project.run(['up', '--yes', '--skip-preview'], { env })
  tenant.edit(ORDERS, { signing_alg: 'HS256' })
  // A hotfix, and a refresh that takes it for declared.
  await project.run(['refresh', '--yes', '--skip-preview'], { env })
  const { PULUMI_BACKEND_URL: _backend, PULUMI_CONFIG_PASSPHRASE: _passphrase, ...own } = ownOf(tenant, project)
  const tools = toolsWith({ pulumi: pulumiTool() })
  const shell = emptyShell({ tenant, cwd: project.folder, tools, own })
  await shell.paste(blockOf(PAGE, 'export AUTH0_DOMAIN=acme'))

  const { code, log } = await shell.paste(blockOf(PAGE, 'pulumi-preview:declared.json'))
  const asked = await bash(
    'pulumi stack export --stack test | npx tenant-drift check --declared pulumi-stack:-',
    env,
    project.folder,
  )

  expect(log).toContain('CRITICAL  signing_alg')
  expect([code, asked.code]).toEqual([2, 0])
  // The stack that was selected still is: the one of the preview is another backend's.
  const selected = await bash('pulumi stack ls --json', env, project.folder)
  expect(JSON.parse(selected.log)).toMatchObject([{ name: 'test' }])
})

test('the program of pulumi.md that declares its APIs once is applied, and checks what it made', async () => {
  const { tenant, project, env } = await world()
  project.setProgram(blockOf('docs/pulumi.md', 'PS256'))
  const applied = await project.run(['up', '--yes', '--skip-preview'], { env })
  const again = await project.run(['preview', '--expect-no-changes'], { env })
  expect([applied.code, again.code]).toEqual([0, 0])
  expect(tenant.list()).toContainEqual(expect.objectContaining({ identifier: ORDERS, signing_alg: 'PS256' }))
})

const key = { name: 'key', kid: 'one', algorithm: 'RSA-OAEP-256', pem: SAMPLE_PEMS[0] }
const swapped = { name: 'key', kid: 'one', alg: 'RSA-OAEP-256', thumbprint_sha256: SAMPLE_THUMBPRINTS[1] }

interface Case {
  /** The first two cells of its row. */
  readonly row: string
  /** By the provider's code. */
  readonly refresh: 'shows it' | 'nothing'
  readonly program?: JsonObject
  readonly scopes?: 'together' | 'apart'
  /** What stands in the tenant beside what the program says. */
  readonly before?: JsonObject
  readonly after: JsonObject | 'deleted' | 'new'
}

const ADMIN = { scopes: [{ value: 'read:orders' }, { value: 'admin' }] }
const CASES: readonly Case[] = [
  {
    row: 'the algorithm changes | declared',
    refresh: 'shows it',
    program: { signingAlg: 'RS256' },
    after: { signing_alg: 'HS256' },
  },
  { row: 'a scope is added | `ResourceServerScopes`', refresh: 'shows it', scopes: 'together', after: ADMIN },
  { row: 'the API is deleted | declared', refresh: 'shows it', after: 'deleted' },
  {
    row: 'role checks (`enforcePolicies`) are switched off | left out',
    refresh: 'nothing',
    before: { enforce_policies: true },
    after: { enforce_policies: false },
  },
  {
    row: 'proof of possession is switched off | left out',
    refresh: 'nothing',
    before: { proof_of_possession: { mechanism: 'dpop', required: true } },
    after: { proof_of_possession: { mechanism: 'dpop', required: false } },
  },
  { row: 'a scope is added | a `ResourceServerScope` for each', refresh: 'nothing', scopes: 'apart', after: ADMIN },
  {
    row: 'the encryption key is swapped | declared, same name and `kid`',
    refresh: 'nothing',
    program: { tokenEncryption: { format: 'compact-nested-jwe', encryptionKey: key } },
    after: { token_encryption: { format: 'compact-nested-jwe', encryption_key: swapped } },
  },
  {
    row: 'anonymous access is switched on | no input for it',
    refresh: 'nothing',
    after: { allow_anonymous_access: true },
  },
  { row: 'an API is made by hand | nothing', refresh: 'nothing', after: 'new' },
]
const identifierOf = (index: number): string => `urn:case-${index}`

/** A program that declares the API of every case but of those that somebody makes by hand. */
const CASES_PROGRAM = `import * as auth0 from '@pulumi/auth0'
for (const [name, identifier, args, scopes] of ${JSON.stringify(
  CASES.flatMap(({ program = {}, scopes = null, after }, index) =>
    after === 'new' ? [] : [[`case-${index}`, identifierOf(index), program, scopes]],
  ),
)}) {
  const api = new auth0.ResourceServer(name, { identifier, ...args })
  const of = { resourceServerIdentifier: api.identifier }
  if (scopes === 'together') new auth0.ResourceServerScopes(name, { ...of, scopes: [{ name: 'read:orders' }] })
  if (scopes === 'apart') new auth0.ResourceServerScope(name, { ...of, scope: 'read:orders' })
}
`

test('the columns of the table of from-pulumi-auth0.md that can be run are what a preview and the live pack say', async () => {
  const { tenant, project, env } = await world()
  project.setProgram(CASES_PROGRAM)
  await project.run(['up', '--yes', '--skip-preview'], { env })
  for (const [index, { before }] of CASES.entries()) if (before !== undefined) tenant.edit(identifierOf(index), before)
  await bash('npx tenant-drift record', env, project.folder)
  const pack = ['--policy-pack', LIVE_PACK]
  const based = { env: { ...env, TENANT_DRIFT_BASE: 'stack' } }
  const untouched = await project.run(['preview', ...pack], based)
  for (const [index, { after }] of CASES.entries()) {
    if (after === 'deleted') tenant.remove(identifierOf(index))
    else if (after === 'new') tenant.create({ identifier: identifierOf(index) })
    else tenant.edit(identifierOf(index), after)
  }

  const plain = await project.run(['preview', '--expect-no-changes'], { env })
  const judged = await project.run(['preview', ...pack], based)

  const [, ...violations] = judged.text.split(/^ +- (?=\[)/m)
  const policyOf = (index: number): string => {
    const said = violations.find((text) => new RegExp(`${identifierOf(index)}\\b`).test(text)) ?? ''
    return /severity: \w+\] {2}([\w-]+)/.exec(said)?.[1] ?? 'nothing'
  }
  const measured = CASES.map(
    ({ row, refresh }, index) =>
      `${row} | ${plain.code === 0 ? 'nothing' : 'shows it'} | ${refresh} | \`${policyOf(index)}\``,
  )
  const [, ...rows] = tableRows(PAGE)
  expect(rows).toEqual(measured)
  expect([untouched.code, judged.code]).toEqual([0, 1])
})
