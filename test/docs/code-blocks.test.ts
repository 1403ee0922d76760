import { stripTypeScriptTypes } from 'node:module'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { driftPolicies } from '../../policies/drift-policies.ts'
import { livePolicies } from '../../policies/live/live-policies.ts'
import { mistakesIn } from '../../policies/refuse-config.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import * as library from '../../src/index.ts'
import { memoryFiles } from '../declared/memory-files.ts'
import { codeBlocks, pages } from './pages.ts'

/** What examples extend. */
const BASE = `
resource_servers:
  - identifier: https://orders.example.com/
    allow_offline_access: true
    token_lifetime: 86400
`

const ours = pages().filter((page) => !/^docs\/(policies|findings)\//.test(page))
const blocks = ours.flatMap((page) => codeBlocks(page).map((block, index) => ({ page, index, ...block })))
const inLanguage = (...languages: readonly string[]) => blocks.filter(({ language }) => languages.includes(language))
const declared = inLanguage('yaml').filter(({ text }) => /^resource_servers:/m.test(text))

/** Configurations of the packs: those of docs/policies.md, with that of the live pack (`"base": "stack"`), and one on the page of each policy. */
const configurations = pages()
  .filter((page) => /^docs\/policies(\/|\.md$)/.test(page))
  .flatMap((page) => codeBlocks(page).flatMap(({ language, text }) => (language === 'json' ? [{ page, text }] : [])))
const LIVE = livePolicies(() => Promise.reject(new Error('never opened')))
/** Of one policy, without its level, which is Pulumi's own. */
const optionsOf = (given: unknown): readonly string[] =>
  typeof given === 'string' ? [] : Object.keys(given as object).filter((name) => name !== 'enforcementLevel')

describe('code on pages', () => {
  it('gives every stack that it makes by itself a passphrase: an empty shell has none', () => {
    const making = ours.flatMap((page) =>
      codeBlocks(page).flatMap(({ text }) => (/pulumi login|stack init/.test(text) ? [{ page, text }] : [])),
    )

    expect(making.length).toBeGreaterThan(2)
    expect(making.filter(({ text }) => !text.includes('PULUMI_CONFIG_PASSPHRASE=')).map(({ page }) => page)).toEqual([])
  })

  it('is there to be checked', () => {
    expect(declared.length).toBeGreaterThan(1)
    expect(inLanguage('ts').length).toBeGreaterThan(1)
  })

  it.each(declared)('$page, block $index: declared state is read without a mistake', async ({ text }) => {
    const files = memoryFiles({ 'shop.yaml': text, 'base.yaml': BASE })
    const state = await parseDeclaredFiles(['shop.yaml'], files, { variables: { stage: 'prod' } })
    expect(state.apis.length).toBeGreaterThan(0)
  })

  it.each(inLanguage('yaml'))('$page, block $index: YAML is YAML', ({ text }) => {
    expect(load(text)).toBeTypeOf('object')
  })

  it.each(inLanguage('json'))('$page, block $index: JSON is JSON', ({ text }) => {
    expect(JSON.parse(text)).toBeTypeOf('object')
  })

  it.each(inLanguage('ts'))('$page, block $index: the program parses and imports what there is', ({ text }) => {
    expect(() => stripTypeScriptTypes(text)).not.toThrow()
    const imports = [...text.matchAll(/import \{([^}]+)\} from 'tenant-drift'/g)]
    const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()))
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !Object.hasOwn(library, name))).toEqual([])
  })

  it.each(configurations)('$page: a pack takes the configuration $text', ({ text }) => {
    const given = new Map(
      Object.entries(JSON.parse(text) as object).map(([name, options]) => [name, optionsOf(options)]),
    )
    expect([mistakesIn(given, driftPolicies()), mistakesIn(given, LIVE)]).toContain(null)
  })
})
