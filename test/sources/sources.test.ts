import { describe, expect, it } from 'vitest'
import { placeOf } from '../../src/schema/declared.ts'
import { mistakesOf, parse } from '../declared/memory-files.ts'

const BASE = `tenant: base.auth0.com
managed_elsewhere: [urn:z]
resource_servers:
  - identifier: urn:a
    signing_alg: RS256
    token_lifetime: 600
    scopes:
      - value: read:a
        description: Read
  - identifier: urn:b
`

describe('extends', () => {
  it('overrides field by field, lists whole, and takes away what $unset names', async () => {
    const over = `tenant: dev.auth0.com
extends: [../base.yaml]
managed_elsewhere: [urn:y]
resource_servers:
  - identifier: urn:a
    $unset: [token_lifetime]
    scopes: [{value: write:a}]
    name: null
`
    const state = await parse({ 'base.yaml': BASE, 'env/dev.yaml': over }, ['env/dev.yaml'])

    expect(state.tenant).toBe('dev.auth0.com')
    expect(state.managedElsewhere).toEqual(['urn:y', 'urn:z'])
    expect(state.apis.map(({ values }) => values)).toEqual([
      { identifier: 'urn:a', signing_alg: 'RS256', scopes: [{ value: 'write:a' }], name: null },
      { identifier: 'urn:b' },
    ])
  })

  it('keeps the place of each value in the file that gave it', async () => {
    const over = 'extends: [base.yaml]\nresource_servers:\n  - identifier: urn:a\n    signing_alg: PS256\n'
    const { apis } = await parse({ 'base.yaml': BASE, 'over.yaml': over }, ['over.yaml'])
    const places = ['', 'signing_alg', 'scopes.read:a.description', 'scopes.gone', 'scopes', 'nothing'].map((path) =>
      apis[0] === undefined ? null : placeOf(apis[0], path),
    )

    expect(places).toEqual([
      { file: 'over.yaml', line: 3 },
      { file: 'over.yaml', line: 4 },
      { file: 'base.yaml', line: 9 },
      { file: 'base.yaml', line: 7 },
      { file: 'base.yaml', line: 7 },
      { file: 'over.yaml', line: 3 },
    ])
    expect(apis[1]?.file).toBe('base.yaml')
  })

  it('lets later files win, and applies a file that lies under two others once', async () => {
    const api = (alg: string): string => `resource_servers: [{identifier: urn:a, signing_alg: ${alg}}]\n`
    const state = await parse(
      {
        'base.yaml': api('RS256'),
        'left.yaml': `extends: [base.yaml]\n${api('PS256')}`,
        'right.yaml': 'extends: [base.yaml]\nresource_servers: [{identifier: urn:a, name: A}]\n',
        'top.yaml': 'extends: [left.yaml, right.yaml]\n',
      },
      ['top.yaml'],
    )

    expect(state.apis[0]?.values).toEqual({ identifier: 'urn:a', signing_alg: 'PS256', name: 'A' })
  })

  it('lets base and overlay lie under one glob', async () => {
    const over = 'extends: [base.yaml]\nresource_servers: [{identifier: urn:a, signing_alg: PS256}]\n'
    const state = await parse({ 'd/base.yaml': BASE, 'd/over.yaml': over }, ['d/*.yaml'])

    expect(state.apis[0]?.values.signing_alg).toBe('PS256')
  })

  it('judges what comes out, at the file that gave the wrong value', async () => {
    const base = 'resource_servers:\n  - identifier: urn:a\n    name: A\n    signing_alg: none\n    algo: 1\n'
    const over = 'extends: [base.yaml]\nresource_servers:\n  - identifier: urn:a\n    signing_alg: RS256\n    name: 5\n'

    const found = await mistakesOf(parse({ 'base.yaml': base, 'over.yaml': over }, ['over.yaml']))

    expect(found).toEqual([
      expect.stringContaining('base.yaml:5:5: urn:a: algo: unknown field'),
      expect.stringContaining('over.yaml:5:5: urn:a: name: '),
    ])
  })

  it('names circles, files that are not there and files that are no declaration', async () => {
    const found = await mistakesOf(
      parse({
        'a.yaml': 'extends: [b.yaml]\n',
        'b.yaml': 'extends:\n  - c/d.yaml\n',
        'c/d.yaml': 'extends: [../a.yaml, gone.yaml]\n',
        'e.yaml': 'extends: [README.md, gone.json]\nresource_servers: []\n',
      }),
    )

    expect(found).toEqual([
      'a.yaml:1:11: extends: the files extend each other in a circle: b.yaml -> c/d.yaml -> a.yaml -> b.yaml',
      'b.yaml:2:5: extends: the files extend each other in a circle: c/d.yaml -> a.yaml -> b.yaml -> c/d.yaml',
      'c/d.yaml:1:11: extends: the files extend each other in a circle: a.yaml -> b.yaml -> c/d.yaml -> a.yaml',
      'c/d.yaml:1:22: extends: c/gone.yaml is not there',
      expect.stringContaining('e.yaml:1:11: extends: README.md is not a declared file'),
      'e.yaml:1:22: extends: gone.json is not there',
    ])
  })

  it('follows a chain of a hundred files, and calls a longer one, however long, a mistake', async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `${index}.yaml`,
          index + 1 < length ? `extends: [${index + 1}.yaml]\n` : 'resource_servers: [{ identifier: urn:a }]\n',
        ]),
      )
    expect((await parse(chain(100), ['0.yaml'])).apis.map(({ identifier }) => identifier)).toEqual(['urn:a'])
    const found = await mistakesOf(parse(chain(6000), ['0.yaml']))
    expect(found).toEqual(['99.yaml:1:11: extends: more than 100 files extend each other in a chain'])
  })

  it('refuses to take away what is not there, what is set, and the identifier', async () => {
    const over = `extends: [base.yaml]
resource_servers:
  - identifier: urn:a
    $unset: [token_lifetme, signing_alg, identifier]
    signing_alg: PS256
  - identifier: urn:new
    $unset: yes
`
    const found = await mistakesOf(parse({ 'base.yaml': BASE, 'over.yaml': over }, ['over.yaml']))

    expect(found).toEqual([
      expect.stringContaining('over.yaml:4:14: urn:a: $unset: no extended file sets "token_lifetme"'),
      expect.stringContaining('over.yaml:4:29: $unset: "signing_alg" is both'),
      expect.stringContaining('over.yaml:4:42: $unset: identifier cannot'),
      expect.stringContaining('over.yaml:7:5: $unset must be a list'),
    ])
  })
})

describe('several sources', () => {
  const one = 'resource_servers:\n  - identifier: urn:a\n    signing_alg: RS256\n    name: A\n'
  const same = '{"resource_servers": [{"name": "A", "signing_alg": "RS256", "identifier": "urn:a"}]}'

  it('may declare one API alike', async () => {
    const state = await parse({ 'a.yaml': one, 'b.json': same })

    expect(state.apis).toHaveLength(1)
    expect(state.apis[0]?.file).toBe('a.yaml')
  })

  it('may name one file twice', async () => {
    const state = await parse({ 'a.yaml': one }, ['a.yaml', './a.yaml', '*.yaml', 'files:a.yaml'])

    expect(state.apis).toHaveLength(1)
  })

  it('may not declare one API differently: both places are named', async () => {
    const found = await mistakesOf(parse({ 'a.yaml': one, 'b.yaml': one.replace('name: A', 'name: B') }))

    expect(found).toEqual([expect.stringMatching(/^b\.yaml:4:5: urn:a: declared differently in a\.yaml:4:5 \(name\)/)])
  })

  it('may not name two tenants', async () => {
    const file = (tenant: string): string => `tenant: ${tenant}\nresource_servers: []\n`
    const found = await mistakesOf(parse({ 'a.yaml': file('a.auth0.com'), 'b.yaml': file('b.auth0.com') }))

    expect(found).toEqual([
      expect.stringMatching(/^b\.yaml:1:1: tenant: b\.auth0\.com here, but a\.auth0\.com in a\.yaml:1:1/),
    ])
  })

  it('are sorted by identifier in code units', async () => {
    const state = await parse({ 'a.yaml': 'resource_servers: [{identifier: b}, {identifier: a}, {identifier: B}]\n' })

    expect(state.apis.map(({ identifier }) => identifier)).toEqual(['B', 'a', 'b'])
  })
})

describe('a source', () => {
  const texts = { 'd/a.yaml': 'resource_servers: []\n', 'd/README.md': '#', 'x:y.yaml': 'resource_servers: []\n' }

  it.each([
    ['no source at all', [], 'no declared source is given'],
    ['a glob without a match', ['e/*.yaml'], 'e/*.yaml: no file matches'],
    ['a file that is not there', ['d/b.yaml'], 'd/b.yaml: no file matches'],
    ['a folder', ['d'], 'd: is a folder: name its files, as d/**/*.yaml'],
    ['another sort of file', ['d/README.md'], 'd/README.md: is not a declared file'],
    ['another sort of file in a glob', ['d/*'], 'd/README.md: is not a declared file'],
    ['an unknown kind', ['nosuch:x'], 'nosuch:x: nosuch is not a kind of source; known: files, '],
    ['a kind in other letters', ['TFSTATE:x'], 'TFSTATE is not a kind of source; did you mean tfstate:?'],
    ['a kind of the prototype', ['constructor:x'], 'constructor is not a kind of source'],
    ['a kind without a match', ['files:e.yaml'], 'e.yaml: no file matches'],
    ['a stack that is not there', ['pulumi-stack:s.json'], 's.json: is not there'],
  ])('%s is a mistake', async (_name, sources, expected) => {
    const found = await mistakesOf(parse(texts, sources))

    expect(found).toEqual([expect.stringContaining(expected)])
  })

  it('that exists is a file, whatever its name looks like', async () => {
    const state = await parse(texts, ['x:y.yaml'])

    expect(state.apis).toEqual([])
  })
})
