#!/usr/bin/env node
// npm run try-package: packs what was built, installs it into an empty project with npm, and uses it there as a user would, on the Node that runs this
// file: the library from ESM and CommonJS, the command, and a check against the embedded tenant.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanEnvironment } from './environment.mjs'
import { ROOT, run, runTool, say, SetupError, tail } from './run.mjs'

const API = 'urn:example:orders'

await runTool(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-package-'))
  try {
    // npm's own settings are the caller's: it has to find a registry.
    const packed = await must('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], ROOT, process.env)
    const tarball = join(folder, packed.trim().split('\n').at(-1) ?? '')
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    await must(
      'npm',
      ['install', '--no-audit', '--no-fund', tarball, '@pulumi/pulumi', '@pulumi/policy'],
      folder,
      process.env,
    )
    await useLibrary(folder)
    await useCommand(folder)
    say(`the package works in an empty project, on Node ${process.version}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** @param {string} folder */
async function useLibrary(folder) {
  const names = 'typeof lib.TenantCheck + typeof lib.ResourceServerCheck'
  writeFileSync(join(folder, 'esm.mjs'), `import * as lib from 'tenant-drift'\nconsole.log(${names})\n`)
  writeFileSync(join(folder, 'common.cjs'), `const lib = require('tenant-drift')\nconsole.log(${names})\n`)
  for (const file of ['esm.mjs', 'common.cjs']) {
    const said = await must(process.execPath, [join(folder, file)], folder, environment())
    if (!said.includes('functionfunction')) throw new SetupError(`${file}: the library has no checks in it`)
  }
}

/** @param {string} folder */
async function useCommand(folder) {
  const bin = join(folder, 'node_modules', 'tenant-drift', 'dist', 'bin', 'tenant-drift.js')
  const tenant = spawn(process.execPath, [bin, 'simulate', '--apis', '2'], { cwd: folder, env: environment() })
  try {
    const [line] = await once(createInterface({ input: tenant.stdout }), 'line')
    const { domain, token } = JSON.parse(String(line))
    const env = { ...environment(), AUTH0_DOMAIN: domain, AUTH0_API_TOKEN: token }
    mkdirSync(join(folder, 'declared'))
    const write = (/** @type {unknown[]} */ servers) =>
      writeFileSync(join(folder, 'declared', 'all.json'), JSON.stringify({ resource_servers: servers }))
    write([])
    await must(process.execPath, [bin, 'check'], folder, env)
    write([{ identifier: API }])
    await must(process.execPath, [bin, 'check'], folder, env, 2)
  } finally {
    tenant.kill()
  }
}

/** This Node first, and not the repository's. */
function environment() {
  return { ...cleanEnvironment(), PATH: process.env.PATH ?? '' }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @param {number} [code] how it must end
 */
async function must(command, args, cwd, env, code = 0) {
  const outcome = await run(command, args, { cwd, env })
  if (outcome.code === code) return outcome.output
  throw new SetupError(
    `${[command, ...args].join(' ')}\nended with ${outcome.code}, not ${code}\n${tail(outcome.output)}`,
  )
}
