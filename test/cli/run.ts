import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Io, World } from '../../src/cli/io.ts'
import { runCommand } from '../../src/cli/program.ts'
import type { Report } from '../../src/schema/report.ts'
import { SecretValues } from '../../src/words/secret-values.ts'
import type { Simulator } from '../../src/simulator/front.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export const NOW = Date.parse('2026-11-24T12:00:00Z')

export async function run(argv: readonly string[], world: Partial<World> = {}): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await runCommand(argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    env: {},
    cwd: tmpdir(),
    now: () => NOW,
    isOutTerminal: false,
    isErrTerminal: false,
    ...world,
  })
  return { code, out, err }
}

/** What a command has in its hands, with these secrets. */
export function ioOf(cwd: string, ...secrets: readonly string[]): Io {
  const known = new SecretValues()
  for (const secret of secrets) known.add(secret)
  const [out, err] = [() => {}, () => {}]
  return { out, err, env: {}, cwd, now: () => NOW, isOutTerminal: false, isErrTerminal: false, secrets: known }
}

/** A folder that ends with the test, with these files in it: texts as they are, anything else as JSON. */
export function folderWith(files: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tenant-drift-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  write(folder, files)
  return folder
}

export function write(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/** The environment of a job that may read this tenant. */
export function envOf(tenant: Simulator): Record<string, string> {
  return { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
}

export function reportIn(text: string): Report {
  return JSON.parse(text) as Report
}

export function readReport(folder: string, name: string): Report {
  return reportIn(readFileSync(path.join(folder, name), 'utf8'))
}
