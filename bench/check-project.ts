// What the benchmarks of `check` share: a folder with the files that a user has, and the environment that a check takes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { dump } from 'js-yaml'
import type { JsonObject } from '../src/schema/json.ts'
import { startTenant, type TenantProcess } from './tenant-process.ts'

/** Runs a benchmark against tenants that are stopped, and in a folder that is gone, afterwards. */
export async function withTenants(
  flags: readonly (readonly string[])[],
  measure: (tenants: readonly TenantProcess[], folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-bench-'))
  const tenants: TenantProcess[] = []
  try {
    for (const each of flags) tenants.push(await startTenant(each))
    await measure(tenants, folder)
  } finally {
    await Promise.all(tenants.map((tenant) => tenant.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file below `folder`; its absolute path. */
export function writeFile(folder: string, name: string, text: string): string {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

export function declaredJson(apis: readonly JsonObject[]): string {
  return JSON.stringify({ resource_servers: apis }, null, 2)
}

export function declaredYaml(apis: readonly JsonObject[]): string {
  return dump({ resource_servers: apis })
}

/** The environment of a check of one tenant. */
export function environmentOf(tenant: TenantProcess, folder: string): Readonly<Record<string, string>> {
  return {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    ...trust([tenant], folder),
  }
}

/** Lets Node trust the tenants' certificates. */
export function trust(tenants: readonly TenantProcess[], folder: string): Readonly<Record<string, string>> {
  const authorities = tenants.flatMap(({ ca }) => (ca === null ? [] : [ca]))
  return authorities.length === 0 ? {} : { NODE_EXTRA_CA_CERTS: writeFile(folder, 'ca.pem', authorities.join('\n')) }
}
