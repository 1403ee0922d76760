import { expect, test } from 'vitest'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import { shownKey } from '../../src/schema/shown-key.ts'
import { knownFields } from '../../src/sources/known-fields.ts'

test.for<readonly [key: string, shown: string]>([
  ['token_lifetme', 'token_lifetme'],
  ['größe', 'größe'],
  ['signing_secret:planted-0123456789', 'signing_secret…'],
  ['signing_secret":"planted-0123456789"', 'signing_secret…'],
  ['signing_secret planted-0123456789', 'signing_secret…'],
  ['signing_secretplanted-0123456789', 'signing_secret…'],
  ['client_secret=planted', 'client_secret…'],
  ['', ''],
])('the key %j is named %j', ([key, shown]) => {
  expect(shownKey(key)).toBe(shown)
})

test('a mistake names no value that a missing blank made part of a key', () => {
  const [mistake] = declaredMistakes({ identifier: 'urn:orders', 'signing_secret:planted-0123456789': null })

  expect(mistake?.message).toContain('unknown field "signing_secret…"')
})

test('a mistake shows nothing of a secret that a comma cut in two', () => {
  const mistakes = declaredMistakes({ identifier: 'urn:orders', signing_secret: 'plan', 'ted-0123456789': null })

  expect(JSON.stringify(mistakes.map(({ at, message }) => [at, message]))).not.toContain('ted-')
  expect(mistakes.map(({ message }) => message)).toContain(
    'signing_secret ends before this word: put quotes around the secret',
  )
})

test('a source of another tool names no such key in what it leaves out', () => {
  const { unknown } = knownFields({ identifier: 'urn:orders', 'signing_secret:planted-0123456789': 'x' })

  expect(unknown).toEqual(['signing_secret…'])
})
