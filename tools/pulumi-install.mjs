// Getting a Pulumi CLI where the machine has none: by the official installer, else built from the Go modules pinned in tools/pulumi.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { cacheFolder } from './environment.mjs'
import { withLock } from './lock.mjs'
import {
  BUILT_MARKER,
  findPulumi,
  inspect,
  isOlder,
  MINIMUM_VERSION,
  pinnedVersion,
  pulumiFolder,
} from './pulumi-cli.mjs'
import { NODE_24, ROOT, run, say, SetupError, tail } from './run.mjs'

/** @typedef {import('./pulumi-cli.mjs').PulumiCli} PulumiCli */
/** @typedef {import('./lock.mjs').Note} Note */

const MINIMUM_GO = '1.26.0'
const INSTALLER_MS = 600_000

/** @typedef {{ note: Note, isOften: boolean }} Making whom to tell of programs, and whether progress is told each second: somebody overwrites it */

/**
 * The CLI to use, made first where there is none. Takes minutes once, on two cores; afterwards the cache folder answers.
 * @param {{ isOften?: boolean }} [options] `isOften`: progress each second, for whoever shows one line of it
 * @returns {Promise<PulumiCli>}
 * @throws {SetupError} which names what to install
 */
export async function ensurePulumi({ isOften = false } = {}) {
  const found = findPulumi()
  if (found !== undefined) return found
  const folder = pulumiFolder()
  const wait = () => say('  another set-up is getting the Pulumi CLI; waiting for it')
  return withLock(
    `${folder}.lock`,
    async (note) => {
      const meanwhile = findPulumi()
      if (meanwhile !== undefined) return meanwhile
      say(`  no Pulumi CLI of version ${MINIMUM_VERSION} or newer on PATH`)
      removeLeftovers(folder)
      const partial = `${folder}.partial-${process.pid}`
      try {
        const making = { note, isOften }
        const refusal = await installOfficially(partial, making)
        if (refusal !== undefined) await buildFromGoModules(partial, refusal, making)
        rmSync(folder, { recursive: true, force: true })
        renameSync(partial, folder)
      } finally {
        rmSync(partial, { recursive: true, force: true })
      }
      const made = inspect(join(folder, 'bin', 'pulumi'), 'cache')
      if (made === undefined)
        throw new SetupError(
          `The Pulumi CLI in ${folder} does not run here. Remove that folder and run npm run setup again.`,
        )
      return made
    },
    wait,
  )
}

/**
 * @param {string} target a folder that does not exist yet
 * @param {Making} making
 * @returns {Promise<string | undefined>} why it could not be installed; undefined when it was
 */
async function installOfficially(target, { note, isOften }) {
  const version = pinnedVersion()
  say(`  asking the official installer for Pulumi ${version}`)
  const script = `
    const { PulumiCommand } = require('@pulumi/pulumi/automation')
    const { SemVer } = require(require.resolve('semver', { paths: [require.resolve('@pulumi/pulumi')] }))
    const [root, version] = process.argv.slice(1)
    PulumiCommand.install({ root, version: new SemVer(version) }).catch((error) => {
      console.error(error instanceof Error ? error.message : String(error))
      process.exitCode = 1
    })`
  // Under the caller's environment: his proxy is the way to the internet, and Node's fetch needs to be told to use it.
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: '1',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_HOME: join(cacheFolder(), 'home'),
  }
  const outcome = await run(NODE_24, ['-e', script, target, version], {
    env,
    onStart: note,
    timeoutMs: INSTALLER_MS,
    everySecond: every(isOften ? 1 : 15, (seconds) => say(`  still downloading (${duration(seconds)})`)),
  })
  rmSync(`${target}.home`, { recursive: true, force: true })
  const installed = outcome.code === 0 ? inspect(join(target, 'bin', 'pulumi'), 'cache') : undefined
  if (installed !== undefined) return undefined
  rmSync(target, { recursive: true, force: true })
  const reason = outcome.outOfTime ? 'out of time' : (outcome.output.trim().split('\n')[0] ?? '').slice(0, 160)
  return reason === '' ? 'the installed CLI does not run here' : reason
}

/**
 * Two modules, because the language host left the Go SDK after the version pinned for it. GOCACHE and GOMODCACHE (together 3.5 GB) lie in
 * the cache folder: an interrupted build goes on where it was, a finished one deletes them.
 * @param {string} target
 * @param {string} refusal what the official installer said
 * @param {Making} making
 */
async function buildFromGoModules(target, refusal, making) {
  say(`  the installer failed (${refusal}); building the CLI from Go modules instead`)
  await requireGo(refusal)
  const caches = join(cacheFolder(), 'build')
  const bin = join(target, 'bin')
  mkdirSync(bin, { recursive: true })
  await withLock(
    `${caches}.lock`,
    async () => {
      const version = pinnedVersion()
      const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`
      await goBuild(
        'cli',
        'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
        join(bin, 'pulumi'),
        `-s -w ${stamp}`,
        caches,
        making,
      )
      const host = 'github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs'
      await goBuild('language-nodejs', host, join(bin, 'pulumi-language-nodejs'), '-s -w', caches, making)
      // Beside the binary, not on PATH: there the engine would warn about it in every preview.
      const provider = join(bin, 'pulumi-resource-pulumi-nodejs')
      copyFileSync(join(ROOT, 'node_modules', '@pulumi', 'pulumi', 'pulumi-resource-pulumi-nodejs'), provider)
      chmodSync(provider, 0o755)
      writeFileSync(join(bin, BUILT_MARKER), `Pulumi ${version}, built by tools/setup.mjs from tools/pulumi\n`)
      if (inspect(join(bin, 'pulumi'), 'cache') === undefined)
        throw new SetupError('The Pulumi CLI was built, but does not run here.')
      rmSync(caches, { recursive: true, force: true })
    },
    () => say('  another set-up is building with the same Go caches; waiting for it'),
  )
}

/** @param {string} refusal */
async function requireGo(refusal) {
  const asked = await run('go', ['env', 'GOVERSION'], { env: goEnvironment() })
  const version = /go(\d+\.\d+(?:\.\d+)?)/.exec(asked.output)?.[1]
  if (asked.code === 0 && version !== undefined && !isOlder(version, MINIMUM_GO)) return
  const found = asked.code === 0 ? `Go here is ${asked.output.trim()}` : 'Go is not installed here'
  throw new SetupError(
    `There is no Pulumi CLI, and none can be made: the official installer failed (${refusal}), and ${found}.\n` +
      `Install one of these and run the same command again:\n` +
      `  Pulumi ${MINIMUM_VERSION} or newer: https://www.pulumi.com/docs/install/\n` +
      `  Go ${MINIMUM_GO.replace(/\.0$/, '')} or newer: https://go.dev/doc/install (the set-up then builds Pulumi, about five minutes)`,
  )
}

/**
 * @param {string} module a folder of tools/pulumi
 * @param {string} package_
 * @param {string} target
 * @param {string} ldflags
 * @param {string} caches
 * @param {Making} making
 */
async function goBuild(module, package_, target, ldflags, caches, { note, isOften }) {
  say(`  go build ${basename(target)} (minutes, once)`)
  const env = goEnvironment(caches)
  mkdirSync(caches, { recursive: true })
  const outcome = await run('go', ['build', '-ldflags', ldflags, '-o', target, package_], {
    cwd: join(ROOT, 'tools', 'pulumi', module),
    env,
    onStart: note,
    everySecond: every(isOften ? 1 : 20, (seconds) =>
      say(`  still building ${basename(target)} (${duration(seconds)})`),
    ),
  })
  if (outcome.code === 0) return
  throw new SetupError(
    `go build of ${basename(target)} failed; what is done so far is kept, and npm run setup goes on from there.\n${tail(outcome.output)}`,
  )
}

/**
 * The caller's Go settings (proxy, certificates), but the pinned modules and nothing else decide what is built.
 * @param {string} [caches]
 * @returns {NodeJS.ProcessEnv}
 */
function goEnvironment(caches) {
  const env = {
    ...process.env,
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOFLAGS: '-modcacherw -mod=readonly',
  }
  if (caches === undefined) return env
  return { ...env, GOCACHE: join(caches, 'go-build'), GOMODCACHE: join(caches, 'go-mod') }
}

/**
 * What an interrupted set-up left beside the folder. Called while holding the lock.
 * @param {string} folder
 */
function removeLeftovers(folder) {
  const parent = dirname(folder)
  if (!existsSync(parent)) return
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(folder)}.partial-`)) rmSync(join(parent, name), { recursive: true, force: true })
  }
}

/**
 * @param {number} period seconds
 * @param {(seconds: number) => void} act
 * @returns {(seconds: number) => void}
 */
function every(period, act) {
  let last = 0
  return (seconds) => {
    if (seconds - last < period) return
    last = seconds
    act(seconds)
  }
}

/** @param {number} seconds */
function duration(seconds) {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
