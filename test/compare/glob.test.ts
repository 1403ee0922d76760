import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matcher } from '../../src/compare/glob.ts'
import { holds, PATIENCE } from '../properties/seed.ts'

/** As simple as can be, and far too slow: one part after another, every length of every run. */
function slowly(glob: string, text: string): boolean {
  if (glob === '') return text === ''
  if (glob.startsWith('*')) return slowly(glob.slice(1), text) || (text !== '' && slowly(glob, text.slice(1)))
  return text !== '' && (glob.startsWith('?') || glob[0] === text[0]) && slowly(glob.slice(1), text.slice(1))
}

describe('a glob of identifiers', () => {
  it.each([
    ['https://*', 'https://api.example.com/v1/', true],
    ['https://*.example.com/', 'https://a.b.example.com/', true],
    ['https://*.example.com/', 'https://example.com/', false],
    ['urn:?', 'urn:/', true],
    ['urn:?', 'urn:😀', true],
    ['urn:?', 'urn:', false],
    ['**', '', true],
    ['*', 'a\nb/..', true],
    ['urn:a', 'urn:a', true],
    ['urn:a', 'urn:A', false],
    ['[a-c]', 'b', true],
    ['[a-c]', 'd', false],
    ['[!a-c]', 'd', true],
    ['[^a-c]', 'b', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[a', '[a', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['{a,b}(c)|d', '{a,b}(c)|d', true],
    ['{a,b}*', 'a', false],
    ['!urn:a', 'urn:b', false],
    ['./*', 'a', false],
    ['a+*', 'aaa', false],
  ])('%s and %j: %s', (glob, identifier, expected) => {
    expect(matcher([glob])(identifier)).toBe(expected)
    expect(matcher(['no', glob, 'never*'])(identifier)).toBe(expected)
  })

  it('matches nothing where there is none', () => {
    expect(matcher([])('')).toBe(false)
  })

  it('answers at once, however many stars it has and however long the identifier is', () => {
    const isMatch = matcher([`${'*a'.repeat(300)}*X`, `${'*a?'.repeat(300)}[b-c]`])
    const begun = performance.now()
    expect(isMatch('a'.repeat(20_000))).toBe(false)
    expect(isMatch(`${'a'.repeat(20_000)}X`)).toBe(true)
    expect(performance.now() - begun).toBeLessThan(2000)
  })

  it('says what the slow and simple way says', { timeout: PATIENCE }, () => {
    const letters = (all: string, maxLength: number) =>
      fc.array(fc.constantFrom(...all.split('')), { maxLength }).map((each) => each.join(''))
    holds(
      fc.property(letters('ab/*?', 7), letters('ab/', 8), (glob, text) => {
        expect(matcher([glob])(text)).toBe(slowly(glob, text))
      }),
      2000,
    )
  })
})
