import { describe, expect, it } from 'vitest'
import { createHider } from '../../src/words/hide.ts'

const SECRET = 'pa"ss\\wo<r>d & 0f\nörders/+1'

function hidden(text: string, ...secrets: readonly string[]): string {
  return createHider(secrets).hide(text)
}

/** One escape, wherever `encodeURIComponent` writes one. */
function inLowerCase(url: string): string {
  return url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())
}

const asJson = (text: string) => JSON.stringify(text).slice(1, -1)
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a secret is hidden', () => {
  const forms: Readonly<Record<string, string>> = {
    'as it is': SECRET,
    'in JSON': asJson(SECRET),
    'in JSON in JSON': asJson(asJson(SECRET)),
    'in JSON of ASCII': asJson(SECRET).replaceAll('ö', '\\u00f6'),
    'in JSON without marks of HTML': asJson(SECRET)
      .replaceAll('<', '\\u003c')
      .replaceAll('>', '\\u003e')
      .replaceAll('&', '\\u0026'),
    'in HTML': SECRET.replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;'),
    'in JSON in HTML': asJson(SECRET).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    'in a URL': encodeURIComponent(SECRET),
    'in a URL, in lower case': inLowerCase(encodeURIComponent(SECRET)),
    'in a form': new URLSearchParams({ a: SECRET }).toString().slice(2),
    'in hex': Buffer.from(SECRET).toString('hex'),
    'in HEX': Buffer.from(SECRET).toString('hex').toUpperCase(),
    'in base64': base64(SECRET),
    'in base64url': Buffer.from(SECRET).toString('base64url'),
    'as messages write what cannot be printed': SECRET.replace('\n', '\\u{a}'),
  }

  it.each(Object.entries(forms))('%s', (_name, form) => {
    expect(hidden(`before ${form} behind`, SECRET)).toMatch(/^before \(hidden\)={0,2} behind$/)
  })

  it.each(['', 'x', 'xy', 'xyz'])('in base64 behind %j and before other bytes', (before) => {
    const text = hidden(base64(`${before}${SECRET}~~~`), SECRET)
    expect(text).toMatch(/^[A-Za-z0-9+/]{0,5}\(hidden\)[A-Za-z0-9+/]{4,6}={0,2}$/)
  })

  it('without blanks around it, and each long line of it, the first and the last of a key left alone', () => {
    const key =
      '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ\n-----END PRIVATE KEY-----\n'
    const text = '-----BEGIN PRIVATE KEY----- EFAASCBKcwggSjAgEAAoIBAQ'
    expect(hidden(text, key)).toBe('-----BEGIN PRIVATE KEY----- (hidden)')
    expect(hidden(text, key.replaceAll('\n', '\\n'))).toBe('-----BEGIN PRIVATE KEY----- (hidden)')
    expect(hidden('is hunter2hunter2.', ' hunter2hunter2\n')).toBe('is (hidden).')
  })

  it('together with another that overlaps it, holds it or touches it', () => {
    expect(hidden('-abcdefghij-', 'abcdefgh', 'cdefghij')).toBe('-(hidden)-')
    expect(hidden('-abcdefghij-', 'abcdefghij', 'bcdefghi')).toBe('-(hidden)-')
    expect(hidden('-abcdefgh12345678-', 'abcdefgh', '12345678')).toBe('-(hidden)-')
    expect(hidden('-ababababab-', 'abababab')).toBe('-(hidden)-')
  })

  it('only as a whole: a guess of its beginning, with a cut written behind it, is answered by nothing', () => {
    const secret = 'correct-horse-battery-staple'
    const guesses = ['corr', 'corx', 'correct-horse-battery-stapl'].map((guess) => `${guess}…(1 more)…`).join(' ')
    expect(hidden(guesses, secret)).toBe(guesses)
  })

  it('with lone surrogates in it, which no encoding knows', () => {
    expect(hidden('a\uD800bcdefgh', 'a\uD800bcdefgh')).toBe('(hidden)')
    expect(hidden('a\uFFFDbcdefgh', 'a\uD800bcdefgh')).toBe('(hidden)')
  })
})

describe('nothing is hidden', () => {
  it('of a value with fewer than 8 letters', () => {
    expect(hidden('abcdefg  abcdefg ', 'abcdefg', '  abcdefg  '.slice(2, 9), '\n'.repeat(20))).toBe('abcdefg  abcdefg ')
  })

  it('where there is none: the very same value comes back', () => {
    const value = { a: ['b', { c: null }], d: 1 }
    expect(createHider(['long-secret']).hideJson(value)).toBe(value)
    expect(createHider([]).hideJson(value)).toBe(value)
  })
})

describe('what is left of a text stays well-formed', () => {
  it.each([
    // A secret that ends in a backslash, that begins behind one, inside an escape, and that ends inside one.
    ['{"a":"12345678\\""}', '12345678\\', '{"a":"(hidden)\\""}'],
    ['{"a":"12345678\\\\"}', '12345678\\', '{"a":"(hidden)"}'],
    ['{"a":"\\n12345678"}', 'n12345678', '{"a":"(hidden)"}'],
    ['{"a":"\\\\n12345678"}', 'n12345678', '{"a":"\\\\(hidden)"}'],
    ['{"a":"\\u004112345678"}', '4112345678', '{"a":"(hidden)"}'],
    ['{"a":"12345678\\u0041"}', '12345678\\u00', '{"a":"(hidden)"}'],
  ])('JSON: %s without %s', (text, secret, expected) => {
    expect(hidden(text, secret)).toBe(expected)
    JSON.parse(hidden(text, secret))
  })

  it.each([
    ['<a b="12345678&quot;"/>', '12345678&q', '<a b="(hidden)"/>'],
    ['<a b="&lt;12345678"/>', ';12345678', '<a b="(hidden)"/>'],
    ['<a b="12345678\\"/>', '12345678\\', '<a b="(hidden)\\"/>'],
  ])('XML: %s without %s', (text, secret, expected) => {
    expect(hidden(text, secret)).toBe(expected)
  })

  it('no character is torn apart', () => {
    expect(hidden('😀12345678😀', '\uDE0012345678\uD83D')).toBe('(hidden)')
  })
})

describe('JSON-like values', () => {
  it('lose secrets in strings and in keys, and no member', () => {
    const value = { 'secret-one': 1, a: ['x secret-one', true], 'secret-two': 2, '(hidden)': 3, __proto__: null }
    const { hideJson } = createHider(['secret-one', 'secret-two'])
    expect(Object.entries(hideJson(value))).toEqual([
      ['(hidden) 2', 1],
      ['a', ['x (hidden)', true]],
      ['(hidden) 3', 2],
      ['(hidden)', 3],
    ])
  })

  it('keep a key named __proto__ as their own', () => {
    const value = JSON.parse('{"__proto__":"secret-one"}') as unknown
    expect(JSON.stringify(createHider(['secret-one']).hideJson(value))).toBe('{"__proto__":"(hidden)"}')
  })
})
