import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseDeclaredFiles, readDeclared } from '../../src/sources/front.ts'
import { placeOf, type DeclaredState } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { bareApi } from '../support/corpus.ts'
import { compareAll, declaredState } from '../support/scenes.ts'
import { throughSource } from '../support/through-source.ts'
import { memoryFiles, mistakesOf } from '../declared/memory-files.ts'

type Texts = Readonly<Record<string, string>>
type Variables = Readonly<Record<string, string>>

const read = (texts: Texts, source: string, variables: Variables = {}): Promise<DeclaredState> =>
  parseDeclaredFiles([source], memoryFiles(texts), { variables })
const valuesOf = (state: DeclaredState): readonly JsonObject[] => state.apis.map(({ values }) => values)
const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`
const config = (settings: JsonObject): string => JSON.stringify({ AUTH0_CLIENT_SECRET: 'never-read', ...settings })

const YAML = lines(
  'clients: []',
  'resourceServers:',
  '  - name: Orders',
  '    identifier: https://orders.example.com/',
  '    signing_alg: PS256',
  '    proof_of_possession: null',
  '    scopes:',
  '      - value: read:orders',
  '        description: read orders',
)
const ORDERS = {
  name: 'Orders',
  identifier: 'https://orders.example.com/',
  signing_alg: 'PS256',
  proof_of_possession: null,
  scopes: [{ value: 'read:orders', description: 'read orders' }],
}

describe('a YAML file of the deploy CLI', () => {
  it('declares its resourceServers, with the lines they stand in', async () => {
    const state = await read({ 'tenant.yaml': YAML }, 'a0deploy:tenant.yaml')

    expect(valuesOf(state)).toEqual([ORDERS])
    expect(state.warnings).toEqual([])
    const [api] = state.apis
    expect(api && [api.line, placeOf(api, 'scopes.read:orders.description').line]).toEqual([3, 9])
  })

  it('declares nothing where its list is empty', async () => {
    const state = await read({ 'tenant.yaml': 'resourceServers: []\n' }, 'a0deploy:tenant.yaml')

    expect(state.apis).toEqual([])
  })

  it.each([
    ['without resourceServers', 'clients: []\n', 'tenant.yaml:1:1: has no resourceServers'],
    ['that a failed export left', '{}\n', 'tenant.yaml:1:1: has no resourceServers'],
    ['whose list is null', 'resourceServers:\n', 'tenant.yaml:1:1: has no resourceServers'],
    ['whose list is an object', 'resourceServers: {}\n', 'tenant.yaml:1:1: resourceServers must be a list'],
    ['that is empty', '\n', 'tenant.yaml:1:1: the file is empty'],
    ['that is not YAML', 'resourceServers: [\n', 'not valid YAML'],
    ['with an entry that is a text', 'resourceServers:\n  - a\n', '2:5: a resource server is an object'],
    ['with an entry without identifier', 'resourceServers:\n  - name: A\n', '2:5: identifier is missing'],
    [
      'with a value that no API can have',
      'resourceServers:\n  - identifier: urn:a\n    signing_alg: none\n',
      'tenant.yaml:3:5: urn:a: signing_alg: must be one of',
    ],
    [
      'with a private key',
      'resourceServers:\n  - identifier: urn:a\n    name: "-----BEGIN PRIVATE KEY-----"\n',
      'tenant.yaml:3:5: urn:a: name: this is a PRIVATE key',
    ],
    [
      'that declares one API twice and differently',
      'resourceServers:\n  - {identifier: urn:a, name: A}\n  - {identifier: urn:a, name: B}\n',
      'tenant.yaml:3:25: urn:a: declared differently in tenant.yaml:2:25 (name)',
    ],
  ])('%s is a mistake, never an empty declaration', async (_name, text, expected) => {
    const found = await mistakesOf(read({ 'tenant.yaml': text }, 'a0deploy:tenant.yaml'))

    expect(found).toEqual([expect.stringContaining(expected)])
  })

  it('that is not there, or has another name, is a mistake', async () => {
    const texts = { 'tenant.txt': YAML }

    expect(await mistakesOf(read(texts, 'a0deploy:tenant.yaml'))).toEqual(['tenant.yaml: is not there'])
    expect(await mistakesOf(read(texts, 'a0deploy:tenant.txt'))).toEqual([
      'tenant.txt: is not a file of the deploy CLI: the name of such a file ends in .yaml, .yml, .json',
    ])
  })
})

describe('a folder of the deploy CLI', () => {
  const file = (server: JsonObject): string => JSON.stringify(server, null, 2)

  it('declares one API for each JSON file in resource-servers, and nothing else', async () => {
    const texts = {
      'auth/resource-servers/B.json': file({ identifier: 'urn:b', signing_alg: 'RS256' }),
      'auth/resource-servers/A.json': file({ identifier: 'urn:a' }),
      'auth/resource-servers/empty.json': '{}',
      'auth/resource-servers/notes.txt': 'not theirs',
      'auth/resource-servers/deeper/C.json': file({ identifier: 'urn:c' }),
      'auth/clients/X.json': file({ name: 'X' }),
    }

    for (const source of ['a0deploy:auth', 'a0deploy:./auth/']) {
      const state = await read(texts, source)

      expect(valuesOf(state)).toEqual([{ identifier: 'urn:a' }, { identifier: 'urn:b', signing_alg: 'RS256' }])
      const last = state.apis[1]
      expect(last && placeOf(last, 'signing_alg')).toEqual({ file: 'auth/resource-servers/B.json', line: 3 })
    }
  })

  it('is read from the disk whatever its name is made of', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'tenant-drift-'))
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
    const folder = join(cwd, 'a [x]{y}(z)*?', 'resource-servers')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'A [1].json'), '{"identifier": "urn:a"}')
    // The deploy CLI makes such names of APIs whose names begin with a dot, and reads them.
    writeFileSync(join(folder, '.net.json'), '{"identifier": "urn:net"}')

    for (const name of ['a0deploy:a [x]{y}(z)*?', `a0deploy:${join(cwd, 'a [x]{y}(z)*?')}`]) {
      const state = await readDeclared([name], { cwd, variables: {} })
      expect(valuesOf(state)).toEqual([{ identifier: 'urn:a' }, { identifier: 'urn:net' }])
    }
    const above = await readDeclared(['a0deploy:../a [x]{y}(z)*?'], { cwd: join(cwd, 'a [x]{y}(z)*?'), variables: {} })
    expect(valuesOf(above)).toEqual([{ identifier: 'urn:a' }, { identifier: 'urn:net' }])
  })

  it.each([
    ['without resource-servers', { 'auth/tenant.yaml': YAML }, 'auth: has no folder resource-servers'],
    [
      'whose resource-servers holds no API',
      { 'auth/resource-servers/a.txt': '' },
      'auth/resource-servers: holds no resource server',
    ],
    [
      'whose files are all empty objects',
      { 'auth/resource-servers/a.json': '{}' },
      'auth/resource-servers: holds no resource server',
    ],
    [
      'with a file that is cut',
      { 'auth/resource-servers/a.json': '{"identifier":\n' },
      'auth/resource-servers/a.json:2:1: not valid JSON',
    ],
    [
      'that declares one API twice and differently',
      {
        'auth/resource-servers/a.json': file({ identifier: 'urn:a', name: 'A' }),
        'auth/resource-servers/b.json': file({ identifier: 'urn:a', name: 'B' }),
      },
      'auth/resource-servers/b.json:3:3: urn:a: declared differently in auth/resource-servers/a.json:3:3 (name)',
    ],
  ])('%s is a mistake, never an empty declaration', async (_name, texts, expected) => {
    const found = await mistakesOf(read(texts, 'a0deploy:auth'))

    expect(found).toEqual([expect.stringContaining(expected)])
  })
})

describe('keywords in the files of the deploy CLI', () => {
  const text = lines(
    'resourceServers:',
    '  - identifier: https://##ENV##.example.com/',
    '    name: "##ENV## orders"',
    '    token_lifetime: ##TTL##',
    "    scopes: '@@SCOPES@@'",
    '    authorization_details: @@DETAILS@@',
    '    signing_alg: RS256',
  )
  const wanted = {
    identifier: 'https://prod.example.com/',
    name: 'prod orders',
    token_lifetime: 3600,
    scopes: [{ value: 'read:orders' }],
    authorization_details: [],
    signing_alg: 'RS256',
  }
  const variables = { ENV: 'prod', TTL: '3600', SCOPES: '[{"value":"read:orders"}]', DETAILS: '[]' }

  it('take the values of variables, and places stay those of the file', async () => {
    const state = await read({ 'tenant.yaml': text }, 'a0deploy:tenant.yaml', variables)

    expect(valuesOf(state)).toEqual([wanted])
    const [api] = state.apis
    expect(api && [api.line, placeOf(api, 'scopes.read:orders').line, placeOf(api, 'signing_alg').line]).toEqual([
      2, 5, 7,
    ])
  })

  it('take those of config.json beside the file, or beside or in the folder, and variables win', async () => {
    const mappings = { ENV: 'stage', TTL: 3600, SCOPES: [{ value: 'read:orders' }], DETAILS: [] }
    const settings = config({ AUTH0_KEYWORD_REPLACE_MAPPINGS: mappings })
    const json = '{"identifier": "https://##ENV##.example.com/", "token_lifetime": ##TTL##, "scopes": "@@SCOPES@@"}'

    const yaml = await read({ 'a/tenant.yaml': text, 'a/config.json': settings }, 'a0deploy:a/tenant.yaml', {
      ENV: 'prod',
    })
    expect(valuesOf(yaml)).toEqual([wanted])
    for (const place of ['config.json', 'auth/config.json']) {
      const folder = await read({ [place]: settings, 'auth/resource-servers/a.json': json }, 'a0deploy:auth')
      expect(valuesOf(folder)).toEqual([
        { identifier: 'https://stage.example.com/', token_lifetime: 3600, scopes: [{ value: 'read:orders' }] },
      ])
    }
  })

  it('are looked up in the environment by the prefix of variables alone', async () => {
    const files = memoryFiles({ 'tenant.yaml': 'resourceServers:\n  - identifier: urn:##ENV##\n' })
    const sources = ['a0deploy:tenant.yaml']

    const state = await parseDeclaredFiles(sources, files, { variables: {}, env: { TENANT_DRIFT_VAR_ENV: 'prod' } })
    expect(valuesOf(state)).toEqual([{ identifier: 'urn:prod' }])
    const found = await mistakesOf(parseDeclaredFiles(sources, files, { variables: {}, env: { ENV: 'prod' } }))
    expect(found).toEqual([expect.stringMatching(/^tenant\.yaml:2:5: identifier: the keyword ENV has no value/)])
  })

  it('without a value are mistakes, each at its place, and none of them turns into null', async () => {
    const found = await mistakesOf(read({ 'tenant.yaml': text }, 'a0deploy:tenant.yaml'))

    expect(found.map((mistake) => mistake.replace(/ has no value.*$/, ''))).toEqual([
      'tenant.yaml:2:5: identifier: the keyword ENV',
      'tenant.yaml:3:5: name: the keyword ENV',
      'tenant.yaml:4:5: token_lifetime: the keyword TTL',
      'tenant.yaml:5:5: scopes: the keyword SCOPES',
      'tenant.yaml:6:5: authorization_details: the keyword DETAILS',
    ])
  })

  it('without a value in other parts of the file are none of our business', async () => {
    const other = `${YAML}emailTemplates:\n  - body: hello @@name@@\n    from: ##SENDER##\n    to: @@RECEIVERS@@\n`

    expect(valuesOf(await read({ 'tenant.yaml': other }, 'a0deploy:tenant.yaml'))).toEqual([ORDERS])
  })

  it('that are lists cannot stand in the middle of a text', async () => {
    const settings = config({ AUTH0_KEYWORD_REPLACE_MAPPINGS: { LIST: ['a'] } })
    const yaml = lines('resourceServers:', '  - identifier: urn:a', '    name: ##LIST##')

    const found = await mistakesOf(read({ 'tenant.yaml': yaml, 'config.json': settings }, 'a0deploy:tenant.yaml'))

    expect(found).toEqual([
      'tenant.yaml:3:5: urn:a: name: the keyword LIST stands for a list or an object: write @@LIST@@',
    ])
  })

  it('bring secrets without a warning, and a secret that is written out has one', async () => {
    const yaml = lines(
      'resourceServers:',
      '  - identifier: urn:a',
      '    signing_secret: ##SECRET##',
      '  - identifier: urn:b',
      '    signing_secret: an-invented-secret-2',
    )

    const state = await read({ 'tenant.yaml': yaml }, 'a0deploy:tenant.yaml', { SECRET: 'an-invented-secret-1' })

    expect(state.apis[0]?.values.signing_secret).toBe('an-invented-secret-1')
    expect(state.warnings).toEqual([
      {
        file: 'tenant.yaml',
        line: 5,
        message: expect.stringMatching(/^urn:b: this is a signing_secret in plain text/) as string,
      },
    ])
  })

  it('leave a mistake after them in the line where it stands', async () => {
    const yaml = lines('resourceServers:', '  - identifier: urn:##ENV##', '    name: [')

    const found = await mistakesOf(read({ 'tenant.yaml': yaml }, 'a0deploy:tenant.yaml', { ENV: 'x\ny'.repeat(9) }))

    expect(found).toEqual([expect.stringMatching(/^tenant\.yaml:[34]:\d+: not valid YAML/)])
  })
})

describe('what the deploy CLI leaves alone', () => {
  it('says nothing: ids, the linked client and excluded APIs, each named once; fields of a newer Auth0 are not known there', async () => {
    const servers = [
      { identifier: 'urn:a', name: 'A', id: '66a1f0000000000000000001', client_id: 'Orders client', new_field: 1 },
      { identifier: 'urn:b', id: '66a1f0000000000000000002', scopes: [{ value: 'a', colour: 'red' }], new_field: 2 },
      { identifier: 'urn:c', name: 'Legacy' },
    ]
    const texts = {
      'tenant.yaml': dump({ resourceServers: servers }),
      'config.json': config({ AUTH0_EXCLUDED_RESOURCE_SERVERS: ['Legacy'] }),
    }

    const state = await read(texts, 'a0deploy:tenant.yaml')

    expect(valuesOf(state)).toEqual([
      { identifier: 'urn:a', name: 'A' },
      { identifier: 'urn:b', scopes: [{ value: 'a' }] },
    ])
    expect(state.warnings.map(({ message }) => message)).toEqual([
      'left out, because the deploy CLI excludes them (AUTH0_EXCLUDED_RESOURCE_SERVERS): Legacy',
      'not compared, because the deploy CLI never writes it: client_id, id',
    ])
    expect(state.apis.map(({ notKnown }) => notKnown)).toEqual([
      [{ path: 'new_field', why: 'unmapped' }],
      [
        { path: 'scopes.a.colour', why: 'unmapped' },
        { path: 'new_field', why: 'unmapped' },
      ],
    ])
    expect(state.apis.map((api) => placeOf(api, 'new_field').line)).toEqual([2, 7])
  })

  it('is a mistake where its configuration leaves out every API: as base it would make all of them new', async () => {
    const texts = {
      'tenant.yaml': dump({ resourceServers: [{ identifier: 'urn:c', name: 'Legacy' }] }),
      'config.json': config({ AUTH0_EXCLUDED_RESOURCE_SERVERS: ['Legacy'] }),
    }

    const mistakes = await mistakesOf(read(texts, 'a0deploy:tenant.yaml'))

    expect(mistakes.join('\n')).toContain('leaves out every API in it')
  })

  it.each([
    ['AUTH0_EXCLUDED', ['clients', 'resourceServers']],
    ['AUTH0_EXCLUDED', '["resourceServers"]'],
    ['AUTH0_INCLUDED_ONLY', ['clients']],
  ])('is a mistake where it manages no APIs at all: %s %j', async (key, value) => {
    const texts = { 'tenant.yaml': YAML, 'config.json': config({ [key]: value }) }

    expect((await mistakesOf(read(texts, 'a0deploy:tenant.yaml'))).join('\n')).toContain(`${key} leaves out every API`)
  })

  it('is not known of an API that it excludes, as base neither: a difference of it is drift', async () => {
    const servers = [
      { identifier: 'urn:a', name: 'A', signing_alg: 'RS256' },
      { identifier: 'urn:c', name: 'Legacy', signing_alg: 'RS256' },
    ]
    const texts = {
      'tenant.yaml': dump({ resourceServers: servers }),
      'config.json': config({ AUTH0_EXCLUDED_RESOURCE_SERVERS: ['Legacy'], AUTH0_INCLUDED_ONLY: ['resourceServers'] }),
    }
    const base = await read(texts, 'a0deploy:tenant.yaml')
    const live = servers.map((server) => ({ ...bareApi(), ...server, signing_alg: 'HS256' }))
    const { findings, notes, verdict } = compareAll({ live, input: { declared: declaredState(servers), base } })

    expect(base.notKnownApis).toEqual(['urn:c'])
    expect(findings.map(({ identifier, path, origin }) => [identifier, path, origin])).toEqual([
      ['urn:a', 'signing_alg', 'drift'],
      ['urn:c', 'signing_alg', 'drift'],
    ])
    expect([verdict, notes]).toEqual(['drifted', ['the base leaves urn:c out, so every difference there is drift']])
    // What another base says of it is known.
    const both = { ...texts, 'more.json': JSON.stringify({ resource_servers: [servers[1]] }) }
    const sources = ['a0deploy:tenant.yaml', 'more.json']
    expect((await parseDeclaredFiles(sources, memoryFiles(both), { variables: {} })).notKnownApis).toBeUndefined()
  })

  it('is not known of a field that it excludes, and of the others it is', async () => {
    const server = { identifier: 'urn:a', name: 'A', signing_alg: 'RS256', token_lifetime: 120 }
    const texts = {
      'tenant.yaml': dump({ resourceServers: [server] }),
      'config.json': JSON.stringify({ EXCLUDED_PROPS: { resourceServers: ['signing_alg', 'identifier'] } }),
    }
    const base = await read(texts, 'a0deploy:tenant.yaml')
    const declared = declaredState([{ ...server, token_lifetime: 60 }])
    const { findings } = compareAll({
      live: [{ ...bareApi(), ...server, signing_alg: 'HS256' }],
      input: { declared, base },
    })

    expect(base.warnings.map(({ message }) => message)).toEqual([
      'not compared, because the deploy CLI leaves it alone (EXCLUDED_PROPS): signing_alg',
    ])
    expect(base.apis.map((api) => placeOf(api, 'token_lifetime').line)).toEqual([5])
    expect(findings.map(({ path, origin }) => [path, origin])).toEqual([
      ['signing_alg', 'drift'],
      ['token_lifetime', 'pending'],
    ])
  })

  it('keeps a config.json that is somebody else’s out of it, and says where one cannot be read', async () => {
    const other = await read({ 'tenant.yaml': YAML, 'config.json': '{"AUTO": 1}' }, 'a0deploy:tenant.yaml')
    const broken = await read({ 'tenant.yaml': YAML, 'config.json': '{"AUTH0_CLIENT' }, 'a0deploy:tenant.yaml')

    expect(other.warnings).toEqual([])
    expect(broken.warnings).toEqual([
      {
        file: 'config.json',
        line: null,
        message: expect.stringContaining('cannot be read as a JSON object') as string,
      },
    ])
  })
})

describe('the mutation corpus', () => {
  const EXPECTED = {
    unsayable: [
      'client_id = "clientOrders000000000000000000001"',
      'client_id = "clientOrders000000000000000000002"',
      'client_id = absent',
      'id = "66a1f0000000000000000001"',
      'id = "66a1f0000000000000000002"',
    ],
    otherwise: [],
  }

  it('has the same findings through a YAML file as through declared files, but for what the deploy CLI never writes', async () => {
    const write = (api: JsonObject): Texts => ({ 'tenant.yaml': dump({ resourceServers: [api] }) })

    expect(await throughSource({ source: 'a0deploy:tenant.yaml', write })).toEqual(EXPECTED)
  })

  it('has them through a folder, too', async () => {
    const write = (api: JsonObject): Texts => ({ 'auth/resource-servers/a.json': JSON.stringify(api) })

    expect(await throughSource({ source: 'a0deploy:auth', write })).toEqual(EXPECTED)
  })
})
