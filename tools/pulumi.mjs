#!/usr/bin/env node
// npm run -s pulumi -- ARGS: the Pulumi CLI that the set-up found, in the caller's environment and folder.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { cacheFolder, pathWith } from './environment.mjs'
import { requirePulumi } from './pulumi-cli.mjs'
import { NODE_24, ROOT, runTool } from './run.mjs'

await runTool(async () => {
  const cli = requirePulumi()
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: pathWith([dirname(NODE_24), cli.folder]) }
  env.PULUMI_SKIP_UPDATE_CHECK ??= 'true'
  env.PULUMI_HOME ??= folder('home')
  if (env.PULUMI_BACKEND_URL === undefined) {
    env.PULUMI_BACKEND_URL = `file://${folder('state')}`
    // Our own backend holds no secret of anybody's; one passphrase for all keeps `stack init` from asking.
    if (env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) env.PULUMI_CONFIG_PASSPHRASE ??= ''
  }
  // npm runs scripts in the folder of package.json; the user stands in INIT_CWD.
  const byNpm = env.npm_lifecycle_event === 'pulumi' && process.cwd() === ROOT
  const cwd = byNpm && env.INIT_CWD !== undefined ? env.INIT_CWD : process.cwd()
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the CLI through the terminal; it decides when to end. A signal sent to this process alone is handed on. Both before
    // there is a CLI to hand it to: in between it would be left behind.
    /** @type {import('node:child_process').ChildProcess | undefined} */
    let child = undefined
    process.on('SIGINT', () => {})
    process.on('SIGTERM', () => child?.kill('SIGTERM'))
    child = spawn(cli.command, process.argv.slice(2), { cwd, env, stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
})

/** @param {string} name */
function folder(name) {
  const path = join(cacheFolder(), name)
  mkdirSync(path, { recursive: true })
  return path
}
