// `tenant-drift serve` as a process, for the benchmarks of the service: what is measured must not share a thread with it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { residentMb, startServe } from '../evidence/serving.ts'
import { cleanEnvironment } from '../tools/environment.mjs'
import type { TenantProcess } from './tenant-process.ts'

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
  env: Readonly<Record<string, string>> = {},
  listen = '127.0.0.1:0',
) {
  let checked = 0
  const { url, pid, next, end } = await startServe({
    cwd,
    env: { ...cleanEnvironment(), TOKEN: tenant.token, BENCH_STREAM: STREAM_TOKEN, HOOK_SECRET, ...env },
    listen,
    heard({ event }) {
      if (event === 'checked') checked += 1
    },
  })
  return {
    url,
    /** Checks that ended until now. */
    count: () => checked,
    async checks(count: number) {
      while (checked < count) await next(({ event }) => event === 'checked')
    },
    /** User and system of all threads, and what is resident now (Linux). */
    usage() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, residentMb: residentMb(pid) }
    },
    stop: () => end('SIGTERM'),
  }
}
