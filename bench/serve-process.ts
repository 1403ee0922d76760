// `tenant-drift serve` as a process, for the benchmarks of the service: what is measured must not share a thread with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanEnvironment } from '../tools/environment.mjs'
import { NODE_24, ROOT } from '../tools/run.mjs'
import type { TenantProcess } from './tenant-process.ts'

const COMMAND = join(ROOT, 'dist', 'bin', 'tenant-drift.js')
export const STREAM_TOKEN = 'token-of-the-stream-of-the-benchmark'
const HOOK_SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`

/** A project whose declared files say what the tenant has. */
export async function declare(tenant: TenantProcess, project: string): Promise<void> {
  mkdirSync(join(project, 'declared'), { recursive: true })
  writeFileSync(join(project, 'declared', 'apis.json'), JSON.stringify({ resource_servers: await tenant.declarable() }))
}

/** The tenants of a configuration, all of them this one. */
export function sections(tenant: TenantProcess, names: readonly string[]): string {
  const each = names.map(
    (name) =>
      `  ${name}: { domain: '${tenant.domain}', credentials: { api_token: TOKEN }, log_stream: { token_variable: BENCH_STREAM } }`,
  )
  return `tenants:\n${each.join('\n')}\n`
}

/** `tenant-drift serve` as a process, once it listens. */
export async function serve(
  cwd: string,
  tenant: TenantProcess,
  port: number,
  env: Readonly<Record<string, string>> = {},
) {
  const child = spawn(NODE_24, [COMMAND, 'serve', '--listen', `127.0.0.1:${port}`], {
    cwd,
    env: { ...cleanEnvironment(), TOKEN: tenant.token, BENCH_STREAM: STREAM_TOKEN, HOOK_SECRET, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let checked = 0
  let wake = (): void => {}
  const listening = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (text) => {
    const { event } = JSON.parse(text) as { readonly event: string }
    if (event === 'listening') listening.resolve()
    if (event === 'checked') checked += 1
    wake()
  })
  await listening.promise
  return {
    url: `http://127.0.0.1:${port}`,
    /** Checks that ended until now. */
    count: () => checked,
    async checks(count: number) {
      while (checked < count)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
    /** User and system of all threads, and what is resident now (Linux). */
    usage() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
      return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, residentMb: Number(resident) / 1024 }
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

export async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  const port = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}
