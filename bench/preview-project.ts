// What the preview benchmarks share: a tenant in a process of its own, projects that use the built package as a user does, and two kinds of
// preview run in turn, so that a change in the machine's load reaches both.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isJsonObject, type Json, type JsonObject } from '../src/schema/json.ts'
import { isBuilt } from '../tools/build-stamp.mjs'
import { pulumiEnvironment, requirePulumi } from '../tools/pulumi-cli.mjs'
import { NODE_24, ROOT } from '../tools/run.mjs'

/** The embedded tenant as `tenant-drift simulate` serves it. */
export interface TenantProcess {
  /** What a project needs to find it. */
  readonly env: Readonly<Record<string, string>>
  /** Every API but the tenant's own Management API, without what the tenant gives and what nobody writes down. */
  declarable(): Promise<readonly JsonObject[]>
  /** Requests since the last call of `forget`, by `METHOD /path`. */
  requests(): Promise<JsonObject>
  forget(): Promise<void>
}

export interface Project {
  readonly name: string
  /** One preview; wall time in ms. Throws with the CLI's output where its exit code is not 0. */
  preview(): Promise<number>
  /** The inputs that one preview ends with, after the provider's `check`: what was observed is among them. */
  inputs(): Promise<readonly JsonObject[]>
  /** What one preview prints. */
  output(): Promise<string>
}

export interface ProjectOptions {
  /** Of every preview. */
  readonly flags?: readonly string[]
  /** Puts into PULUMI_HOME what the previews need. */
  readonly prepare?: (home: string) => void
}

const NOT_DECLARED = new Set(['id', 'client_id', 'is_system', 'signing_secret'])

/** Runs a benchmark in a folder of its own, which is gone afterwards, against a tenant that is stopped afterwards. */
export async function withTenant(
  flags: readonly string[],
  measure: (tenant: TenantProcess, folder: string) => Promise<void>,
): Promise<void> {
  if (!isBuilt()) throw new Error('dist/ is not what the sources say. Run: npm run setup')
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-bench-'))
  const simulator = spawn(NODE_24, [join(ROOT, 'dist', 'bin', 'tenant-drift.js'), 'simulate', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await measure(await tenantOf(simulator.stdout), folder)
  } finally {
    simulator.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function tenantOf(output: NodeJS.ReadableStream): Promise<TenantProcess> {
  const [line] = (await once(createInterface(output), 'line')) as [string]
  const { url, domain, client_id, client_secret } = JSON.parse(line) as Record<string, string>
  const call = async (path: string, method = 'GET') => {
    const answer = await fetch(`${url}/__simulator/${path}`, { method })
    return answer.text()
  }
  return {
    env: { AUTH0_DOMAIN: domain ?? '', AUTH0_CLIENT_ID: client_id ?? '', AUTH0_CLIENT_SECRET: client_secret ?? '' },
    async declarable() {
      const apis = JSON.parse(await call('list')) as readonly JsonObject[]
      return apis.filter((api) => api.is_system !== true).map(withoutTenantFields)
    },
    requests: async () => JSON.parse(await call('requests')) as JsonObject,
    forget: async () => void (await call('reset', 'POST')),
  }
}

function withoutTenantFields(api: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(api).filter(([field]) => !NOT_DECLARED.has(field)))
}

/** A project that has the package and Pulumi's SDK in its node_modules, a stack without a state, and these files. */
export async function makeProject(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
  tenant: TenantProcess,
  { flags = [], prepare }: ProjectOptions = {},
): Promise<Project> {
  const cli = requirePulumi()
  const at = join(folder, name)
  const backend = join(folder, `${name}-state`)
  mkdirSync(join(at, 'node_modules'), { recursive: true })
  mkdirSync(backend)
  symlinkSync(join(ROOT, 'node_modules', '@pulumi'), join(at, 'node_modules', '@pulumi'))
  symlinkSync(ROOT, join(at, 'node_modules', 'tenant-drift'))
  const all = {
    'package.json': JSON.stringify({ name, private: true, type: 'module', main: 'index.js' }),
    'Pulumi.yaml': `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    ...files,
  }
  for (const [path, content] of Object.entries(all)) writeFileSync(join(at, path), content)
  const home = join(folder, `${name}-home`)
  prepare?.(home)
  const env = pulumiEnvironment({ home, backend, cli, extra: tenant.env })

  async function pulumi(...args: readonly string[]): Promise<{ ms: number; said: string }> {
    const began = performance.now()
    const child = spawn(cli.command, ['--non-interactive', ...args], {
      cwd: at,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [said, complained]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => complained.push(chunk))
    const [code] = (await once(child, 'close')) as [number | null]
    const ms = performance.now() - began
    if (code === 0) return { ms, said: Buffer.concat(said).toString() }
    throw new Error(`pulumi ${args.join(' ')}: exit ${code}\n${Buffer.concat([...said, ...complained]).toString()}`)
  }

  await pulumi('stack', 'init', 'bench')
  return {
    name,
    preview: async () => (await pulumi('preview', ...flags)).ms,
    inputs: async () => inputsIn(JSON.parse((await pulumi('preview', '--json', ...flags)).said) as Json),
    output: async () => (await pulumi('preview', ...flags)).said,
  }
}

/** From what `pulumi preview --json` prints: `{steps: [{newState: {inputs}}]}`. */
function inputsIn(preview: Json): readonly JsonObject[] {
  const steps = isJsonObject(preview) && Array.isArray(preview.steps) ? (preview.steps as readonly Json[]) : []
  return steps.flatMap((step) => {
    const state = isJsonObject(step) ? step.newState : undefined
    const inputs = isJsonObject(state) ? state.inputs : undefined
    return isJsonObject(inputs) ? [inputs] : []
  })
}

/** How many of these inputs say that an API, or a tenant, was read and found in sync. */
export function countInSync(inputs: readonly JsonObject[]): number {
  return inputs.filter(({ observed, drift }) => {
    const isRead = isJsonObject(observed) && observed.status === 'read'
    return isRead && isJsonObject(drift) && Object.keys(drift).length === 0
  }).length
}

/** Medians in ms, and how many times the peer's time the subject takes. */
export interface Comparison {
  readonly subject: number
  readonly peer: number
  readonly ratio: number
}

/** Warms both up once, then runs them in turn, the order changing each round. */
export async function alternate(subject: Project, peer: Project, rounds: number): Promise<Comparison> {
  const times = { subject: [] as number[], peer: [] as number[] }
  await subject.preview()
  await peer.preview()
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) times.subject.push(await subject.preview())
    times.peer.push(await peer.preview())
    if (round % 2 === 1) times.subject.push(await subject.preview())
  }
  const [ours, theirs] = [median(times.subject), median(times.peer)]
  return { subject: ours, peer: theirs, ratio: ours / theirs }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? NaN, sorted[sorted.length >> 1] ?? NaN]
  return (low + high) / 2
}

/** Prints what was measured; a ratio above `most` makes the benchmark end in exit code 1. */
export function tell(what: string, { subject, peer, ratio }: Comparison, most: number): void {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
  expect(
    `${what}: ${seconds(subject)} against ${seconds(peer)}, ratio ${ratio.toFixed(2)} (at most ${most})`,
    ratio <= most,
  )
}

/** Prints one line; what does not hold makes the benchmark end in exit code 1. */
export function expect(line: string, holds: boolean): void {
  console.log(holds ? line : `${line}  <-- not as it should be`)
  if (!holds) process.exitCode = 1
}

/** How many rounds: the first argument, else `usual`. */
export function roundsFrom(argv: readonly string[], usual: number): number {
  const rounds = argv[2] === undefined ? usual : Number(argv[2])
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('ROUNDS must be a whole number from 1')
  return rounds
}
