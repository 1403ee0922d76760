import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/schema/config.ts'
import type { Json } from '../../src/schema/json.ts'
import { codeBlocks, pages, read, ROOT } from './pages.ts'
import { BLOCKS, REASONS } from './every-block.ts'

const withBlocks = pages().filter((page) => !/^docs\/(decisions|policies)\//.test(page) && codeBlocks(page).length > 0)
const rows = Object.entries(BLOCKS).flatMap(([page, blocks]) =>
  blocks.map(([words, how], index) => ({ page, index, words, how })),
)
const run = rows.filter(({ how }) => !Object.hasOwn(REASONS, how))
const because = (reason: keyof typeof REASONS) => rows.filter(({ how }) => how === reason)
const textOf = ({ page, index }: { readonly page: string; readonly index: number }) =>
  codeBlocks(page)[index]?.text ?? ''

/** As the source of a test writes these words. */
const quoted = (words: string): readonly string[] => {
  const inside = JSON.stringify(words).slice(1, -1)
  return [`'${inside.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`, `"${inside.replaceAll('\\"', '"')}"`]
}

describe('every block of every page', () => {
  it.each(withBlocks)('%s: each is accounted for, in its order', (page) => {
    const account = BLOCKS[page] ?? []
    const unknown = codeBlocks(page).filter(({ text }, index) => !text.includes(account[index]?.[0] ?? '\0'))
    expect([unknown, account.length]).toEqual([[], codeBlocks(page).length])
  })

  it('accounts for no page that has none', () => {
    expect(Object.keys(BLOCKS).filter((page) => !withBlocks.includes(page))).toEqual([])
  })

  it.each(run)('$page, block $index: $how runs it', ({ page, index, words, how }) => {
    expect(existsSync(join(ROOT, how))).toBe(true)
    const test = read(how)
    const isFetched = quoted(words).some((text) => test.includes(text))
    const isPlayed = codeBlocks(page)[index]?.language === 'console' && test.includes('playOf(')
    expect([test.includes(`'${page}'`), isFetched || isPlayed]).toEqual([true, true])
  })

  it.each(because('script'))('$page, block $index: its scripts are there', (row) => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }
    const named = [...textOf(row).matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  it.each(because('include'))('$page, block $index: the file that it includes is there', (row) => {
    const file = /file: (\S+)/.exec(textOf(row))?.[1] ?? ''
    expect(
      existsSync(join(ROOT, file)) &&
        ['other-pipelines', 'schedule'].map((test) => read(`test/integration/${test}.test.ts`)).join(),
    ).toContain(`'${file.replace('templates/', '')}'`)
  })

  it.each(because('config'))('$page, block $index: it is a configuration', (row) => {
    expect(checkConfig(load(textOf(row)) as Json)).toEqual({ ok: true })
  })

  it.each(because('generated'))('$page, block $index: the generator writes this page', ({ page }) => {
    expect(read('tools/generate.mjs')).toContain(page)
  })
})

describe('the README', () => {
  const lines = read('README.md').trimEnd().split('\n')

  it('has at most 150 lines', () => {
    expect(lines.length).toBeLessThanOrEqual(150)
  })

  it('has at most 120 columns, but for tables, pictures and addresses', () => {
    const isWide = (line: string): boolean => !/^(\||!\[|<picture)|https?:\/\//.test(line) && line.length > 120
    expect(lines.filter(isWide)).toEqual([])
  })
})
