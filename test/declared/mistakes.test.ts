import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { declaredFromObjects } from '../../src/declared/from-objects.ts'
import { mistakesOf, parse } from './memory-files.ts'

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
for (const [one, two] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh']) {
  bomb.push(`${two}: &${two} [${Array.from({ length: 10 }, () => `*${one}`).join(',')}]`)
}

/** Name, file, text, and each mistake as `line:column: part of its message`. */
const CASES: readonly (readonly [name: string, file: string, text: string, expected: readonly string[]])[] = [
  ['an empty file', 'a.yaml', '  \n', ['1:1: the file is empty: write `resource_servers: []`']],
  ['a file of comments', 'a.yaml', '# nothing\n', ['1:1: the file is empty']],
  ['an empty JSON file', 'a.json', '', ['1:1: the file is empty']],
  ['a list at the top', 'a.yaml', '- identifier: urn:a\n', ['1:1: a declared file is an object']],
  ['no word of what is declared', 'a.yaml', 'tenant: acme.eu.auth0.com\n', ['no file says which APIs are declared']],
  ['resource_servers without a value', 'a.yaml', 'resource_servers:\n', ['1:1: resource_servers must be a list']],
  ['an unknown key', 'a.yaml', 'resource_servers: []\nresouce_servers: []\n', ['2:1: unknown key "resouce_servers"']],
  ['a key of the prototype', 'a.json', '{"__proto__": {}, "resource_servers": []}', ['1:2: unknown key "__proto__"']],
  [
    'a field of the prototype',
    'a.yaml',
    'resource_servers:\n  - identifier: urn:a\n    __proto__: {signing_alg: HS256}\n    constructor: 1\n',
    ['3:5: urn:a: __proto__: unknown field "__proto__"', '4:5: urn:a: constructor: unknown field "constructor"'],
  ],
  [
    'two documents',
    'a.yaml',
    'resource_servers: []\n---\nresource_servers: []\n',
    ['2:1: the file holds 2 YAML documents'],
  ],
  [
    'two documents, the first opened by a marker',
    'a.yaml',
    '# c\n---\nresource_servers: []\n---\nresource_servers: []\n',
    ['4:1: the file holds 2 YAML documents'],
  ],
  ['a tab', 'a.yaml', 'resource_servers:\n\t- identifier: urn:a\n', ['2:1: not valid YAML: there is a tab in']],
  ['an unknown alias', 'a.yaml', 'resource_servers: [*secret]\n', ['1:21: not valid YAML: an alias']],
  ['an unknown tag', 'a.yaml', 'tenant: !secret x\n', ['1:9: not valid YAML: a tag']],
  ['a quote that does not end', 'a.yaml', 'tenant: "x\n', ['2:1: not valid YAML: a quote or a bracket before']],
  [
    'every repeated key of a YAML file',
    'a.yaml',
    'resource_servers:\n  - identifier: urn:a\n    name: A\n    name: B\ntenant: x\ntenant: y\n',
    ['4:5: the key "name" is here a second time', '6:1: the key "tenant" is here'],
  ],
  [
    'every repeated key of a JSON file, escaped ones too',
    'a.json',
    '{"resource_servers": [\n {"identifier": "urn:a\\"", "name": "A",\n  "n\\u0061me": "B"}], "resource_servers": []}',
    ['3:3: the key "name" is here a second time', '3:23: the key "resource_servers" is here'],
  ],
  ['a comma too many', 'a.json', '{"resource_servers": [],}', ['1:25: not valid JSON: a key in double quotes']],
  [
    'a JSON file that ends early',
    'a.json',
    '{"resource_servers": [',
    ['1:23: not valid JSON: a value is expected, but the'],
  ],
  ['a JSON text that does not end', 'a.json', '{"tenant": "s3cr', ['1:12: not valid JSON: a string in double quotes']],
  ['more after the end', 'a.json', '{"resource_servers": []}\n{}', ['2:1: not valid JSON: there is text after']],
  ['a comment in JSON', 'a.json', '{\n  // no\n}', ['2:3: not valid JSON: a key in double quotes']],
  ['nesting in YAML', 'a.yaml', `resource_servers: ${deep(64)}\n`, ['values are nested more than 64 levels']],
  ['nesting in JSON', 'a.json', `{"resource_servers": ${deep(64)}}`, ['1:85: values are nested more than 64 levels']],
  [
    'an alias inside its own anchor',
    'a.yaml',
    'resource_servers: &a [*a]\n',
    ['values are nested more than 64 levels'],
  ],
  [
    'aliases that mean billions',
    'a.yaml',
    `${bomb.join('\n')}\nresource_servers: []\n`,
    ['expands to more than 10000000 values'],
  ],
  [
    'a number that is none',
    'a.yaml',
    'resource_servers: [{identifier: urn:a, token_lifetime: .inf}]\n',
    ['must be a finite'],
  ],
  [
    'a number too large to keep',
    'a.yaml',
    'resource_servers:\n  - {identifier: urn:a, name: 12345678901234567890}\n',
    ['2:25: urn:a: name: is too large a number'],
  ],
  ['an API without identifier', 'a.yaml', 'resource_servers:\n  - name: A\n', ['2:5: identifier is missing']],
  ['an empty identifier', 'a.yaml', 'resource_servers:\n  - identifier: ""\n', ['2:5: identifier must be a string']],
  ['an API that is a text', 'a.yaml', 'resource_servers:\n  - urn:a\n', ['2:5: a resource server is an object']],
  [
    'one API twice, equal or not',
    'a.yaml',
    'resource_servers:\n  - identifier: urn:a\n  - identifier: urn:a\n',
    ['3:5: urn:a is already declared in line 2'],
  ],
  [
    'wrong values, all of them',
    'a.yaml',
    'resource_servers:\n  - identifier: urn:a\n    signing_alg: RS265\n    enforce_policies: yes\n    scopes:\n      - {description: d}\n    signing_algo: RS256\n',
    [
      '3:5: urn:a: signing_alg: must be one of',
      '4:5: urn:a: enforce_policies: must be true or false',
      '6:9: urn:a: scopes.0.value: value is missing',
      '7:5: urn:a: signing_algo: unknown field',
    ],
  ],
  [
    'a wrong value behind an alias, at its anchor',
    'a.yaml',
    'resource_servers:\n  - identifier: urn:a\n    scopes: &s\n      - value: 5\n  - identifier: urn:b\n    scopes: *s\n',
    ['4:9: urn:a: scopes.0.value', '4:9: urn:b: scopes.0.value'],
  ],
  [
    'a variable that nobody gave, everywhere',
    'a.yaml',
    'tenant: ${x}\nresource_servers:\n  - identifier: ${y}\n    name: ${z}\n',
    [
      '1:1: tenant: the variable x has no',
      '3:5: identifier: the variable y has',
      '4:5: ${y}: name: the variable z has',
    ],
  ],
  [
    'a variable with no name',
    'a.yaml',
    'resource_servers:\n  - identifier: a${}\n    name: b${c d}\n    signing_secret: ${open0123456789\n',
    ['2:5: identifier: ${ begins a variable', '3:5: a${}: name: ${ begins', '4:5: a${}: signing_secret: ${ begins'],
  ],
  [
    'managed_elsewhere that is a text',
    'a.yaml',
    'resource_servers: []\nmanaged_elsewhere: x\n',
    ['2:1: managed_elsewhere must'],
  ],
  ['extends that is a text', 'a.yaml', 'resource_servers: []\nextends: x.yaml\n', ['2:1: extends must be a list']],
  ['an empty tenant', 'a.yaml', 'resource_servers: []\ntenant: ""\n', ['2:1: tenant must be the domain']],
]

describe('a mistake in a file', () => {
  it.each(CASES)('%s is named with its place', async (_name, file, text, expected) => {
    const found = await mistakesOf(parse({ [file]: text }))

    expect(found).toEqual(expected.map((part) => expect.stringContaining(part)))
    expect(found.every((mistake) => mistake.startsWith(file))).toBe(true)
  })

  it('does not hide those of other files', async () => {
    const found = await mistakesOf(
      parse({ 'b.json': '{', 'a.yaml': 'x: 1\nresource_servers: []\n', 'c.yaml': 'resource_servers: [1]\n' }),
    )

    expect(found.map((mistake) => mistake.split(':')[0])).toEqual(['a.yaml', 'b.json', 'c.yaml'])
  })
})

describe('a value that must stay hidden', () => {
  const pem = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey
  const inner = pem.split('\n')[3] ?? ''
  const secret = 's3cr3t-that-is-planted'

  const PLANTED: readonly (readonly [name: string, file: string, text: string])[] = [
    ['a private key as the public one', 'a.json', withField('token_encryption', encryption(pem))],
    ['a private key in a description', 'a.json', withField('scopes', [{ value: 'a', description: pem }])],
    [
      'a private key as the name of an API',
      'a.json',
      JSON.stringify({ resource_servers: [{ identifier: pem, x: 1 }] }),
    ],
    ['a secret with an unknown sibling', 'a.json', withField('signing_secret', secret, { x: 1 })],
    ['a secret of the wrong length', 'a.json', withField('signing_secret', 's3cr3t')],
    ['a secret of the wrong type', 'a.json', withField('signing_secret', [secret])],
    ['a secret that is an alias', 'a.yaml', `resource_servers: [{identifier: urn:a, signing_secret: *${secret}}]`],
    ['a secret that is a tag', 'a.yaml', `resource_servers: [{identifier: urn:a, signing_secret: !${secret} x}]`],
    [
      'a secret in broken JSON',
      'a.json',
      `{"resource_servers": [{"identifier": "urn:a", "signing_secret": "${secret}" "x"}]}`,
    ],
    ['a secret in broken YAML', 'a.yaml', `resource_servers:\n  - identifier: urn:a\n    signing_secret: "${secret}\n`],
    ['a secret with a stray variable', 'a.json', withField('signing_secret', `${secret}\${${secret}`)],
  ]

  function withField(field: string, value: unknown, more: object = {}): string {
    return JSON.stringify({ resource_servers: [{ identifier: 'urn:a', [field]: value, ...more }] })
  }
  function encryption(key: string): object {
    return { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', pem: key } }
  }

  it.each(PLANTED)('%s is refused and not shown', async (_name, file, text) => {
    const found = await mistakesOf(parse({ [file]: text }))

    expect(found.join('\n')).not.toMatch(/s3cr3t/)
    expect(found.join('\n')).not.toContain(inner)
  })

  it('is refused inline as in a file', async () => {
    const found = await mistakesOf(() => declaredFromObjects([{ identifier: 'urn:a', name: pem }]))

    expect(found).toEqual([expect.stringContaining('PRIVATE key')])
    expect(found.join()).not.toContain(inner)
  })
})

describe('inline objects', () => {
  it('have no place, and are told apart by name or position', async () => {
    const found = await mistakesOf(() =>
      declaredFromObjects([{ identifier: 'urn:a', signing_alg: 'none' }, { name: 'B' }, { identifier: 'urn:a' }]),
    )

    expect(found).toEqual([
      expect.stringContaining('resource_servers.1: identifier is missing'),
      expect.stringContaining('urn:a is already declared in the same list'),
      expect.stringContaining('urn:a: signing_alg: must be one of'),
    ])
  })

  it('keep their values, without variables and without warnings', () => {
    const server = { identifier: 'urn:${a}', signing_secret: 'literal-secret-0123456789' }

    const state = declaredFromObjects([server], { tenant: 'acme.eu.auth0.com', managedElsewhere: ['urn:z', 'urn:b'] })

    expect(state).toEqual({
      tenant: 'acme.eu.auth0.com',
      apis: [{ identifier: 'urn:${a}', values: server, file: null, line: null, lines: {} }],
      managedElsewhere: ['urn:b', 'urn:z'],
      warnings: [],
    })
  })

  it('may be none', () => {
    expect(declaredFromObjects([]).apis).toEqual([])
  })
})
