import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { checkOnce, methodsOf, startProcess, tenantWith, type Form } from '../support/checks.ts'

const API = 'https://orders.example.com/'
/** What the engine sends for an output that is not known yet, by type (pulumi, sdk/go/common/resource/plugin/rpc.go). */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const UNKNOWN_NUMBER = '3eeb2bf0-c639-47a8-9e75-3b44932eb421'
const SIGNATURE = '4dabf18193072939515e22adb298388d'

const FIELDS: JsonObject = { identifier: API, name: 'Orders', signing_alg: 'RS256', token_lifetime: 7200 }

async function tenantOfOne(live: JsonObject = {}) {
  const tenant = await tenantWith()
  tenant.create({ ...FIELDS, ...live })
  return tenant
}

const INLINE: readonly Form[] = ['server', 'inline']
const programs = (form: Form, fields: JsonObject, extra: JsonObject = {}): JsonObject =>
  form === 'server' ? { ...fields, ...extra } : { resource_servers: [fields], ...extra }
const entriesOf = (form: Form, drift: JsonObject): JsonObject =>
  form === 'server' ? drift : ((drift[API] ?? {}) as JsonObject)

describe('inputs that are not known yet', () => {
  test.for(INLINE)('%s: an unknown identifier is not looked for, and comes back untouched', async (form) => {
    const tenant = await tenantOfOne()
    const program = programs(form, { ...FIELDS, identifier: UNKNOWN })

    const { inputs, observed, drift } = await checkOnce(startProcess(tenant), form, program)

    expect(observed.status).toBe('unknown')
    expect(drift).toEqual({})
    expect(inputs).toMatchObject(program)
  })

  test.for(INLINE)('%s: beside an unknown field everything else is compared', async (form) => {
    const tenant = await tenantOfOne({ signing_alg: 'HS256' })
    const program = programs(form, { ...FIELDS, token_lifetime: UNKNOWN_NUMBER, scopes: [{ value: UNKNOWN }] })

    const { inputs, observed, drift } = await checkOnce(startProcess(tenant), form, program)

    expect(observed).toMatchObject({
      status: 'unknown',
      unknown: [expect.stringContaining('token_lifetime'), expect.stringContaining('scopes')],
    })
    expect(Object.keys(entriesOf(form, drift))).toEqual(['signing_alg'])
    expect(inputs).toMatchObject(program)
  })

  test('a whole list that is unknown is unknown, and no mistake', async () => {
    const tenant = await tenantOfOne()

    for (const program of [{ resource_servers: UNKNOWN }, { files: UNKNOWN }, { files: [UNKNOWN] }]) {
      const { observed, drift } = await checkOnce(startProcess(tenant), 'inline', program)

      expect([program, observed.status]).toEqual([program, 'unknown'])
      expect(drift).toEqual({})
    }
  })
})

describe('a declaration with mistakes', () => {
  const mistakes: readonly (readonly [string, JsonObject])[] = [
    ['a value that the API refuses', { ...FIELDS, token_lifetime: -1 }],
    ['a field that does not exist', { ...FIELDS, signing_algo: 'RS256' }],
    [
      'a private key',
      {
        ...FIELDS,
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { pem: '-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----' },
        },
      },
    ],
    ['no identifier', { name: 'planted' }],
    ['an identifier that is a number', { identifier: 7 }],
    ['a wrong type inside a list', { ...FIELDS, scopes: [7] }],
  ]
  test.for(INLINE.flatMap((form) => mistakes.map(([name, fields]) => [form, name, fields] as const)))(
    '%s, %s: is invalid, reads nothing and repeats no value',
    async ([form, , fields]) => {
      const tenant = await tenantOfOne()
      const process = startProcess(tenant)

      const { inputs, observed, drift } = await checkOnce(process, form, programs(form, fields))
      const { id, outs } = await methodsOf(process, form).create(inputs)

      expect(observed).toMatchObject({ status: 'invalid', code: 'invalid_declaration' })
      expect(drift).toEqual({})
      expect(JSON.stringify(observed)).not.toContain('planted')
      expect(typeof id).toBe('string')
      expect(outs).toMatchObject({ observed: { status: 'invalid' } })
    },
  )

  const shapes: readonly (readonly [string, Form, JsonObject])[] = [
    ['neither files nor resource_servers', 'inline', {}],
    ['both', 'inline', { files: 'declared.json', resource_servers: [] }],
    ['a list that is none', 'inline', { resource_servers: 'planted' }],
    ['an entry that is no object', 'inline', { resource_servers: ['planted'] }],
    ['a pattern that matches no file', 'inline', { files: 'nothing/*.yaml' }],
    ['an empty list of files', 'inline', { files: [] }],
    ['an API that is declared twice', 'inline', { resource_servers: [FIELDS, FIELDS] }],
    ['onDrift with a word that means nothing', 'inline', { resource_servers: [FIELDS], onDrift: 'refuze' }],
    ['onDrift with a word that means nothing', 'server', { ...FIELDS, onDrift: 'refuze' }],
    ['an input that a TenantCheck does not have', 'inline', { resource_servers: [FIELDS], managed_elsewhere: ['*'] }],
    ['a base that is no source', 'server', { ...FIELDS, base: 7 }],
    ['a base that is no source', 'inline', { resource_servers: [FIELDS], base: 7 }],
    ['a recorded that is no path', 'inline', { resource_servers: [FIELDS], recorded: 7 }],
    ['variables that are no texts', 'inline', { files: 'x.yaml', variables: { env: { planted: 1 } } }],
    ['managedElsewhere that is no list of texts', 'inline', { resource_servers: [FIELDS], managedElsewhere: [7] }],
  ]
  test.for(shapes)('%s (%s) is invalid, and not taken for something else', async ([, form, program]) => {
    const tenant = await tenantOfOne()

    const { observed, drift } = await checkOnce(startProcess(tenant), form, program)

    expect(observed).toMatchObject({ status: 'invalid', code: 'invalid_declaration' })
    expect(drift).toEqual({})
    expect(JSON.stringify(observed)).not.toContain('planted')
  })

  test('nothing declared, said as such, is no mistake', async () => {
    const tenant = await tenantOfOne()

    const { observed, drift } = await checkOnce(startProcess(tenant), 'inline', { resource_servers: [] })

    expect(observed.status).toBe('read')
    expect(drift).toEqual({})
    expect(observed.notices).toContainEqual(expect.objectContaining({ kind: 'unmanaged', identifiers: [API] }))
  })
})

describe('texts of a tenant that mean something to the engine', () => {
  const hostile: readonly (readonly [string, Json])[] = [
    ['the sentinel of an unknown text', UNKNOWN],
    ['the mark of a secret', { [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', value: 'x' }],
    ['a key of JavaScript', JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as Json],
    ['a colour tag and a line break', '<{%fg 1%}>\n\u001B[31mred'],
  ]
  test.for(INLINE.flatMap((form) => hostile.map(([name, value]) => [form, name, value] as const)))(
    '%s, %s: stays a difference that the engine can show',
    async ([form, , value]) => {
      const tenant = await tenantOfOne()
      tenant.put({ ...FIELDS, id: '66a1f0000000000000000001', name: value })
      const process = startProcess(tenant)

      const { inputs, drift } = await checkOnce(process, form, programs(form, FIELDS))

      expect(Object.keys(entriesOf(form, drift))).toEqual(['name'])
      const text = JSON.stringify(inputs)
      expect(text).not.toContain(`"${UNKNOWN}"`)
      expect(text).not.toContain(`"${SIGNATURE}":`)
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  test('an unmanaged API whose identifier is a sentinel is named in a text of its own', async () => {
    const tenant = await tenantOfOne()
    tenant.create({ identifier: UNKNOWN })

    const { inputs, observed } = await checkOnce(startProcess(tenant), 'inline', { resource_servers: [FIELDS] })

    expect(observed).toMatchObject({
      status: 'read',
      notices: [{ kind: 'unmanaged', identifiers: [`text:${UNKNOWN}`] }],
    })
    expect(JSON.stringify(inputs)).not.toContain(`"${UNKNOWN}"`)
  })
})

describe('what a check returns', () => {
  test.for(INLINE)('%s: equal bytes for equal input, whatever the order in tenant and code', async (form) => {
    const live = { signing_alg: 'HS256', scopes: [{ value: 'b' }, { value: 'a', description: 'x' }], custom_key: 1 }
    const [first, second] = [await tenantWith({ port: 0 }), await tenantWith()]
    first.put({ ...FIELDS, id: '1', ...live })
    first.create({ identifier: 'https://z' })
    first.create({ identifier: 'https://y' })
    second.create({ identifier: 'https://y' })
    second.create({ identifier: 'https://z' })
    second.put(Object.fromEntries(Object.entries({ ...FIELDS, id: '1', ...live }).reverse()))
    const scopes = [{ value: 'a' }, { value: 'c' }]
    const reverse = Object.fromEntries(Object.entries({ ...FIELDS, scopes }).reverse())

    // A given token: how many were asked for depends on what this process did before.
    const processOf = (tenant: Simulator) => startProcess(tenant, { env: { AUTH0_API_TOKEN: tenant.token } })

    const one = await checkOnce(processOf(first), form, programs(form, { ...FIELDS, scopes }))
    const other = await checkOnce(processOf(second), form, programs(form, reverse))
    const again = await checkOnce(processOf(first), form, programs(form, { ...FIELDS, scopes }))

    expect(JSON.stringify(again.inputs)).toBe(JSON.stringify(one.inputs))
    expect(JSON.stringify(one.drift)).toBe(JSON.stringify(other.drift))
    expect(JSON.stringify(one.observed).replaceAll(first.domain.slice('http://'.length), '')).toBe(
      JSON.stringify(other.observed).replaceAll(second.domain.slice('http://'.length), ''),
    )
  })
})
