import { describe, expect, it } from 'vitest'
import { FIELDS, topRows } from '../../src/schema/fields.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { get, LIST, patch, post, start } from './call.ts'

const API = 'https://orders.example.com/'

describe('what may be sent', () => {
  const refused: readonly [string, JsonObject, string][] = [
    ['an unknown key', { options: {} }, "'Additional properties not allowed: options'."],
    ['the id and the identifier', { id: 'x', identifier: 'y' }, "'Additional properties not allowed: id,identifier'."],
    ['a number for a text', { name: 3 }, "'Expected type string but found type integer' on property name."],
    ['null for a text', { name: null }, "'Expected type string but found type null' on property name."],
    ['a name with brackets', { name: '<b>' }, "'String does not match pattern"],
    [
      'a lifetime too long',
      { token_lifetime: 2_592_001 },
      "'Value 2592001 is greater than maximum 2592000' on property token_lifetime.",
    ],
    ['an unknown algorithm', { signing_alg: 'none' }, "'No enum match for: none' on property signing_alg."],
    [
      'a short secret',
      { signing_secret: 'short' },
      "'String is too short (5 chars), minimum 16' on property signing_secret.",
    ],
    [
      'a scope without value',
      { scopes: [{ value: 'a' }, { description: 'b' }] },
      "'Missing required property: value' on property scopes[1].",
    ],
    [
      'an unknown member of a scope',
      { scopes: [{ value: 'a', x: 1 }] },
      "'Additional properties not allowed: x' on property scopes[0].",
    ],
    [
      'a thumbprint in place of a key',
      {
        token_encryption: {
          format: 'compact-nested-jwe',
          encryption_key: { alg: 'RSA-OAEP-256', thumbprint_sha256: 'x' },
        },
      },
      "'Additional properties not allowed: thumbprint_sha256' on property token_encryption.encryption_key.",
    ],
    ['scopes that are no list', { scopes: {} }, "'Expected type array but found type object' on property scopes."],
  ]

  it.each(refused)('refuses %s in the words of the validator', async (_title, body, message) => {
    const simulator = await start()
    await post(simulator, { identifier: API })
    const before = await get(simulator, API)
    const answer = await patch(simulator, API, body)
    expect(answer).toMatchObject({
      status: 400,
      json: { statusCode: 400, error: 'Bad Request', errorCode: 'invalid_body' },
    })
    expect((answer.json as JsonObject).message).toContain(`Payload validation error: ${message}`)
    expect((await get(simulator, API)).text).toBe(before.text)
  })

  it('refuses a POST without identifier, and a body that is no JSON', async () => {
    const simulator = await start()
    expect((await post(simulator, {})).json).toMatchObject({
      message: "Payload validation error: 'Missing required property: identifier'.",
    })
    const answer = await fetch(simulator.url + LIST, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.token}` },
      body: '{',
    })
    expect(answer.status).toBe(400)
  })

  const accepted = topRows().flatMap((row) =>
    row.writable === 'both'
      ? row.samples.map((sample) => [`${row.path} = ${JSON.stringify(sample)}`, { [row.path]: sample }] as const)
      : [],
  )

  it.each(accepted)('accepts %s, a sample of the field catalogue', async (_title, body) => {
    const simulator = await start()
    expect(await post(simulator, { identifier: API, ...body })).toMatchObject({ status: 201, json: body })
  })

  it('has a catalogue to be derived from', () => {
    expect(accepted.length).toBeGreaterThan(10)
    expect(FIELDS.length).toBeGreaterThan(30)
  })
})
