#!/usr/bin/env node
// npm run setup: dependencies, build, Pulumi CLI. Runs on Node 20 and needs nothing but Node, npm and (where there is no Pulumi) the
// internet or Go. Quick when nothing changed, works offline once done; an interrupted run is taken up again by the next.
// --project: without the CLI. --cli-beside: the CLI alone, for whoever has other work on the same cores meanwhile (tools/cli-beside.mjs).
import { dirname, join } from 'node:path'
import { setPriority } from 'node:os'
import { isBuilt } from './build-stamp.mjs'
import { cleanEnvironment } from './environment.mjs'
import { withLock } from './lock.mjs'
import { installDependencies, isInstalled } from './node-modules.mjs'
import { findPulumi } from './pulumi-cli.mjs'
import { ensurePulumi } from './pulumi-install.mjs'
import { NODE_24, ROOT, run, runTool, say, SetupError, tail } from './run.mjs'

/** As `nice` does without a number: whoever waits for something else goes first, and where nobody does it costs nothing. */
const BESIDE_PRIORITY = 10

await runTool(async () => {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major < 20) throw new SetupError(`The set-up needs Node 20 or newer; this is ${process.versions.node}.`)
  const began = Date.now()
  const isBeside = process.argv.includes('--cli-beside')
  if (isBeside) setPriority(BESIDE_PRIORITY)
  else await setUpProject()
  const made = isBeside ? [] : ['dependencies', 'build']
  if (!process.argv.includes('--project')) made.push(await setUpCli(isBeside))
  say(`${isBeside ? 'ready' : 'set up'} in ${((Date.now() - began) / 1000).toFixed(1)} s: ${made.join(', ')}`)
})

async function setUpProject() {
  const lock = join(ROOT, '.setup.lock')
  if (!isInstalled()) {
    say('dependencies')
    await withLock(
      lock,
      async (note) => (isInstalled() ? undefined : installDependencies(note)),
      waiting('installing the dependencies'),
    )
  }
  if (!isBuilt()) {
    say('build')
    await withLock(lock, build, waiting('building'))
  }
}

/**
 * @param {boolean} isBeside
 * @returns {Promise<string>} what is there now
 */
async function setUpCli(isBeside) {
  let cli = findPulumi()
  if (cli === undefined) {
    if (!isBeside) say('Pulumi CLI')
    cli = await ensurePulumi({ isOften: process.argv.includes('--often') })
  }
  const where = cli.origin === 'path' ? 'from PATH' : 'from the cache'
  return `Pulumi ${cli.version} ${where} (${dirname(cli.command)})`
}

/** @param {import('./lock.mjs').Note} note */
async function build(note) {
  if (isBuilt()) return
  const outcome = await run(NODE_24, [join(ROOT, 'tools', 'build.mjs')], { env: cleanEnvironment(), onStart: note })
  if (outcome.code !== 0) throw new SetupError(`The build failed:\n${tail(outcome.output, 60)}`)
}

/** @param {string} what */
function waiting(what) {
  return () => say(`  another set-up is ${what}; waiting for it`)
}
