import type { JsonObject } from '../../src/schema/json.ts'
import { pathText } from '../../src/schema/path.ts'
import { bareApi } from '../../test/support/corpus.ts'
import { drift, type Draft } from './case.ts'

const scopes = (...values: readonly string[]) => ({ scopes: values.map((value) => ({ value })) })
const api = (more: JsonObject): JsonObject => ({ ...bareApi(), ...more })

/** Names that mean something to somebody, of scopes and of APIs. */
export function names(): readonly Draft[] {
  const reserved = ':/?#[]@!$&\'()*+,;=%"\\ <>{}|^`~'.split('')
  const scripts = [
    'Ω',
    'Ж',
    'א',
    'ع',
    'अ',
    '中',
    'か',
    '한',
    'ไ',
    '🙂',
    'e\u0301',
    'é',
    '\u202e',
    '\u200b',
    'ﬁ',
    'İ',
    'ß',
  ]
  const group = 'names'
  const ofScopes = [...reserved, ...scripts, '__proto__', 'constructor', 'a.b', '*', '**'].flatMap(
    (name): readonly Draft[] => {
      const path = pathText(['scopes', `x${name}y`])
      return [
        {
          group,
          title: `a scope ${name}`,
          declared: scopes('a'),
          live: api(scopes('a', `x${name}y`)),
          expected: [drift(path, 'weakened')],
        },
        {
          group,
          title: `a scope ${name}, as declared`,
          declared: scopes(`x${name}y`),
          live: api(scopes(`x${name}y`)),
          expected: [],
        },
      ]
    },
  )
  const ofApis = [...reserved, ...scripts].flatMap((character): readonly Draft[] => {
    const identifier = (kind: string) => `urn:${kind}${character}name`
    return [
      {
        group,
        title: `an API ${character}`,
        identifier: identifier('off'),
        declared: { token_lifetime: 60 },
        live: api({}),
        expected: [drift('token_lifetime', 'weakened')],
      },
      {
        group,
        title: `an API ${character}, as declared`,
        identifier: identifier('on'),
        declared: { token_lifetime: 60 },
        live: api({ token_lifetime: 60 }),
        expected: [],
      },
      {
        group,
        title: `an API ${character}, gone`,
        identifier: identifier('gone'),
        declared: { token_lifetime: 60 },
        live: null,
        expected: [{ kind: 'missing', path: '', origin: 'drift', direction: 'neutral', counts: true }],
      },
    ]
  })
  return [...ofScopes, ...ofApis]
}
