// Finding the Pulumi CLI, and the environment it runs in. Used by the tests, the demo, `npm run pulumi` and the set-up.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { cacheFolder, cleanEnvironment, pathWith } from './environment.mjs'
import { isExecutable, findOnPath } from './on-path.mjs'
import { NODE_24, ROOT, SetupError } from './run.mjs'

/** From here on the engine loads a policy pack that is one executable file, which is how ours is shipped. */
export const MINIMUM_VERSION = '3.255.0'

/** Lies beside a CLI that was built from Go modules: its language host is older than the CLI and knows no policy pack folder and no `options`. */
export const BUILT_MARKER = 'built-from-go-modules'

/**
 * @typedef {object} PulumiCli
 * @property {string} command the binary, an absolute path
 * @property {string} folder the folder that holds it
 * @property {string} version such as `3.259.0`
 * @property {'path' | 'cache'} origin the caller's own, or the one that `npm run setup` made
 * @property {boolean} loadsPackFolders does its language host load a policy pack given as a folder (PulumiPolicy.yaml)?
 */

/** The version that the set-up installs or builds: the one that tools/pulumi/cli/go.mod pins. */
export function pinnedVersion() {
  const text = readFileSync(join(ROOT, 'tools', 'pulumi', 'cli', 'go.mod'), 'utf8')
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\d+\.\d+\.\d+)/.exec(text)?.[1]
  if (version === undefined) throw new Error('tools/pulumi/cli/go.mod pins no github.com/pulumi/pulumi/pkg/v3')
  return version
}

/**
 * The folder of the pinned CLI in the cache; `bin/` in it holds the binaries, as the official installer lays them out.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function pulumiFolder(env = process.env) {
  return join(cacheFolder(env), `pulumi-v${pinnedVersion()}`)
}

/**
 * The CLI to use: the one on PATH when it is new enough and complete, else the one in the cache. Each candidate is asked for its version.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {PulumiCli | undefined}
 */
export function findPulumi(env = process.env) {
  const onPath = commandOnPath('pulumi', env)
  const own = join(pulumiFolder(env), 'bin', 'pulumi')
  return (onPath === undefined ? undefined : inspect(onPath, 'path', env)) ?? inspect(own, 'cache', env)
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {PulumiCli}
 * @throws {SetupError} when there is none
 */
export function requirePulumi(env = process.env) {
  const cli = findPulumi(env)
  if (cli !== undefined) return cli
  throw new SetupError(
    `No usable Pulumi CLI: none of version ${MINIMUM_VERSION} or newer on PATH, none in ${pulumiFolder(env)}. Run: npm run setup`,
  )
}

/**
 * A clean environment for one use of the CLI: nothing of the caller's PULUMI_*, AUTH0_*, TENANT_DRIFT_* and proxy variables is in it, this
 * repository's Node 24 comes first on PATH, then the CLI's folder. No update check, no download of plugins.
 * @param {object} options
 * @param {string} options.home PULUMI_HOME: plugins, credentials and logs go there
 * @param {string} options.backend a folder for the state (it must exist), or a URL such as `file:///somewhere`
 * @param {PulumiCli} [options.cli] default: the one that `findPulumi` finds
 * @param {string} [options.passphrase] for secrets in the state
 * @param {Readonly<Record<string, string | undefined>>} [options.extra] added last (AUTH0_DOMAIN and the like); undefined takes a variable away
 * @param {NodeJS.ProcessEnv} [options.env] the caller's environment
 * @returns {Record<string, string>}
 */
export function pulumiEnvironment({ home, backend, cli, passphrase = 'tenant-drift', extra = {}, env = process.env }) {
  const { folder } = cli ?? requirePulumi(env)
  /** @type {Record<string, string>} */
  const result = {
    ...cleanEnvironment(env),
    PATH: pathWith([dirname(NODE_24), folder], env),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: backend.includes('://') ? backend : `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    NO_COLOR: '1',
  }
  for (const [name, value] of Object.entries(extra)) {
    if (value === undefined) delete result[name]
    else result[name] = value
  }
  return result
}

/**
 * What is this binary? Undefined when it does not run, is too old, or has no Node language host to run programs with.
 * @param {string} command
 * @param {'path' | 'cache'} origin
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {PulumiCli | undefined}
 */
export function inspect(command, origin, env = process.env) {
  if (!isExecutable(command)) return undefined
  const folder = dirname(command)
  const asked = askVersion(command, env)
  const version = /^v?(\d+\.\d+\.\d+)/.exec(asked.stdout?.trim() ?? '')?.[1]
  if (asked.status !== 0 || version === undefined || isOlder(version, MINIMUM_VERSION)) return undefined
  const real = dirname(realpathSync(command))
  const host = 'pulumi-language-nodejs'
  const hasHost =
    isExecutable(join(folder, host)) || isExecutable(join(real, host)) || commandOnPath(host, env) !== undefined
  if (!hasHost) return undefined
  const built = existsSync(join(folder, BUILT_MARKER)) || existsSync(join(real, BUILT_MARKER))
  return { command, folder, version, origin, loadsPackFolders: !built }
}

/**
 * Every command leaves a log in its home, this question too: so it gets a home of its own, for a moment.
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 */
function askVersion(command, env) {
  const home = mkdtempSync(join(tmpdir(), 'tenant-drift-home-'))
  try {
    return spawnSync(command, ['version'], {
      env: { ...cleanEnvironment(env), PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      encoding: 'utf8',
      timeout: 30_000,
    })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the first executable of that name on PATH; what npm packages put into node_modules/.bin is passed over
 */
function commandOnPath(name, env) {
  return findOnPath([name], env, (folder) => folder.startsWith(sep) && !folder.endsWith(join('node_modules', '.bin')))
}

/**
 * @param {string} version
 * @param {string} minimum
 */
export function isOlder(version, minimum) {
  const [left, right] = [version, minimum].map((text) => text.split('.').map(Number))
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
