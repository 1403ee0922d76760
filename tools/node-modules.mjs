// The dependencies: npm ci when, and only when, node_modules is not what package-lock.json says.
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { NODE_24, ROOT, run, say, SetupError, tail } from './run.mjs'

const STAMP = join(ROOT, 'node_modules', '.tenant-drift-setup')
const NODE_PACKAGE = join(ROOT, 'node_modules', 'node')

/** @returns {boolean} are the dependencies those of package-lock.json, and does the pinned Node run? */
export function isInstalled() {
  return hasRightPackages() && nodeProblem() === undefined
}

/**
 * @param {import('./lock.mjs').Note} onStart
 * @returns {Promise<void>}
 * @throws {SetupError} with npm's own words
 */
export async function installDependencies(onStart) {
  if (!hasRightPackages()) {
    say('  npm ci')
    // --include=dev: NODE_ENV=production or a user's `omit` would leave out what everything here runs on.
    const outcome = await run('npm', ['ci', '--loglevel=error', '--include=dev', '--no-audit', '--no-fund'], {
      env: outsideEnvironment(),
      onStart,
    })
    if (outcome.code !== 0) throw new SetupError(`npm ci failed:\n${tail(outcome.output)}`)
  }
  if (nodeProblem() !== undefined) {
    // npm 12, `ignore-scripts` and some company settings block install scripts; the package `node` fetches its binary in one.
    say('  fetching the pinned Node (its install script was not run by npm)')
    const outcome = await run('node', ['installArchSpecificPackage.js'], {
      cwd: NODE_PACKAGE,
      env: outsideEnvironment(),
      onStart,
    })
    const problem = nodeProblem()
    if (problem !== undefined) throw new SetupError(`${problem}\n${tail(outcome.output)}\nTry: npm rebuild node`)
  }
  writeFileSync(STAMP, lockDigest())
}

/** npm and node from outside of this repository: node_modules, with the Node in it, is being replaced while they run. */
function outsideEnvironment() {
  const own = join(ROOT, 'node_modules')
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(own))
  return { ...process.env, PATH: folders.join(delimiter) }
}

/** @returns {string | undefined} what is wrong with the pinned Node */
function nodeProblem() {
  const wanted = pinnedNode()
  if (!existsSync(NODE_24)) return `The npm package "node" ${wanted} is there, but its binary is not.`
  const asked = spawnSync(NODE_24, ['--version'], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } })
  const version = (asked.stdout ?? '').trim().replace(/^v/, '')
  if (asked.status !== 0) return `The Node of node_modules does not run here (exit ${asked.status ?? 'unknown'}).`
  return version === wanted ? undefined : `The Node of node_modules is ${version}, package.json pins ${wanted}.`
}

function pinnedNode() {
  /** @type {{ devDependencies: Record<string, string> }} */
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return devDependencies.node ?? ''
}

/** Either our stamp says so, or npm's own record of what it put there (somebody ran npm ci or npm install himself). */
function hasRightPackages() {
  const digest = lockDigest()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return true
  if (!recordAgrees()) return false
  writeFileSync(STAMP, digest)
  return true
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Package */

function recordAgrees() {
  const record = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = packagesOf(join(ROOT, 'package-lock.json'))
  const there = packagesOf(record)
  for (const [place, package_] of Object.entries(wanted)) {
    if (place === '') continue
    const found = there[place]
    if (found === undefined && package_.optional !== true) return false
    if (found !== undefined && (found.version !== package_.version || found.integrity !== package_.integrity))
      return false
  }
  return Object.keys(there).every((place) => place in wanted)
}

/**
 * @param {string} file
 * @returns {Record<string, Package>}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}
