import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../tools/run.mjs'
import { runNode } from '../../test/support/deploy-cli.ts'
import type { Judge } from './document.ts'
import { clientResults, type ClientResults, type Step } from './step.ts'
import { withWatchedTenant } from './watched-tenant.ts'

/** With the tenant's own Management API, more than one page at either size. */
const APIS = 120

/** Every call of the official SDK for resource servers, and every way in which one is refused. */
export async function runOfficialSdk(judge: Judge | null): Promise<ClientResults> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-fidelity-'))
  try {
    return await withWatchedTenant({ apis: APIS, seed: 7200 }, async (tenant) => {
      writeFileSync(join(folder, 'ca.pem'), tenant.ca)
      const { code, out, err } = await runNode([join(ROOT, 'evidence', 'fidelity', 'sdk-process.ts')], folder, {
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
        DOMAIN: tenant.domain,
        ID: tenant.client_id,
        SECRET: tenant.client_secret,
        NARROW: await tenant.issueToken({ scopes: ['read:clients'] }),
        APIS: String(APIS + 1),
      })
      if (code !== 0) throw new Error(`the program with the official SDK ended with ${code}:\n${err}`)
      return clientResults(JSON.parse(out) as readonly Step[], tenant.answers, judge)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
