import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { isJsonObject, own, type Json, type JsonObject } from '../../src/schema/json.ts'
import { isBuilt as isOfTheseSources } from '../../tools/build-stamp.mjs'

const ROOT = new URL('../../', import.meta.url).pathname
const BUILT = path.join(ROOT, 'dist')

/** Whether there is anything to test: the set-up builds before it tests. */
export const isBuilt = existsSync(path.join(BUILT, 'bin', 'tenant-drift.js'))

/**
 * The file that a test starts as one of our programs: what is shipped, where it is of these sources; else the sources, which Node takes four times as
 * long to load.
 */
export function programFile(name: 'tenant-drift' | 'tenant-drift-action'): string {
  const source = name === 'tenant-drift' ? 'src/cli/main.ts' : 'src/action/main.ts'
  return isOfTheseSources() ? path.join(BUILT, 'bin', `${name}.js`) : path.join(ROOT, source)
}

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a file of dist/ (or Node with other arguments) in an environment that holds nothing but what is given and PATH. */
export async function runBuilt(
  argv: readonly string[],
  { cwd, env, node = process.execPath }: { cwd: string; env: Readonly<Record<string, string>>; node?: string },
): Promise<Ran> {
  const child = spawn(node, argv, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

export const builtFile = (name: string): string => path.join(BUILT, name)

/** What each of the three that talk to a tenant says of one: `read`, or the code and the words of why not. */
export interface Said {
  readonly status: string
  readonly code: string
  readonly text: string
}

const PROVIDER = `
  const provider = await import(process.argv[1])
  await provider.configure({ config: { get: () => undefined } })
  const { inputs } = await provider.tenantCheck.check({}, { files: 'declared/*.json' })
  console.log(JSON.stringify(inputs.observed))`

const PACK = `
  const { openRun } = await import(process.argv[1])
  const run = openRun({ env: process.env, folders: [process.cwd()], now: () => Date.now() })
  run.begin('urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev', { asksForBase: false, managedElsewhere: [] })
  const type = 'auth0:index/resourceServer:ResourceServer'
  await run.add({ type, name: 'a', urn: 'urn:pulumi:dev::shop::' + type + '::a', props: { identifier: 'urn:gone' },
    provider: { type: 'pulumi:providers:auth0', name: 'default', urn: 'urn:p', props: {} }, opts: {}, isType: () => false })
  const [judged] = await run.judged()
  console.log(JSON.stringify(judged.check.observed))`

/** Each on what is shipped, in a process of its own. */
export const TALKERS = {
  command: async (cwd, env) => {
    const ran = await runBuilt([builtFile('bin/tenant-drift.js'), 'check', '-o', 'json'], { cwd, env })
    if (ran.out === '') return { status: 'no report', code: '', text: ran.err }
    const report = JSON.parse(ran.out) as JsonObject
    const findings = (own(report, 'findings') ?? []) as readonly JsonObject[]
    const unread = findings.find((finding) => own(finding, 'kind') === 'unreadable')
    return {
      status: unread === undefined ? 'read' : 'unreadable',
      code: textOf(unread, 'code'),
      text: ran.out + ran.err,
    }
  },
  provider: (cwd, env) => observedBy(PROVIDER, 'bin/provider.js', cwd, env),
  pack: (cwd, env) => observedBy(PACK, 'policies/live/run.js', cwd, env),
} satisfies Record<string, (cwd: string, env: Readonly<Record<string, string>>) => Promise<Said>>

async function observedBy(
  program: string,
  file: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Said> {
  const ran = await runBuilt(['--input-type=module', '-e', program, builtFile(file)], { cwd, env })
  if (ran.out === '') return { status: 'no report', code: '', text: ran.err }
  const observed = JSON.parse(ran.out) as JsonObject
  const status = textOf(observed, 'status')
  return {
    status: status === 'missing' ? 'read' : status,
    code: textOf(observed, 'code'),
    text: ran.out + ran.err,
  }
}

function textOf(holder: Json | undefined, key: string): string {
  const value = holder !== undefined && isJsonObject(holder) ? own(holder, key) : undefined
  return typeof value === 'string' ? value : ''
}
