import '../../src/door/end-on-old-node.ts'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { PolicyPack, type Policies } from '@pulumi/policy'
import { refuseMistakenConfig } from '../refuse-config.ts'
import { livePolicies } from './live-policies.ts'
import type { LiveRun } from './run.ts'

// Where the engine starts this file is the only trace of the project; and the pack's version is read from the package.json of the working directory.
const folders = [process.cwd(), process.env.PWD ?? '']
process.chdir(packageFolder(import.meta.dirname))

const policies = livePolicies(openLiveRun)
refuseMistakenConfig(policies)

/** Starts to serve at once, as Pulumi wants it: the engine runs this file and reads the port from its output. */
new PolicyPack('tenant-drift-live', {
  description: 'Stops a preview if the Auth0 tenant is no longer what an unmodified @pulumi/auth0 program declares.',
  displayName: 'tenant-drift (live)',
  enforcementLevel: 'mandatory',
  policies: [...policies] as Policies,
})

/** The code that reads declarations and tenants is a megabyte: the engine waits for the port, and not for that. */
async function openLiveRun(): Promise<LiveRun> {
  const { openRun } = await import('./run.ts')
  return openRun({ env: { ...process.env }, folders: folders.filter(Boolean), now: () => Date.now() })
}

function packageFolder(from: string): string {
  const parent = path.dirname(from)
  return existsSync(path.join(from, 'package.json')) || parent === from ? from : packageFolder(parent)
}
