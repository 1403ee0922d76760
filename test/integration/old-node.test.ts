import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { oldNode } from '../../src/door/old-node.ts'
import { folderWith } from '../cli/run.ts'
import { builtFile, isBuilt, runBuilt } from '../support/built.ts'
import { findOldNode } from '../support/old-node.ts'

const ROOT = new URL('../../', import.meta.url)
const old = findOldNode()
const SENTENCE = `tenant-drift needs Node 22.19 or newer, and this is Node ${old?.version}: put a newer one first on PATH.`

describe('the version of Node', () => {
  it('is looked at as package.json asks for it', () => {
    const { engines } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { engines: { node: string } }
    const [, major, minor] = /^>=(\d+)\.(\d+)\.0$/.exec(engines.node) ?? []
    expect(oldNode(`${major}.${minor}.0`)).toBeNull()
    expect(oldNode(`${major}.${Number(minor) - 1}.9`)).toContain(`needs Node ${major}.${minor} or newer`)
    expect([oldNode('24.0.0'), oldNode('23.0.0')]).toEqual([null, null])
    expect(oldNode('20.20.2')).toContain('this is Node 20.20.2')
  })
})

describe.skipIf(!isBuilt || old === null)(
  'on an old Node (skipped where PATH has none, or dist/ was not built)',
  () => {
    const node = old?.program ?? ''

    it.each([
      ['the command', 'bin/tenant-drift.js', ['check']],
      ['doctor', 'bin/tenant-drift.js', ['doctor']],
      ['even --version', 'bin/tenant-drift.js', ['--version']],
      ['the action', 'bin/tenant-drift-action.js', []],
      ['the pack', 'bin/tenant-drift-policies.js', []],
      ['the pack as a folder', 'policies/pack.js', []],
      ['the live pack', 'bin/tenant-drift-live-policies.js', []],
      ['the live pack as a folder', 'policies/live/pack.js', []],
    ])('%s ends with one sentence', async (_name, file, args) => {
      const ran = await runBuilt([builtFile(file), ...args], {
        cwd: folderWith(),
        env: { AUTH0_DOMAIN: 'acme.test' },
        node,
      })
      expect(ran).toEqual({ code: 1, out: '', err: `error: ${SENTENCE}\n` })
    })

    it.each([
      ['the library', 'index.js'],
      ['the provider', 'bin/provider.js'],
    ])('%s tells whoever loads it, by import and by require', async (_name, file) => {
      const program = `
      const said = []
      const note = (error) => said.push(error.message)
      await import(process.argv[1]).catch(note)
      try { (await import('node:module')).createRequire('/')(process.argv[1]) } catch (error) { note(error) }
      console.log(JSON.stringify(said))`
      const env = { NODE_OPTIONS: '--no-warnings' }
      const argv = ['--input-type=module', '-e', program, builtFile(file)]
      const ran = await runBuilt(argv, { cwd: folderWith(), env, node })
      expect(JSON.parse(ran.out)).toEqual([SENTENCE, SENTENCE])
    })
  },
)
