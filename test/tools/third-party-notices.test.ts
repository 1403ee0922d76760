import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { thirdPartyNotices } from '../../tools/third-party-notices.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-drift-notices-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Puts a package there and returns the path of a module in it. */
function plant(place: string, manifest: object, licence?: string): string {
  const path = join(folder, 'node_modules', place)
  mkdirSync(join(path, 'lib'), { recursive: true })
  writeFileSync(join(path, 'package.json'), JSON.stringify(manifest))
  if (licence !== undefined) writeFileSync(join(path, 'LICENSE.md'), licence)
  return join(path, 'lib', 'index.js')
}

describe('thirdPartyNotices', () => {
  it('names each bundled package once, with its licence text, sorted by name', () => {
    const modules = [
      plant('zebra', { name: 'zebra', version: '1.0.0', license: 'MIT' }, 'the text of zebra'),
      plant('@scope/ant', { name: '@scope/ant', version: '2.0.0', license: 'ISC' }, 'the text of ant'),
    ]
    const text = thirdPartyNotices([...modules, join(folder, 'src', 'ours.ts'), '\0rolldown/runtime.js', ...modules])
    expect(text.match(/^.* \d\.0\.0 \(.*\)$/gm)).toEqual(['@scope/ant 2.0.0 (ISC)', 'zebra 1.0.0 (MIT)'])
    expect(text).toContain('the text of zebra')
    expect(text).toContain('the text of ant')
  })

  it('keeps two versions of a package apart', () => {
    const text = thirdPartyNotices([
      plant('bee', { name: 'bee', version: '1.0.0', license: 'MIT' }, 'old'),
      plant('cow/node_modules/bee', { name: 'bee', version: '2.0.0', license: 'MIT' }, 'new'),
    ])
    expect(text.match(/^bee .*$/gm)).toEqual(['bee 1.0.0 (MIT)', 'bee 2.0.0 (MIT)'])
  })

  it('names licence and author of a package that holds no licence file', () => {
    const manifest = { name: 'bare', version: '1.0.0', license: 'MIT', author: { name: 'Somebody' } }
    expect(thirdPartyNotices([plant('bare', manifest)])).toContain(
      'Licensed under MIT (the package holds no licence file). Author: Somebody',
    )
  })

  it('refuses a package that states no licence at all', () => {
    expect(() => thirdPartyNotices([plant('dubious', { name: 'dubious', version: '1.0.0' })])).toThrow('dubious 1.0.0')
  })
})
