import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '../../../src/simulator/front.ts'

/** The release of @pulumi/auth0 in devDependencies: the engine looks for a plugin of the very version that the package names. */
const VERSION = '3.49.0'
const PLUGIN = 'pulumi-resource-auth0'

/**
 * Puts the stand-in where the CLI looks for the plugin of the npm package @pulumi/auth0. What it does is in `serve.ts`: alone it accepts
 * registrations; with `pluginEnvironment` it writes to the tenant, as the real one does.
 */
export function installAuth0Plugin(home: string): void {
  const folder = join(home, 'plugins', `resource-auth0-v${VERSION}`)
  mkdirSync(folder, { recursive: true })
  // The folder must be one; a link is enough for the program in it.
  symlinkSync(join(import.meta.dirname, PLUGIN), join(folder, PLUGIN))
}

/** Variables that make the plugin write to this tenant. They are its own, so that nothing else of a test can take them for credentials. */
export function pluginEnvironment(tenant: Pick<Simulator, 'url' | 'token'>): Record<string, string> {
  return { STAND_IN_TENANT: tenant.url, STAND_IN_TOKEN: tenant.token }
}
