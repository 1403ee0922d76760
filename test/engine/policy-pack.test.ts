import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { pulumiEnvironment, requirePulumi } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'

const CLI = requirePulumi()
const PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js')
const LIVE_PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-live-policies.js')
const ORDERS = 'https://orders.example.com/'
const SHOP = 'https://shop.example.com/'

const PROGRAM = `
import { ResourceServerCheck, TenantCheck } from 'tenant-drift'
new ResourceServerCheck('orders', { identifier: '${ORDERS}', signing_alg: 'RS256', token_lifetime: 86400 })
new ResourceServerCheck('shop', { identifier: '${SHOP}', signing_alg: 'RS256' })
new TenantCheck('tenant', { resource_servers: [{ identifier: '${ORDERS}' }, { identifier: '${SHOP}' }] })
`

let folder: string
let tenant: Simulator
let environment: Record<string, string>

beforeAll(async () => {
  tenant = await startSimulator({ seed: 71 })
  for (const identifier of [ORDERS, SHOP]) tenant.create({ identifier, name: 'An API' })
  folder = mkdtempSync(join(tmpdir(), 'tenant-drift-pack-'))
  for (const name of ['state', 'home', 'node_modules']) mkdirSync(join(folder, name))
  symlinkSync(ROOT, join(folder, 'node_modules', 'tenant-drift'))
  symlinkSync(join(ROOT, 'node_modules', '@pulumi'), join(folder, 'node_modules', '@pulumi'))
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: pack\nruntime: nodejs\n')
  writeFileSync(join(folder, 'package.json'), '{ "name": "pack", "type": "module", "main": "index.js" }')
  writeFileSync(join(folder, 'index.js'), PROGRAM)
  environment = pulumiEnvironment({
    home: join(folder, 'home'),
    backend: join(folder, 'state'),
    cli: CLI,
    extra: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
  })
  await pulumi('stack', 'init', 'dev')
})

afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true, force: true })
})

function pulumi(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(CLI.command, args, { cwd: folder, env: environment })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** A preview under the pack: its exit code, and `level policy name` of each violation. */
async function preview(
  config: JsonObject = {},
  pack = PACK,
): Promise<{ code: number | null; violations: readonly string[]; output: string }> {
  const file = join(folder, 'policies.json')
  writeFileSync(file, JSON.stringify(config))
  const { code, output } = await pulumi('preview', '--policy-pack', pack, '--policy-pack-config', file)
  const lines = [...output.matchAll(/- \[(\w+)\] \[severity: \w+\] {2}([\w-]+) {2}\(.*: ([\w-]+)\)$/gm)]
  return { code, violations: lines.map(([, level, policy, name]) => `${level} ${policy} ${name}`).toSorted(), output }
}

describe('the policy pack under the real engine', () => {
  it('lets a tenant in sync pass', async () => {
    expect(await preview()).toMatchObject({ code: 0, violations: [] })
  })

  // The language host that the Go modules hold is older than the CLI and cannot load one.
  it.runIf(CLI.loadsPackFolders)(
    'is the same as a folder (skipped where the language host of the CLI cannot load pack folders)',
    async () => {
      expect(await preview({}, join(ROOT, 'policies'))).toMatchObject({ code: 0, violations: [] })
    },
  )

  it('stops a preview over a drifted tenant, and lists every violation at its level', async () => {
    tenant.edit(ORDERS, { signing_alg: 'HS256', token_lifetime: 3600 })
    tenant.edit(SHOP, { allow_offline_access: true })

    const drifted = await preview()

    expect(drifted.code).toBe(1)
    expect(drifted.violations.filter((line) => !line.includes('undeclared-setting'))).toEqual([
      'advisory token-lifetime-drift orders',
      'mandatory signing-alg-drift orders',
    ])
    expect(drifted.violations.filter((line) => line.startsWith('mandatory'))).toHaveLength(1)
    expect(drifted.output).toContain('anyone who holds the shared secret')
  })

  it('takes the configured level for the ceiling, and severity_at_least for the line', async () => {
    const config = {
      'signing-alg-drift': { enforcementLevel: 'advisory' },
      'token-lifetime-drift': { severity_at_least: 'low' },
      'undeclared-setting': 'disabled',
    }
    expect(await preview(config)).toMatchObject({
      code: 1,
      violations: ['advisory signing-alg-drift orders', 'mandatory token-lifetime-drift orders'],
    })
  })

  it('refuses a configuration that it does not understand', async () => {
    const refused = await preview({ 'signing-alg-drift': { severity_at_least: 'huge' } })
    expect(refused.code).not.toBe(0)
    expect(refused.output).toContain('severity_at_least must be one of the following')
  })

  it.each([PACK, LIVE_PACK])('refuses names that it does not know, before anything runs: %s', async (pack) => {
    const wrong = await preview({ 'signing-alg-drit': 'advisory', 'id-drift': { severity_at_lest: 'low' } }, pack)
    const all = await preview({ all: 'disabled' }, pack)

    expect(wrong.code).toBe(1)
    expect(wrong.output).toContain('there is no policy "signing-alg-drit"; did you mean "signing-alg-drift"?')
    expect(wrong.output).toContain('the policy "id-drift" has no option "severity_at_lest"')
    expect(wrong.output).not.toContain('orders')
    expect(all.code).toBe(0)
  })

  it('says that it judged nothing, and which pack would have', async () => {
    const live = await preview({}, LIVE_PACK)
    writeFileSync(join(folder, 'index.js'), '')
    const empty = await preview()
    writeFileSync(join(folder, 'index.js'), PROGRAM)

    expect([live.code, live.violations]).toEqual([1, [expect.stringMatching(/^mandatory nothing-judged /)]])
    expect(live.output).toContain('(tenant-drift-policies)')
    expect([empty.code, empty.violations]).toEqual([1, [expect.stringMatching(/^mandatory nothing-judged /)]])
  })

  it('says an unreadable tenant once, for all checks, and stops', async () => {
    tenant.setFault({ kind: 'status', status: 403 })
    const unreadable = await preview()
    expect(unreadable.code).toBe(1)
    expect(unreadable.violations.map((line) => line.replace(/ \w+$/, ''))).toEqual(['mandatory unreadable-tenant'])
  })
})
