import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePath, pathText } from '../../src/schema/path.ts'

describe('a property path', () => {
  it.each([
    [[], ''],
    [['signing_alg'], 'signing_alg'],
    [['scopes', 'read:orders', 'description'], 'scopes.read:orders.description'],
    [['scopes', 'a.b'], 'scopes["a.b"]'],
    [['scopes', 'a b', 'description'], 'scopes["a b"].description'],
    [['scopes', 'say "hi"'], String.raw`scopes["say \"hi\""]`],
    [['scopes', 'a[0]'], 'scopes["a[0]"]'],
    [['scopes', String.raw`a\b`], String.raw`scopes["a\\b"]`],
    [['scopes', ''], 'scopes[""]'],
    [['https://api.example.com/', 'name'], '["https://api.example.com/"].name'],
    [['__proto__', 'constructor'], '__proto__.constructor'],
    [['scopes', '*', 'colour'], 'scopes.*.colour'],
  ])('of %j is %s, and back', (path, text) => {
    expect(pathText(path)).toBe(text)
    expect(parsePath(text)).toEqual(path)
  })

  it.each([
    ['a[0].b', ['a', '0', 'b']],
    ['a[*]', ['a', '*']],
    ['a["b"]["c"].d', ['a', 'b', 'c', 'd']],
  ])('as a person writes it is read: %s', (text, path) => {
    expect(parsePath(text)).toEqual(path)
  })

  it.each(['.a', 'a..b', 'a.', 'a[', 'a[b]', 'a["b]', 'a["b"]c', 'a b', 'a["\\x"]', ' '])('is none: %j', (text) => {
    expect(parsePath(text)).toBeNull()
  })

  it('comes back from its text, whatever stands in it', () => {
    const step = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('.', '[', ']', '"', '\\', ' ', '\n', 'a', '0', '\u2028'), maxLength: 6 }),
      fc.constantFrom('__proto__', 'constructor', 'toString', '', '*', '0'),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (path) => {
        expect(parsePath(pathText(path))).toEqual(path)
      }),
      { numRuns: 500 },
    )
  })

  it('has one text only: two paths never share it', () => {
    const path = fc.array(fc.string({ unit: fc.constantFrom('.', '[', ']', '"', 'a'), maxLength: 3 }), { maxLength: 3 })
    fc.assert(
      fc.property(path, path, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b))
        expect(pathText(a)).not.toBe(pathText(b))
      }),
      { numRuns: 500 },
    )
  })
})
