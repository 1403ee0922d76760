import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf, folderWith, run, type Ran } from '../cli/run.ts'

/** Whether a program is on this machine: without it what needs it is skipped, and says so. */
export function isThere(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const missing = ['bash', 'curl', 'jq'].filter((program) => !isThere(program))
export const canRun = missing.length === 0
/** For the title of what is skipped then. */
export const lacking = canRun ? '' : ` (skipped: no ${missing.join(', ')} on PATH)`

/** A folder in which these APIs are declared, and the tenant that they are compared with. */
export interface Scene {
  readonly cwd: string
  readonly tenant: Simulator
  readonly run: (...argv: readonly string[]) => Promise<Ran>
  /** Runs a file of the folder in bash, with nothing in its environment but PATH, the token, and what is given. */
  readonly bash: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>
}

export function sceneOf(tenant: Simulator, declared: readonly JsonObject[]): Scene {
  // A dollar before a brace would begin a variable.
  const text = JSON.stringify({ resource_servers: declared }).replaceAll('${', '$$${')
  const cwd = folderWith({ 'declared/all.json': text })
  return {
    cwd,
    tenant,
    run: (...argv) => run([...argv, '--quiet'], { cwd, env: envOf(tenant) }),
    bash: (args, env) => runBash(cwd, args, { AUTH0_API_TOKEN: tenant.token, ...env }),
  }
}

function runBash(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    execFile('/bin/bash', args, { cwd, env: { PATH: process.env.PATH ?? '', ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })
}

/** A PATH with these programs alone. */
export function pathWith(cwd: string, ...programs: readonly string[]): string {
  const folder = path.join(cwd, 'programs')
  mkdirSync(folder, { recursive: true })
  for (const program of programs)
    symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), path.join(folder, program))
  return folder
}

/** What a stand-in for the Auth0 CLI was asked, one call after the other. */
export interface Call {
  readonly argv: readonly string[]
  readonly input: string
}

/** `auth0 api METHOD PATH` that notes its arguments and its input and passes the request on to the embedded tenant; returns its PATH and its notes. */
export function standInFor({ cwd, tenant }: Pick<Scene, 'cwd' | 'tenant'>): { PATH: string; calls: () => Call[] } {
  const folder = path.join(cwd, 'stand-in')
  const log = path.join(folder, 'calls.jsonl')
  mkdirSync(folder, { recursive: true })
  writeFileSync(log, '')
  const program = `#!${process.execPath}
const { appendFileSync, readFileSync, fstatSync } = require('node:fs')
const argv = process.argv.slice(2)
const input = fstatSync(0).isFile() ? readFileSync(0, 'utf8') : ''
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ argv, input }) + '\\n')
const [, method, path] = argv
const query = argv.flatMap((each, at) => (argv[at - 1] === '-q' ? [each] : [])).join('&')
fetch(${JSON.stringify(tenant.url)} + '/api/v2/' + path + (query === '' ? '' : '?' + query), {
  method: method.toUpperCase(),
  headers: { authorization: 'Bearer ' + ${JSON.stringify(tenant.token)}, 'content-type': 'application/json' },
  ...(input === '' ? {} : { body: input }),
}).then(async (answer) => console.log(await answer.text()))
`
  writeFileSync(path.join(folder, 'auth0'), program, { mode: 0o755 })
  return {
    PATH: `${folder}:${process.env.PATH ?? ''}`,
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Call])),
  }
}
