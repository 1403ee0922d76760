import { describe, expect, it } from 'vitest'
import { harmless, harmlessLine } from '../../src/words/harmless.ts'
import { jsonText } from '../../src/words/json-text.ts'
import { HOSTILE } from '../report/hostile.ts'
import { actsOn } from '../support/acts-on.ts'

const TEXTS = Object.entries(HOSTILE).flatMap(([name, text]) => [
  [name, text] as const,
  [`${name}, behind a line of ours`, `error: a\n${text}\n  ${text}\n\u00A0${text}`] as const,
])

it.each(TEXTS)('%s acts on nobody, and is harmless twice as it is once', (_name, text) => {
  for (const make of [harmless, harmlessLine, (each: string) => jsonText(each)]) expect(actsOn(make(text))).toEqual([])
  expect(harmless(harmless(text))).toBe(harmless(text))
  expect(harmless(harmlessLine(text))).toBe(harmlessLine(text))
  expect(JSON.parse(jsonText(text))).toBe(text)
})

describe('what is no order stays as it was written', () => {
  it.each([
    'error: urn:pulumi:dev::project::tenantDrift:TenantCheck::acme\n  at a.yaml:3:7\n\tnext\r\n',
    'a ## heading, section_start, ##x, ::',
    'Büro, 宽, é, 😀',
    '',
  ])('%j', (text) => expect(harmless(text.replace(/::$/, ''))).toBe(text.replace(/::$/, '')))
})

it('two texts that differ look different', () => {
  expect(harmless('::a')).not.toBe(harmless(':a'))
  expect(harmless('a\u200Bb')).toBe('a\\u{200b}b')
  expect(harmless('section_start:1700000000:x\r\u001B[0K')).toBe('section_start\\u{3a}1700000000:x\\u{d}\\u{1b}[0K')
})
