import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, type JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { pulumiEnvironment, requirePulumi } from '../../tools/pulumi-cli.mjs'
import { ROOT } from '../../tools/run.mjs'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Both, for what is only to be searched. */
  readonly text: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A folder of states made by `fork`; the project's own unless given. */
  readonly backend?: string
}

/** A Pulumi project in a folder of its own, with a state and a home of its own. */
export interface Project {
  readonly folder: string
  /** The folder of states that `run` uses. */
  readonly backend: string
  /** PULUMI_HOME: plugins and logs. */
  readonly home: string
  run(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** Writes the program, an ES module in which `tenant-drift` is this repository's build. */
  setProgram(text: string): void
  write(file: string, text: string): void
  /** A copy of the states: what is run on it leaves the original as it was. */
  fork(backend?: string): string
  /** Bytes of the state file of the stack; empty where nothing was ever stored. */
  stateText(backend?: string): string
  /** Every file that the engine wrote: states, backups, histories, logs. */
  everything(): string
  remove(): void
}

const STACK = 'test'
const NAME = 'tenant-drift-test'

/** Makes a project with one empty stack. Nothing of the caller's environment reaches it. */
export async function startProject(tenant: Simulator, config: Readonly<Record<string, string>> = {}): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-engine-'))
  const backend = join(folder, 'states', 'first')
  const home = join(folder, 'home')
  mkdirSync(backend, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules', 'tenant-drift'))
  symlinkSync(join(ROOT, 'node_modules', '@pulumi'), join(folder, 'node_modules', '@pulumi'))
  const cli = requirePulumi()
  let forks = 0

  const project: Project = {
    folder,
    backend,
    home,
    run: (args, options = {}) => {
      const env = pulumiEnvironment({
        home,
        backend: options.backend ?? backend,
        cli,
        extra: {
          AUTH0_DOMAIN: tenant.domain,
          AUTH0_CLIENT_ID: tenant.client_id,
          AUTH0_CLIENT_SECRET: tenant.client_secret,
          ...options.env,
        },
      })
      // Which stack is selected is remembered by backend, and forks are others.
      const stack = args[1] === 'init' ? [] : ['--stack', STACK]
      return runOnce(cli.command, [...args, ...stack, '--non-interactive'], folder, env)
    },
    setProgram: (text) => project.write('main.js', text),
    write: (file, text) => writeFileSync(join(folder, file), text),
    fork: (from = backend) => {
      forks += 1
      const copy = join(folder, 'states', `fork-${forks}`)
      cpSync(from, copy, { recursive: true })
      return copy
    },
    stateText: (from = backend) => {
      const file = join(from, '.pulumi', 'stacks', NAME, `${STACK}.json`)
      return readFileSync(file, 'utf8')
    },
    everything: () =>
      [...filesBelow(home), ...filesBelow(join(folder, 'states'))]
        .map((file) => readFileSync(file, 'latin1'))
        .join('\n'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  project.write('Pulumi.yaml', `name: ${NAME}\nruntime: nodejs\nmain: main.js\n`)
  project.write('package.json', JSON.stringify({ type: 'module', main: 'main.js' }))
  project.setProgram('')
  const lines = Object.entries(config).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`)
  const made = await project.run(['stack', 'init', STACK])
  if (made.code !== 0) throw new Error(`no stack: ${made.text}`)
  if (lines.length > 0)
    project.write(
      `Pulumi.${STACK}.yaml`,
      `${readFileSync(join(folder, `Pulumi.${STACK}.yaml`), 'utf8')}config:\n${lines.join('\n')}\n`,
    )
  return project
}

function runOnce(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      const [out, err] = [Buffer.concat(stdout).toString('utf8'), Buffer.concat(stderr).toString('utf8')]
      resolve({ code: code ?? -1, stdout: out, stderr: err, text: out + err })
    })
  })
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** What the engine did with one resource, as its streaming events tell. */
export interface Step {
  readonly op: string
  readonly name: string
  /** Top-level keys that the engine says differ. */
  readonly diffs: readonly string[]
  readonly inputs: JsonObject
}

/** What a state file holds of our resources, by name; nothing that changes by itself (times, the engine's own). */
export function resourcesOf(
  stateText: string,
): Readonly<Record<string, { readonly inputs: JsonObject; readonly outputs: JsonObject }>> {
  const state = JSON.parse(stateText) as { checkpoint?: { latest?: { resources?: readonly JsonObject[] } } }
  const resources = state.checkpoint?.latest?.resources ?? []
  return Object.fromEntries(
    resources
      .filter(({ type }) => (type as string).startsWith('pulumi-nodejs:dynamic/tenantDrift'))
      .map(({ urn, inputs, outputs }) => [
        (urn as string).split('::').at(-1) ?? '',
        { inputs: inputs as JsonObject, outputs: outputs as JsonObject },
      ]),
  )
}

/** The steps of our resources among the lines of streaming JSON; of a refresh before a preview, the preview's alone. */
export function stepsOf(lines: string): readonly Step[] {
  const steps = new Map<string, Step>()
  for (const line of lines.split('\n')) {
    if (!line.startsWith('{')) continue
    const event = JSON.parse(line) as JsonObject
    // Of a refresh only the second event of a step says what came of it.
    const step = event.resOutputsEvent ?? event.resourcePreEvent
    const metadata = isJsonObject(step) ? step.metadata : undefined
    if (!isJsonObject(metadata) || !(metadata.type as string).startsWith('pulumi-nodejs:dynamic/tenantDrift')) continue
    const name = (metadata.urn as string).split('::').at(-1) ?? ''
    const inputs = isJsonObject(metadata.new) ? metadata.new.inputs : undefined
    const diffs = Array.isArray(metadata.diffs) ? metadata.diffs.map(String) : []
    steps.set(name, { op: metadata.op as string, name, diffs, inputs: isJsonObject(inputs) ? inputs : {} })
  }
  return [...steps.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
