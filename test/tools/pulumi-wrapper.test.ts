import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../tools/run.mjs'

const WRAPPER = join(ROOT, 'tools', 'pulumi.mjs')

let folder: string
let env: NodeJS.ProcessEnv

/** A pretended CLI that prints what it was given, or does what the test says. */
function plant(body: string): void {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['pulumi', 'pulumi-language-nodejs']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nif [ "$1" = version ]; then echo v3.300.0; exit; fi\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  env = { PATH: [bin, '/usr/bin', '/bin'].join(delimiter), TENANT_DRIFT_CACHE: join(folder, 'cache') }
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tenant-drift-wrapper-')))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const wrap = (args: string[], extra: NodeJS.ProcessEnv = {}, cwd = folder): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, [WRAPPER, ...args], { env: { ...env, ...extra }, cwd, encoding: 'utf8' })

const PRINT = 'echo "$PULUMI_HOME|$PULUMI_BACKEND_URL|${PULUMI_CONFIG_PASSPHRASE-unset}|$(pwd)|$*"'

describe('npm run pulumi', () => {
  it('gives a caller who set nothing a home and a backend in the cache folder', () => {
    plant(PRINT)
    const cache = join(folder, 'cache')
    expect(wrap(['stack', 'ls', '--json']).stdout).toBe(
      `${cache}/home|file://${cache}/state||${folder}|stack ls --json\n`,
    )
  })

  it("leaves the caller's home, backend and passphrase alone", () => {
    plant(PRINT)
    const own = { PULUMI_HOME: '/h', PULUMI_BACKEND_URL: 'file:///b', PULUMI_CONFIG_PASSPHRASE: 'p' }
    expect(wrap(['ls'], own).stdout).toBe(`/h|file:///b|p|${folder}|ls\n`)
  })

  it('sets no passphrase for a backend that is not its own', () => {
    plant(PRINT)
    expect(wrap(['ls'], { PULUMI_BACKEND_URL: 'file:///b' }).stdout).toContain('|file:///b|unset|')
  })

  it('runs where the caller of npm stands, not where package.json lies', () => {
    plant(PRINT)
    const extra = { npm_lifecycle_event: 'pulumi', INIT_CWD: folder }
    expect(wrap(['ls'], extra, ROOT).stdout).toContain(`|${folder}|ls\n`)
  })

  it('puts the pinned Node first', () => {
    plant('command -v node')
    expect(wrap(['ls']).stdout).toBe(`${ROOT}/node_modules/node/bin/node\n`)
  })

  it.each([0, 1, 7, 255])("ends with the CLI's own exit code %i", (code) => {
    plant(`exit ${code}`)
    expect(wrap(['preview']).status).toBe(code)
  })

  it('hands a termination on and waits for the CLI to finish', async () => {
    plant(`trap 'echo cleaned up; exit 3' TERM; echo ready; while :; do sleep 0.05; done`)
    const child = spawn(process.execPath, [WRAPPER, 'up'], { env, cwd: folder })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output === 'ready\n') child.kill('SIGTERM')
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, output }).toEqual({ code: 3, output: 'ready\ncleaned up\n' })
  })

  it('says what to run where there is no CLI', () => {
    plant('')
    const result = wrap(['ls'], { PATH: '/usr/bin:/bin' })
    expect(result.status).toBe(1)
    expect(result.stderr).toContain('npm run setup')
  })
})
