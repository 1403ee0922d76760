import { describe, expect, it } from 'vitest'
import { openDeclared, parseDeclaredFiles, type ParseOptions } from '../../src/sources/front.ts'
import { memoryFiles, mistakesOf } from './memory-files.ts'

const SECRET = 'correct-horse-battery-staple'
const OTHER = 'another-value-that-nobody-used'
const env = { TENANT_DRIFT_VAR_orders: SECRET, TENANT_DRIFT_VAR_env: 'production', TENANT_DRIFT_VAR_other: OTHER }

const TAKES_SECRET = 'resource_servers: [{identifier: urn:a, signing_secret: "${orders}"}]\n'

function parse(
  files: Readonly<Record<string, string>>,
  options: Partial<ParseOptions> = {},
  sources = Object.keys(files),
) {
  return parseDeclaredFiles(sources, memoryFiles(files), { variables: {}, env, ...options })
}

async function refused(
  files: Readonly<Record<string, string>>,
  options: Partial<ParseOptions> = {},
  sources?: string[],
) {
  const found = await mistakesOf(parse(files, options, sources))
  expect(found.join('\n')).not.toContain(SECRET)
  expect(found.join('\n')).not.toContain(OTHER)
  return found
}

const STANDS = 'the variable orders stands for a secret, so it may only be used in a secret field (signing_secret)'

describe('a variable that stands for a secret', () => {
  it.each([
    ['a name', 'resource_servers: [{identifier: urn:b, name: "Orders ${orders}"}]', '1:40'],
    ['an identifier', 'resource_servers: [{identifier: "urn:${orders}"}]', '1:21'],
    ['a scope', 'resource_servers: [{identifier: urn:b, scopes: [{value: "${orders}"}]}]', '1:50'],
    [
      "a scope's description",
      'resource_servers: [{identifier: urn:b, scopes: [{value: a, description: "x${orders}"}]}]',
      '1:60',
    ],
    ['the tenant', 'tenant: "${orders}.auth0.com"\nresource_servers: []', '1:1'],
    ['extends', 'extends: ["${orders}.yaml"]\nresource_servers: []', '1:11'],
    ['managed_elsewhere', 'managed_elsewhere: ["${orders}"]\nresource_servers: []', '1:21'],
    ['an unknown key', 'resource_servers: []\nnotes: "${orders}"', '2:1'],
    ['an unknown field', 'resource_servers: [{identifier: urn:b, comment: "${orders}"}]', '1:40'],
    ['the name of a key', 'resource_servers: [{identifier: urn:b, "${orders}": 1}]', '1:40'],
    ['an anchor that a name repeats', 'x: &a "${orders}"\nresource_servers: [{identifier: urn:b, name: *a}]', '1:1'],
    ['a text with an escape', 'resource_servers: [{identifier: urn:b, name: "\\x24{orders}"}]', '1:40'],
    ['a list that should be a text', 'tenant: ["${orders}"]\nresource_servers: []', '1:10'],
  ])('may not stand in %s', async (_, text, place) => {
    const found = await refused({ 'a.yaml': TAKES_SECRET, 'b.yaml': `${text}\n` })

    expect(found[0]).toMatch(/^b\.yaml:\d+:\d+: the variable orders stands for a secret/)
    expect(found.map((mistake) => mistake.slice(7, mistake.indexOf(': ')))).toContain(place)
  })

  it('may not stand in a name that JSON writes with an escape', async () => {
    const found = await refused({
      'a.yaml': TAKES_SECRET,
      'b.json': '{"resource_servers":[{"identifier":"urn:b","name":"\\u0024{orders}"}]}',
    })

    expect(found).toEqual([`b.json:1:44: ${STANDS}`])
  })

  it('is one wherever the file with the secret field is reached from', async () => {
    const files = {
      'a.yaml': 'extends: ["${env}/b.yaml"]\nresource_servers: [{identifier: urn:x, name: "${orders}"}]\n',
      'production/b.yaml': TAKES_SECRET,
    }

    expect(await refused(files, {}, ['a.yaml'])).toEqual([`a.yaml:2:40: ${STANDS}`])
  })

  it('is one, too, where a larger text of a secret field is made of it', async () => {
    const files = {
      'a.yaml':
        'resource_servers: [{identifier: urn:a, signing_secret: "begin-${orders}-end"}, {identifier: urn:b, name: "${orders}"}]\n',
    }

    expect(await refused(files)).toEqual([`a.yaml:1:100: ${STANDS}`])
  })

  it('is one where the other side of a comparison uses it so', async () => {
    const files = { 'a.yaml': 'resource_servers: [{identifier: urn:a, name: "${orders}"}]\n' }

    expect(await refused(files, { secretVariables: new Set(['orders']) })).toEqual([`a.yaml:1:40: ${STANDS}`])
    const opened = await openDeclared(['a.yaml'], memoryFiles(files), { variables: {}, env })
    expect(await mistakesOf(opened.read(new Set(['orders'])))).toEqual([`a.yaml:1:40: ${STANDS}`])
  })

  it('is refused alone: no other mistake is looked for, which might show it', async () => {
    const files = {
      'a.yaml': TAKES_SECRET,
      'b.yaml': 'resource_servers: [{identifier: "urn:${orders}", signing_alg: WRONG}]\n',
      'c.yaml': 'resource_servers: [{identifier: "urn:${orders}", signing_alg: OTHER}]\n',
    }

    expect(await refused(files)).toEqual([`b.yaml:1:21: ${STANDS}`, `c.yaml:1:21: ${STANDS}`])
  })

  it('is not expanded either where the file that would have said so cannot be parsed', async () => {
    const files = {
      'a.yaml': 'resource_servers: [{identifier: urn:a, signing_secret: "${orders}"\n',
      'b.yaml': 'resource_servers: [{identifier: "urn:${orders}", signing_alg: WRONG}]\n',
    }

    expect(await refused(files)).toEqual([expect.stringMatching(/^a\.yaml:/)])
  })

  it('is told before anything can name it, and so are secrets that are written out', async () => {
    const told: string[] = []
    const onSecret = (value: string) => void told.push(value)
    const literal = 'resource_servers: [{identifier: urn:l, signing_secret: written-out-0123456789}]\n'

    const state = await parse({ 'a.yaml': TAKES_SECRET, 'l.yaml': literal }, { onSecret })
    expect(new Set(told)).toEqual(new Set([SECRET, 'written-out-0123456789']))
    expect(state.apis).toHaveLength(2)

    told.length = 0
    await refused(
      { 'a.yaml': 'resource_servers: [{identifier: urn:a, name: "${other}"}]\n' },
      { onSecret, plainInBase: new Set() },
    )
    expect(told).toEqual([OTHER])
  })

  it('leaves other variables alone, and what only looks like one', async () => {
    const state = await parse({
      'a.yaml': TAKES_SECRET,
      'b.yaml': 'resource_servers: [{identifier: "urn:${env}", name: "$${orders}"}]\n',
    })

    expect(state.apis.map((api) => [api.identifier, api.values.name])).toEqual([
      ['urn:a', undefined],
      ['urn:production', '${orders}'],
    ])
  })
})

describe('a variable that holds a credential', () => {
  const files = { 'a.yaml': 'resource_servers: [{identifier: urn:a, name: "${x}"}]\n' }
  const credentials = ['client-secret-0123456789']

  it.each([
    ['all of it', 'client-secret-0123456789'],
    ['more than it', 'Bearer client-secret-0123456789'],
    ['a part of it', 'secret-0123'],
  ])('may not be shown: %s', async (_, value) => {
    const told: string[] = []
    const options = { variables: { x: value }, credentials, onSecret: (each: string) => void told.push(each) }

    expect(await mistakesOf(parse(files, options))).toEqual([
      expect.stringContaining('the variable x holds a credential'),
    ])
    expect(told).toEqual([value])
  })

  it.each(['secret', 'prod'])('is none where it only shares a word with it: %s', async (value) => {
    expect((await parse(files, { variables: { x: value }, credentials })).apis).toHaveLength(1)
  })
})

describe('on a change, a variable of the environment', () => {
  const files = { 'a.yaml': 'resource_servers: [{identifier: urn:a, name: "Orders ${other}"}]\n' }

  it('may stand in the open only where the base uses it so', async () => {
    expect(await refused(files, { plainInBase: new Set(['env']) })).toEqual([
      'a.yaml:1:40: the variable other comes from the environment, and the base of this change does not use it outside of secret fields: give it with --var, or under variables in the configuration',
    ])
    expect((await parse(files, { plainInBase: new Set(['other']) })).apis).toHaveLength(1)
    expect((await parse(files, { plainInBase: null })).apis).toHaveLength(1)
  })

  it('may only be used in a secret field', async () => {
    expect((await parse({ 'a.yaml': TAKES_SECRET }, { plainInBase: new Set() })).apis).toHaveLength(1)
  })

  it('is another thing than one that the caller gave by name', async () => {
    const state = await parse(files, { variables: { other: 'said' }, plainInBase: new Set() })

    expect(state.apis).toMatchObject([{ values: { name: 'Orders said' } }])
  })

  it('is counted as the base has it: in the open, in secret fields, through extends with variables in its name', async () => {
    const base = memoryFiles({
      'a.yaml': `extends: ["\${env}.yaml"]\n${TAKES_SECRET}`,
      'production.yaml': 'resource_servers: [{identifier: urn:b, name: "${other}"}]\n',
    })

    const { variables } = await openDeclared(['a.yaml'], base, { variables: {}, env })

    expect(variables).toEqual({ secret: new Set(['orders']), plain: new Set(['env', 'other']) })
  })
})

describe('a secret field', () => {
  const secretOf = (text: string) => ({
    'a.yaml': `resource_servers: [{identifier: urn:a, signing_secret: '${text}'}]\n`,
  })

  it('takes no variable that is too short to be hidden', async () => {
    const found = await mistakesOf(parse(secretOf('${x}'), { variables: { x: 'abc' } }))

    expect(found).toEqual([
      'a.yaml:1:40: the variable x is shorter than 8 characters, and a value this short cannot be hidden',
    ])
  })

  it('takes a part of at least 16 characters', async () => {
    const text = 'written-out-before-${x}'

    expect(await mistakesOf(parse(secretOf(text), { variables: { x: 'fifteen-letters' } }))).toEqual([
      expect.stringContaining('the variable x is only a part of this secret and shorter than 16 characters'),
    ])
    expect((await parse(secretOf(text), { variables: { x: 'sixteen--letters' } })).apis).toHaveLength(1)
  })
})

describe('a keyword of the deploy CLI that takes its value from a variable', () => {
  const open = (files: Readonly<Record<string, string>>, options: Partial<ParseOptions> = {}) =>
    refused(files, options, ['a0deploy:auth0'])
  const api = (members: string) => `{"identifier":"urn:x",${members}}`

  it.each([
    ['##orders##', 'text'],
    ['@@orders@@', 'a value'],
  ])('%s is secret in the same way: as %s', async (keyword) => {
    const found = await open({
      'auth0/resource-servers/a.json': api('"signing_secret":"##orders##"'),
      'auth0/resource-servers/b.json': api(`"name":"${keyword}"`),
    })

    expect(found).toEqual([`auth0/resource-servers/b.json:1:23: ${STANDS}`])
  })

  it('may stand in the open only where the base uses it so', async () => {
    const files = { 'auth0/resource-servers/b.json': api('"name":"Orders ##other##"') }

    expect(await open(files, { plainInBase: new Set() })).toEqual([
      expect.stringContaining('the variable other comes from the environment'),
    ])
    expect((await parse(files, { plainInBase: new Set(['other']) }, ['a0deploy:auth0'])).apis).toHaveLength(1)
  })

  it('is free where the files themselves say its value', async () => {
    const files = {
      'auth0/resource-servers/b.json': api('"name":"Orders ##stage##"'),
      'auth0/config.json': '{"AUTH0_KEYWORD_REPLACE_MAPPINGS":{"stage":"live"}}',
    }

    expect((await parse(files, { plainInBase: new Set() }, ['a0deploy:auth0'])).apis).toMatchObject([
      { values: { name: 'Orders live' } },
    ])
  })

  it('is refused wherever it stands in a file that cannot be read without its value', async () => {
    const files = {
      'auth0.yaml': 'resourceServers:\n  - identifier: urn:x\n    name: ["##orders##\n',
      'b.yaml': TAKES_SECRET,
    }

    expect(await refused(files, {}, ['a0deploy:auth0.yaml', 'b.yaml'])).toEqual([`auth0.yaml:1:1: ${STANDS}`])
  })
})
