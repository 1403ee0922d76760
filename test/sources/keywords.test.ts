import { createRequire } from 'node:module'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import { replaceKeywords, type Keyword } from '../../src/sources/keywords.ts'
import { ROOT } from '../../tools/run.mjs'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'
import { holds } from '../properties/seed.ts'

/** The deploy CLI's own, which is what counts. */
const { keywordReplace } = createRequire(import.meta.url)(
  join(ROOT, 'node_modules/auth0-deploy-cli/lib/tools/utils.js'),
) as { readonly keywordReplace: (text: string, mappings: Readonly<Record<string, string>>) => string }

const NAMES = ['A', 'B', 'C', 'AB', 'A.B'] as const
const name = fc.constantFrom(...NAMES)
const piece = fc.oneof(
  name.map((each) => `##${each}##`),
  name.map((each) => `@@${each}@@`),
  fc.constantFrom('x', ' y', '##', '@@', '$&'),
)
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => `z${pieces.join('')}z`)
const values = fc.array(fc.oneof(text, fc.string({ unit: fc.constantFrom('a', '"', '\\', '#') })), {
  minLength: 5,
  maxLength: 5,
})

const asKeywords = (mappings: Readonly<Record<string, string>>): ReadonlyMap<string, Keyword> =>
  new Map(Object.entries(mappings).map(([each, value]) => [each, { text: value, json: JSON.stringify(value) }]))

describe('keywords whose values hold keywords', () => {
  it('come to what the deploy CLI makes of them, in whatever order they stand', () => {
    holds(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), values, text, (names, contents, written) => {
        const mappings = Object.fromEntries(names.map((each, index) => [each, contents[index] ?? '']))
        const ours = replaceKeywords(written, { mappings: asKeywords(mappings), given: () => undefined })
        expect(ours.text).toBe(keywordReplace(written, mappings))
      }),
      1000,
    )
  })

  const read = (mappings: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>> = {}) =>
    parseDeclaredFiles(
      ['a0deploy:tenant.yaml'],
      memoryFiles({
        'tenant.yaml': 'resourceServers:\n  - identifier: https://##HOST##/\n    name: n\n',
        'config.json': JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: mappings }),
      }),
      { variables },
    )

  it('are resolved where theirs come later', async () => {
    const { apis } = await read({ HOST: 'orders.##ENV##.example.com', ENV: 'prod' })

    expect(apis.map(({ identifier }) => identifier)).toEqual(['https://orders.prod.example.com/'])
  })

  it('take a variable in a value of the configuration', async () => {
    const { apis } = await read({ HOST: 'orders.##ENV##.example.com' }, { ENV: 'prod' })

    expect(apis.map(({ identifier }) => identifier)).toEqual(['https://orders.prod.example.com/'])
  })

  it.each([
    ['come before theirs', { ENV: 'prod', HOST: 'orders.##ENV##.example.com' }, {}],
    ['stand in a variable, whose order nobody knows', { ENV: 'prod' }, { HOST: 'orders.##ENV##.example.com' }],
  ])('are a mistake, and no name of an API, where they %s', async (_where, mappings, variables) => {
    const found = await mistakesOf(read(mappings, variables))

    expect(found).toEqual([expect.stringMatching(/^tenant\.yaml:2:5: identifier: the keyword ENV/)])
  })
})

describe('a configuration of the deploy CLI that is not called config.json', () => {
  const config = JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { ENV: 'dev' }, AUTH0_CLIENT_SECRET: 'planted' })
  const yaml = 'resourceServers:\n  - identifier: urn:##ENV##\n'
  const folder = { 'auth0/resource-servers/a.json': '{"identifier":"urn:##ENV##"}' }
  const identifiers = async (texts: Readonly<Record<string, string>>, source: string) =>
    (await parseDeclaredFiles([source], memoryFiles(texts), { variables: {} })).apis.map(({ identifier }) => identifier)

  it.each([
    ['beside a file', { 'tenant.yaml': yaml, 'config/dev.json': config }, 'a0deploy:tenant.yaml#config/dev.json'],
    ['beside a folder', { ...folder, 'config/dev.json': config }, 'a0deploy:auth0/#../config/dev.json'],
    ['in a folder', { ...folder, 'auth0/dev.json': config }, 'a0deploy:auth0#dev.json'],
  ])('is named behind the files: %s', async (_where, texts, source) => {
    expect(await identifiers(texts, source)).toEqual(['urn:dev'])
  })

  it('wins over a config.json', async () => {
    const other = JSON.stringify({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { ENV: 'prod' } })
    const texts = { 'tenant.yaml': yaml, 'config.json': other, 'dev.json': config }

    expect(await identifiers(texts, 'a0deploy:tenant.yaml#dev.json')).toEqual(['urn:dev'])
    expect(await identifiers(texts, 'a0deploy:tenant.yaml')).toEqual(['urn:prod'])
  })

  it.each([
    ['is not there', {}, 'is not a file'],
    ['is no JSON', { 'dev.json': '{' }, 'cannot be read as a JSON object'],
    ['is something else', { 'dev.json': '{"a": 1}' }, 'is not a configuration of the deploy CLI'],
  ])('is a mistake where it %s', async (_why, texts, words) => {
    const found = await mistakesOf(identifiers({ 'tenant.yaml': yaml, ...texts }, 'a0deploy:tenant.yaml#dev.json'))

    expect(found.filter((mistake) => mistake.startsWith('dev.json: '))).toEqual([expect.stringContaining(words)])
    expect(found.join()).not.toContain('planted')
  })

  it('leaves a path alone that has a # in it', async () => {
    expect(await identifiers({ 'a#b.yaml': 'resourceServers:\n  - identifier: urn:a\n' }, 'a0deploy:a#b.yaml')).toEqual(
      ['urn:a'],
    )
  })
})
