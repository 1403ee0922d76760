import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { NODE_24, ROOT } from '../../tools/run.mjs'

const EXECUTABLE = join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js')
const FOLDER = join(ROOT, 'policies')
const RUN_POLICY_PACK = join(ROOT, 'node_modules', '@pulumi', 'pulumi', 'cmd', 'run-policy-pack', 'index.js')
// Nobody listens there: a pack says its port before it looks for the engine.
const ENGINE = '127.0.0.1:1'

beforeAll(() => {
  if (!existsSync(EXECUTABLE)) throw new Error('dist/ is not built. Run: npm run setup')
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

describe('the pack, built', () => {
  it('serves as an executable file, from any working directory', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'tenant-drift-elsewhere-'))
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }))
    expect(await firstWords(EXECUTABLE, [ENGINE], elsewhere)).toMatch(/^\d+\n$/)
  })

  // A language host starts a folder like this; the one that is built from Go modules does not know folders, so this is not the real engine.
  it('serves as a folder, by the script that a language host starts', async () => {
    expect(await firstWords(NODE_24, [RUN_POLICY_PACK, ENGINE, FOLDER], FOLDER)).toMatch(/^\d+\n$/)
  })
})

describe('what is published of the pack', () => {
  const manifest = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))

  it('has one version in both manifests', () => {
    expect(manifest('policies/package.json').version).toBe(manifest('package.json').version)
  })

  it('holds the folder’s manifest, its description and the code that it names', () => {
    const { main } = manifest('policies/package.json')
    expect(manifest('package.json').files).toEqual(
      expect.arrayContaining(['dist', 'policies/PulumiPolicy.yaml', 'policies/package.json']),
    )
    expect(existsSync(join(FOLDER, String(main)))).toBe(true)
    expect(readFileSync(join(FOLDER, 'PulumiPolicy.yaml'), 'utf8')).toMatch(/^runtime: nodejs$/m)
  })
})
