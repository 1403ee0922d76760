import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDeclared } from '../../src/sources/front.ts'
import { MistakesError } from '../../src/schema/errors.ts'
import { mistakesOf, parse } from './memory-files.ts'

const PIECES = [
  'resource_servers:',
  '\n  - identifier: urn:a',
  '\n    signing_secret: s3cr3t-0123456789',
  '\n    scopes: [{value: a}]',
  '{"resource_servers": [',
  '{"identifier": "urn:a"}',
  ']}',
  '&a ',
  '*a',
  '<<: ',
  '!!map ',
  '? ',
  '- ',
  '${env}',
  '${',
  '|\n',
  '\t',
  '---\n',
  '\0',
  '\uD800',
  '"',
  "'",
  '#',
  '\r',
  '[[[',
  '%YAML 1.2\n',
] as const

describe('any text', () => {
  const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { maxLength: 12 })

  it.each(['a.yaml', 'a.json'])('as %s is read or refused with mistakes, each with a place in it', async (file) => {
    await fc.assert(
      fc.asyncProperty(
        text.map((pieces) => pieces.join('')),
        async (content) => {
          const outcome = await parse({ [file]: content }).catch((error: unknown) => error)
          const mistakes = outcome instanceof MistakesError ? outcome.mistakes : []

          expect(outcome instanceof Error && !(outcome instanceof MistakesError)).toBe(false)
          expect(mistakes.every((mistake) => mistake.file === file)).toBe(true)
          expect(mistakes.every(({ line }) => line === null || line <= content.split(/\r\n|\r|\n/).length)).toBe(true)
          expect(mistakes.map(({ message }) => message).join()).not.toContain('s3cr3t')
        },
      ),
      { numRuns: 400 },
    )
  })
})

describe('a folder on disk', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'declared-'))
    mkdirSync(join(folder, 'd', 'inner.d'), { recursive: true })
    writeFileSync(join(folder, 'd', 'b.yaml'), 'resource_servers: [{identifier: urn:b}]\n')
    writeFileSync(join(folder, 'd', 'inner.d', 'a.json'), '{"resource_servers": [{"identifier": "urn:a"}]}')
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('resource_servers: [] # \xe9\n', 'latin1'))
    mkdirSync(join(folder, 'folder.yaml'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is read by relative and absolute globs, folders among the matches left alone', async () => {
    const options = { cwd: folder, variables: {} }

    const relative = await readDeclared(['d/**'], options)
    const absolute = await readDeclared([join(folder, 'd/**/*.{yaml,json}')], { ...options, cwd: tmpdir() })

    expect(relative.apis.map(({ file }) => file)).toEqual(['d/inner.d/a.json', 'd/b.yaml'])
    expect(absolute.apis.map(({ file }) => file)).toEqual([join(folder, 'd/inner.d/a.json'), join(folder, 'd/b.yaml')])
  })

  it('names what cannot be read as text', async () => {
    const found = await mistakesOf(readDeclared(['latin1.yaml', 'f*.yaml'], { cwd: folder, variables: {} }))

    expect(found).toEqual(['folder.yaml: is a folder', 'latin1.yaml: is not UTF-8 text'])
  })
})
