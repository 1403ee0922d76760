// What the preview benchmarks share: a tenant in a process of its own, projects that use the built package as a user does, and two kinds of
// preview run in turn, so that a change in the machine's load reaches both.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../src/schema/json.ts'
import { pulumiEnvironment, requirePulumi } from '../tools/pulumi-cli.mjs'
import { ROOT } from '../tools/run.mjs'
import { trust } from './check-project.ts'
import { median, type Program } from './measure.ts'
import { startTenant, type TenantProcess } from './tenant-process.ts'

export interface Project {
  readonly name: string
  /** One preview; wall time in ms. Throws with the CLI's output where its exit code is not 0. */
  preview(): Promise<number>
  /** The inputs that one preview ends with, after the provider's `check`: what was observed is among them. */
  inputs(): Promise<readonly JsonObject[]>
  /** What one preview prints. */
  output(): Promise<string>
  /** A preview with these flags, for who measures more than its time. */
  program(...flags: readonly string[]): Program
}

export interface ProjectOptions {
  /** Of every preview. */
  readonly flags?: readonly string[]
  /** Puts into PULUMI_HOME what the previews need. */
  readonly prepare?: (home: string) => void
}

/** Runs a benchmark in a folder of its own, which is gone afterwards, against a tenant that is stopped afterwards. */
export async function withTenant(
  flags: readonly string[],
  measure: (tenant: TenantProcess, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-bench-'))
  const tenant = await startTenant(flags)
  try {
    await measure(tenant, folder)
  } finally {
    await tenant.stop()
    rmSync(folder, { recursive: true, force: true })
  }
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
  const extra = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    ...trust([tenant], folder),
  }
  const env = pulumiEnvironment({ home, backend, cli, extra })

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
    program: (...more) => ({
      command: cli.command,
      args: ['--non-interactive', 'preview', ...flags, ...more],
      cwd: at,
      env,
      exitCode: 0,
    }),
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
