import { describe, expect, it } from 'vitest'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import { placeOf } from '../../src/schema/declared.ts'
import { packDeclared } from '../../src/schema/pack-declared.ts'
import { digestSecret } from '../../src/schema/secret-digest.ts'
import { memoryFiles, mistakesOf, parse } from '../declared/memory-files.ts'

const CHECK = 'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck'
const TENANT = 'pulumi-nodejs:dynamic/tenantDrift:TenantCheck'
const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' }

const exported = (...resources: readonly object[]): Record<string, string> => ({
  'stack.json': JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }, null, 2),
})
const read = (texts: Record<string, string>) => parse(texts, ['pulumi-stack:stack.json'])

describe('a stack export', () => {
  it('gives the inputs of ResourceServerCheck, and nothing that is ours or another resource', async () => {
    const texts = exported(
      { type: 'pulumi:pulumi:Stack', urn: 'urn:pulumi:s' },
      { type: 'auth0:index/client:Client', inputs: { identifier: 'urn:other' } },
      {
        type: CHECK,
        inputs: {
          __provider: 'code',
          identifier: 'urn:a',
          signing_alg: 'RS256',
          name: 'costs ${price}',
          expectedId: '66a1b2c3d4e5f6a7b8c9d0e1',
          observed: { status: 'read' },
          drift: { signing_alg: {} },
          base: 'declared/*.yaml',
          onDrift: 'refuse',
          rules: 'rules.yaml',
        },
      },
      { type: CHECK, delete: true, inputs: { identifier: 'urn:replaced' } },
    )
    const before = (texts['stack.json'] ?? '').split('"signing_alg": "RS256"')[0] ?? ''

    const state = await read(texts)

    expect(state.apis.map(({ values }) => values)).toEqual([
      { identifier: 'urn:a', signing_alg: 'RS256', name: 'costs ${price}', id: '66a1b2c3d4e5f6a7b8c9d0e1' },
    ])
    const [api] = state.apis
    expect(api === undefined ? null : placeOf(api, 'signing_alg')).toEqual({
      file: 'stack.json',
      line: before.split('\n').length,
    })
  })

  it('gives the declaration of a TenantCheck, inline and packed alike', async () => {
    const servers = [{ identifier: 'urn:b' }, { identifier: 'urn:a', signing_alg: 'PS256' }]
    const files = memoryFiles({ 'd.json': JSON.stringify({ resource_servers: servers, managed_elsewhere: ['urn:z'] }) })
    const declared = await parseDeclaredFiles(['d.json'], files, { variables: {} })

    const inline = await read(
      exported({ type: TENANT, inputs: { resource_servers: servers, managedElsewhere: ['urn:z'] } }),
    )
    const packed = await read(exported({ type: TENANT, inputs: { declaration: packDeclared(declared) } }))

    for (const state of [inline, packed]) {
      expect(state.apis.map(({ values }) => values)).toEqual(declared.apis.map(({ values }) => values))
      expect(state.managedElsewhere).toEqual(['urn:z'])
    }
  })

  it('does not know what is encrypted', async () => {
    const state = await read(
      exported({
        type: CHECK,
        inputs: { identifier: 'urn:a', name: 'A', signing_secret: { ...SECRET, ciphertext: 'v1:abc' } },
      }),
    )

    expect(state.apis[0]?.values).toEqual({ identifier: 'urn:a', name: 'A' })
    expect(state.apis[0]?.notKnown).toEqual([{ path: 'signing_secret', why: 'encrypted' }])
  })

  it('reads what --show-secrets shows, without a warning about a digest', async () => {
    const digest = await digestSecret('acme.eu.auth0.com', 'urn:a', 'secret-0123456789')
    const shown = { ...SECRET, plaintext: JSON.stringify(digest) }
    const state = await read(exported({ type: CHECK, inputs: { identifier: 'urn:a', signing_secret: shown } }))

    expect(state.apis[0]?.values.signing_secret).toBe(digest)
    expect(state.warnings).toEqual([])
  })

  it('beside a file that declares an API otherwise is a mistake at both places', async () => {
    const texts = {
      ...exported({ type: CHECK, inputs: { identifier: 'urn:a', signing_alg: 'RS256' } }),
      'a.yaml': 'resource_servers:\n  - identifier: urn:a\n    signing_alg: PS256\n',
    }

    const found = await mistakesOf(parse(texts, ['a.yaml', 'pulumi-stack:stack.json']))

    expect(found).toEqual([expect.stringMatching(/^stack\.json:10:11: urn:a: declared differently in a\.yaml:3:5/)])
  })

  it.each([
    [
      'without our resources',
      exported(
        { type: 'pulumi:pulumi:Stack' },
        { type: 'aws:s3/bucket:Bucket' },
        { type: 'auth0:index/client:Client' },
      ),
      'holds no API of @pulumi/auth0, no ResourceServerCheck and no TenantCheck, so it says nothing about what was declared; it holds resources of auth0, aws',
    ],
    ['that is another JSON', { 'stack.json': '{"resources": []}' }, 'is not what `pulumi stack export` prints'],
    ['that is no JSON', { 'stack.json': 'error: no stack' }, 'stack.json:1:1: not valid JSON'],
    ['of a TenantCheck without declaration', exported({ type: TENANT, inputs: {} }), 'holds no declaration'],
    [
      'of a TenantCheck packed otherwise',
      exported({ type: TENANT, inputs: { declaration: 'x' } }),
      'stored by another',
    ],
    [
      'of a hidden list',
      exported({ type: TENANT, inputs: { resource_servers: SECRET } }),
      'keeps its declaration encrypted',
    ],
    ['of a check without inputs', exported({ type: CHECK }), 'has no inputs in the state'],
    [
      'with an unknown field',
      exported({ type: CHECK, inputs: { identifier: 'urn:a', x: 1 } }),
      'urn:a: x: unknown field',
    ],
  ])('%s is a mistake, never an empty declaration', async (_name, texts, expected) => {
    const found = await mistakesOf(read(texts))

    expect(found).toEqual([expect.stringContaining(expected)])
  })
})
