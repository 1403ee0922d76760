import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readDeclared } from '../../src/sources/front.ts'
import { declaredMistakes } from '../../src/schema/declared-schema.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import { FIELDS, topRows } from '../../src/schema/fields.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { memoryFiles, parse, VARIABLES } from './memory-files.ts'

const EQUAL = new URL('../fixtures/declared/equal/', import.meta.url)
const NAMES = readdirSync(EQUAL).filter((name) => name.endsWith('.yaml'))

const said = ({ tenant, apis, managedElsewhere }: DeclaredState): unknown => ({
  tenant,
  managedElsewhere,
  apis: apis.map(({ values }) => values),
})

describe('YAML and JSON', () => {
  it.each(NAMES)('%s says the same as its JSON form', async (name) => {
    const json = name.replace('.yaml', '.json')
    const text = (file: string): string => readFileSync(new URL(file, EQUAL), 'utf8')

    const fromYaml = await parse({ 'a.yaml': text(name) })
    const fromJson = await parse({ 'a.json': text(json) })

    expect(said(fromYaml)).toEqual(said(fromJson))
  })

  it('read equal, and with equal paths, for any state that the catalogue allows', async () => {
    const valid = topRows(FIELDS).flatMap((row) =>
      row.path === 'identifier'
        ? []
        : row.samples
            .filter((sample) => declaredMistakes({ identifier: 'urn:x', [row.path]: sample }).length === 0)
            .map((sample) => [row.path, sample] as const),
    )
    expect(valid.length).toBeGreaterThan(20)
    const api = fc
      .tuple(fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }), fc.subarray(valid, { maxLength: 12 }))
      .filter(([identifier]) => !identifier.includes('${') && identifier.isWellFormed())
      .map(([identifier, fields]): JsonObject => ({ ...Object.fromEntries(fields), identifier }))
      .filter((server) => declaredMistakes(server).length === 0)
    const state = fc.record({ resource_servers: fc.uniqueArray(api, { selector: (server) => server.identifier }) })

    await fc.assert(
      fc.asyncProperty(state, async (value) => {
        const yaml = await parse({ 'a.yaml': dump(value) })
        const json = await parse({ 'a.json': JSON.stringify(value, null, 1) })

        expect(said(yaml)).toEqual(said(json))
        expect(yaml.apis.map((one) => Object.keys(one.lines))).toEqual(json.apis.map((one) => Object.keys(one.lines)))
      }),
      { numRuns: 60 },
    )
  })

  it('read a byte order mark and other line ends', async () => {
    const state = await parse({ 'a.yaml': '\uFEFFresource_servers:\r\n  - identifier: urn:a\r\n    name: A\r\n' })

    expect(state.apis[0]?.values).toEqual({ identifier: 'urn:a', name: 'A' })
    expect(state.apis[0]?.lines).toEqual({ identifier: 2, name: 3 })
  })
})

it('files of one tenant may write it in different ways', async () => {
  const texts = {
    'a.yaml': 'tenant: acme.eu.auth0.com\nresource_servers: []\n',
    'b.yaml': 'tenant: https://ACME.eu.auth0.com/\nresource_servers: []\n',
  }

  expect((await parse(texts)).tenant).toBe('acme.eu.auth0.com')
})

describe('variables', () => {
  it('are replaced in every text, once, and `$${` stands for itself', async () => {
    const text = readFileSync(new URL('variables.yaml', EQUAL), 'utf8')

    const state = await parse({ 'a.yaml': text })

    expect(state.tenant).toBe('acme.eu.auth0.com')
    expect(state.apis[0]?.values).toEqual({
      identifier: 'https://prod.example.com/prod',
      signing_secret: 'from-a-vault-0123456789',
      scopes: [{ value: 'read:prod', description: 'costs ${price}, $5 or ${' }],
    })
    expect(Object.keys(state.apis[0]?.lines ?? {})).toContain('scopes.read:prod.description')
  })

  it('come from the environment by their prefix only', async () => {
    const files = memoryFiles({ 'a.yaml': 'resource_servers: [{identifier: "${env}-${region}"}]' })
    const { parseDeclaredFiles } = await import('../../src/sources/front.ts')

    const env = { TENANT_DRIFT_VAR_region: 'eu', TENANT_DRIFT_VAR_env: 'not this', region: 'us' }
    const state = await parseDeclaredFiles(['a.yaml'], files, { variables: VARIABLES, env })

    expect(state.apis[0]?.identifier).toBe('prod-eu')
  })
})

describe('warnings', () => {
  const file = (secret: string): Record<string, string> => ({
    'a.yaml': `resource_servers:\n  - identifier: urn:a\n    signing_secret: ${secret}\n`,
  })

  it('name a literal secret by its line, without the secret', async () => {
    const { warnings } = await parse(file('literal-secret-0123456789'))

    expect(warnings).toEqual([{ file: 'a.yaml', line: 3, message: expect.stringContaining('urn:a') }])
    expect(JSON.stringify(warnings)).not.toContain('literal-secret')
  })

  it('are silent on a secret from a variable', async () => {
    const { warnings } = await parse(file('${secret}'))

    expect(warnings).toEqual([])
  })
})

describe('files on disk', () => {
  it('are read relative to the folder given, a glob sorted, and the sample state has no mistake', async () => {
    const cwd = new URL('../..', import.meta.url).pathname

    const byGlob = await readDeclared(['declared/**/*.{yaml,yml,json}'], { cwd, variables: {} })
    const byFiles = await readDeclared(['files:./declared/*.yaml', 'declared/shop.yaml'], { cwd, variables: {} })

    expect(byGlob.apis.map(({ identifier }) => identifier)).toEqual([
      'https://accounts.example.com/',
      'https://orders.example.com/',
      'https://payments.example.com/',
      'https://reports.example.com/',
      'urn:example:warehouse',
    ])
    expect(byFiles).toEqual(byGlob)
    expect(byGlob.apis.map(({ file }) => file)).toContain('declared/payments.yaml')
    expect(byGlob.warnings).toEqual([])
  })
})
