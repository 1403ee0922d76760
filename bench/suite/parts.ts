import { join } from 'node:path'
import { NODE_24, ROOT } from '../../tools/run.mjs'
import { declaredJson, environmentOf, writeFile } from '../check-project.ts'
import { curlProgram } from '../curl.ts'
import { ours, usageOf, type Program } from '../measure.ts'
import { makeProject } from '../preview-project.ts'
import type { TenantProcess } from '../tenant-process.ts'
import type { Subject } from './measured.ts'
import { costOf } from './process-cost.ts'
import { RATE, SIZES, type Scenario } from './scenario.ts'

const PAGE = 100
const APIS_PER_FILE = 1000
const PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js')

/** Programs that are measured in turn, and against which tenants. */
export interface Part {
  readonly rounds: number
  readonly scenarios: readonly Scenario[]
  subjects(tenant: TenantProcess, folder: string): Promise<readonly Subject[]>
}

export const PARTS = {
  check: { rounds: 7, scenarios: scenarios(SIZES, [0, 50], [null, RATE]), subjects: commands },
  preview: {
    rounds: 3,
    scenarios: [...scenarios(SIZES, [0, 50], [null]), ...scenarios(SIZES, [50], [RATE])],
    subjects: tenantPreviews,
  },
  each: { rounds: 3, scenarios: scenarios([10, 100, 1000], [0], [null]), subjects: serverPreviews },
  'deploy-cli': { rounds: 1, scenarios: scenarios([10, 100, 1000], [0], [null]), subjects: deployCli },
} as const satisfies Record<string, Part>

export type PartName = keyof typeof PARTS
export const PART_NAMES = Object.keys(PARTS) as PartName[]

function scenarios(
  sizes: readonly number[],
  latencies: readonly number[],
  rates: readonly (string | null)[],
): readonly Scenario[] {
  return rates.flatMap((rate) => latencies.flatMap((latencyMs) => sizes.map((apis) => ({ apis, latencyMs, rate }))))
}

async function commands(tenant: TenantProcess, folder: string): Promise<readonly Subject[]> {
  const apis = await tenant.declarable()
  const env = environmentOf(tenant, folder)
  const file = writeFile(folder, 'apis.json', declaredJson(apis))
  const rest = { env, cwd: folder, exitCode: 0, says: 'IN SYNC' }
  const curl = curlProgram(tenant, folder, Math.ceil((apis.length + 1) / PAGE))
  return [
    ofNode('check', ours(['check', '--declared', file], rest)),
    ofNode('a loop over the official SDK', {
      command: NODE_24,
      args: [join(ROOT, 'bench', 'sdk-loop.mjs'), file],
      ...rest,
    }),
    { name: 'curl, the same pages, nothing compared', run: () => costOf(curl) },
  ]
}

async function deployCli(tenant: TenantProcess, folder: string): Promise<readonly Subject[]> {
  const resourceServers = await tenant.declarable()
  // YAML, and JSON is YAML.
  const file = writeFile(folder, 'tenant.yaml', JSON.stringify({ resourceServers }))
  const config = writeFile(
    folder,
    'config.json',
    JSON.stringify({
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.clientId,
      AUTH0_CLIENT_SECRET: tenant.clientSecret,
      AUTH0_INCLUDED_ONLY: ['resourceServers'],
    }),
  )
  const cli = join(ROOT, 'node_modules', 'auth0-deploy-cli', 'lib', 'index.js')
  const args = [cli, 'import', '--dry-run', '--input_file', file, '--config_file', config, '--env', 'false']
  const { NODE_EXTRA_CA_CERTS = '' } = environmentOf(tenant, folder)
  const program = { command: NODE_24, args, env: { NODE_EXTRA_CA_CERTS }, cwd: folder, exitCode: 0 }
  return [ofNode('the deploy CLI, import --dry-run', program)]
}

async function tenantPreviews(tenant: TenantProcess, folder: string): Promise<readonly Subject[]> {
  const apis = await tenant.declarable()
  const files = Object.fromEntries(
    Array.from({ length: Math.ceil(apis.length / APIS_PER_FILE) }, (_file, index) => [
      `declared-${index}.json`,
      declaredJson(apis.slice(index * APIS_PER_FILE, (index + 1) * APIS_PER_FILE)),
    ]),
  )
  const check = `import { TenantCheck } from 'tenant-drift'\nnew TenantCheck('tenant', { files: 'declared-*.json' })\n`
  const empty = await makeProject(folder, 'empty', { 'index.js': '' }, tenant)
  const idle = await makeProject(
    folder,
    'idle',
    { 'index.js': idleProgram(`new Idle('tenant', { files: 'declared-*.json' })`), ...files },
    tenant,
  )
  const checked = await makeProject(folder, 'checked', { 'index.js': check, ...files }, tenant)
  return [
    { name: 'preview of nothing', run: () => costOf(empty.program()) },
    { name: 'preview, an idle provider', run: () => costOf(idle.program()) },
    { name: 'preview, a TenantCheck', run: () => costOf(checked.program()) },
    { name: 'preview, a TenantCheck and the pack', run: () => costOf(checked.program('--policy-pack', PACK)) },
  ]
}

async function serverPreviews(tenant: TenantProcess, folder: string): Promise<readonly Subject[]> {
  const files = { 'apis.json': JSON.stringify(await tenant.declarable()) }
  const each = (make: string): string =>
    `import { readFileSync } from 'node:fs'\nfor (const [index, api] of JSON.parse(readFileSync('apis.json', 'utf8')).entries()) new ${make}('api-' + index, api)\n`
  const check = `import { ResourceServerCheck } from 'tenant-drift'\n${each('ResourceServerCheck')}`
  const idle = await makeProject(folder, 'idle', { 'index.js': idleProgram(each('Idle')), ...files }, tenant)
  const checked = await makeProject(folder, 'checked', { 'index.js': check, ...files }, tenant)
  return [
    { name: 'preview, idle resources', run: () => costOf(idle.program()) },
    { name: 'preview, a ResourceServerCheck each', run: () => costOf(checked.program()) },
    {
      name: 'preview, a ResourceServerCheck each and the pack',
      run: () => costOf(checked.program('--policy-pack', PACK)),
    },
  ]
}

/** The same resources with the same two outputs, and a provider that does nothing. */
function idleProgram(body: string): string {
  return `import resources from '@pulumi/pulumi/resource.js'
const text = 'exports.handler=()=>({check:async(olds,news)=>({inputs:news})})'
class Idle extends resources.CustomResource {
  constructor(name, args) {
    super('pulumi-nodejs:dynamic/idle:Idle', name, { ...args, observed: undefined, drift: undefined, __provider: text })
  }
}
${body}`
}

function ofNode(name: string, program: Program): Subject {
  return {
    name,
    run: async () => {
      const began = performance.now()
      const usage = await usageOf(program)
      return { wallMs: performance.now() - began, ...usage }
    },
  }
}
