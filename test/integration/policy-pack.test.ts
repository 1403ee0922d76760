import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { NODE_24, ROOT } from '../../tools/run.mjs'

const PACKS = ['tenant-drift-policies', 'tenant-drift-live-policies'] as const
const executable = (pack: string) => join(ROOT, 'dist', 'bin', `${pack}.js`)
const folder = (pack: string) => join(ROOT, 'policies', ...(pack === PACKS[0] ? [] : ['live']))
const RUN_POLICY_PACK = join(ROOT, 'node_modules', '@pulumi', 'pulumi', 'cmd', 'run-policy-pack', 'index.js')
// Nobody listens there: a pack says its port before it looks for the engine.
const ENGINE = '127.0.0.1:1'

beforeAll(() => {
  if (!PACKS.every((pack) => existsSync(executable(pack)))) throw new Error('dist/ is not built. Run: npm run setup')
})

/** Starts a pack as the engine does, and ends it once it has said something. */
function firstWords(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH } })
    onTestFinished(() => void child.kill('SIGKILL'))
    const end = (outcome: () => void) => {
      child.kill('SIGKILL')
      outcome()
    }
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n')) end(() => resolve(said))
    })
    child.stderr.on('data', (chunk: Buffer) => end(() => reject(new Error(chunk.toString()))))
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`ended with ${code} before it said anything`)))
  })
}

describe.each(PACKS)('%s, built', (pack) => {
  it('serves as an executable file, from any working directory', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'tenant-drift-elsewhere-'))
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }))
    expect(await firstWords(executable(pack), [ENGINE], elsewhere)).toMatch(/^\d+\n$/)
  })

  // A language host starts a folder like this; the one that is built from Go modules does not know folders, so this is not the real engine.
  it('serves as a folder, by the script that a language host starts', async () => {
    expect(await firstWords(NODE_24, [RUN_POLICY_PACK, ENGINE, folder(pack)], folder(pack))).toMatch(/^\d+\n$/)
  })
})

describe.each(PACKS)('what is published of %s', (pack) => {
  const manifestIn = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8'))
  const whole = manifestIn(join(ROOT, 'package.json'))
  const own = manifestIn(join(folder(pack), 'package.json'))

  it('has one version in both manifests', () => {
    expect(own.version).toBe(whole.version)
  })

  it('holds the folder’s manifest, its description and the code that it names', () => {
    const inPackage = relative(ROOT, folder(pack)).replaceAll('\\', '/')
    expect(whole.files).toEqual(
      expect.arrayContaining(['dist', `${inPackage}/PulumiPolicy.yaml`, `${inPackage}/package.json`]),
    )
    expect(existsSync(join(folder(pack), String(own.main)))).toBe(true)
    expect(readFileSync(join(folder(pack), 'PulumiPolicy.yaml'), 'utf8')).toMatch(/^runtime: nodejs$/m)
  })
})
