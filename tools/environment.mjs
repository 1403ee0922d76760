// What of the caller's environment reaches the programs that the tests, the demo and the set-up start.
import { delimiter, dirname, join, resolve } from 'node:path'
import { homedir } from 'node:os'
import { NODE_24 } from './run.mjs'

/** Variables that could point a test or the demo at somebody's real tenant, backend or proxy, or change how Node runs. */
const STRANGERS =
  /^(PULUMI_.*|AUTH0_.*|TENANT_DRIFT_.*|(https?|all|no|grpc|no_grpc)_proxy|NODE_OPTIONS|NODE_USE_ENV_PROXY|NODE_EXTRA_CA_CERTS|FORCE_COLOR)$/i

/** Variables of ours that say nothing about a tenant: where the set-up put the Pulumi CLI, and what generated tests begin from and how many they are. */
const KEPT = new Set(['TENANT_DRIFT_CACHE', 'TENANT_DRIFT_SEED', 'TENANT_DRIFT_RUNS'])

/**
 * The caller's environment without anything that names a tenant, a Pulumi backend or a proxy, and with this repository's Node 24 first on PATH.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Record<string, string>}
 */
export function cleanEnvironment(env = process.env) {
  /** @type {Record<string, string>} */
  const clean = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue
    if (KEPT.has(name) || !STRANGERS.test(name)) clean[name] = value
  }
  clean.PATH = pathWith([dirname(NODE_24)], env)
  return clean
}

/**
 * A PATH with these folders first; they are not named twice.
 * @param {readonly string[]} folders
 * @param {NodeJS.ProcessEnv} [env]
 */
export function pathWith(folders, env = process.env) {
  const rest = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !folders.includes(folder))
  return [...folders, ...rest].join(delimiter)
}

/**
 * The cache folder outside the work tree: `$TENANT_DRIFT_CACHE`, else `$XDG_CACHE_HOME/tenant-drift`, else `~/.cache/tenant-drift`.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function cacheFolder(env = process.env) {
  if (env.TENANT_DRIFT_CACHE) return resolve(env.TENANT_DRIFT_CACHE)
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tenant-drift')
}
