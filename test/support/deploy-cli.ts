import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { NODE_24 } from '../../tools/run.mjs'
import type { Simulator } from '../../src/simulator/front.ts'
import { programFile } from './built.ts'
import { IS_WIDE } from './wide.ts'

const require = createRequire(import.meta.url)
const DEPLOY_CLI = require.resolve('auth0-deploy-cli')

/** In the process before it: of what it knows of files, whatever is no API is taken as it is. */
const ONLY_APIS = `
  import schema from ${JSON.stringify(pathToFileURL(join(dirname(DEPLOY_CLI), 'tools', 'auth0', 'schema.js')).href)}
  const { properties } = schema.default
  for (const name of Object.keys(properties)) if (name !== 'resourceServers') properties[name] = {}`
/** It compiles its schema of all kinds twice for a dry run, which is half a minute of CPU: in \`npm test\` that of APIs. */
const BEFORE = IS_WIDE ? [] : ['--import', `data:text/javascript,${encodeURIComponent(ONLY_APIS)}`]
const COMMAND = programFile('tenant-drift')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A process of this repository's Node with nothing in its environment but what is given. */
export function runNode(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE_24, [...args], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

type Credentials = Pick<Simulator, 'domain' | 'client_id' | 'client_secret' | 'audience' | 'ca'>

/** Writes the deploy CLI's `config.json` for this tenant and the certificate to trust; the settings are added to it. */
export function writeDeployConfig(
  folder: string,
  tenant: Credentials,
  settings: Readonly<Record<string, unknown>> = {},
): void {
  const config = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.client_id,
    AUTH0_CLIENT_SECRET: tenant.client_secret,
    AUTH0_AUDIENCE: tenant.audience,
    AUTH0_INCLUDED_ONLY: ['resourceServers'],
    ...settings,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'ca.pem'), tenant.ca ?? '')
}

/** The real deploy CLI in a folder that `writeDeployConfig` prepared. */
export function deployCli(args: readonly string[], folder: string): Promise<Ended> {
  return runNode([...BEFORE, DEPLOY_CLI, ...args, '-c', 'config.json', '--env=false'], folder, trusting(folder))
}

/** `tenant-drift` in the same folder, against the same tenant. */
export function tenantDrift(args: readonly string[], folder: string, tenant: Simulator): Promise<Ended> {
  const env = { ...trusting(folder), AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
  return runNode([COMMAND, ...args], folder, env)
}

function trusting(folder: string): Readonly<Record<string, string>> {
  return { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }
}
