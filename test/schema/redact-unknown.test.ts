import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { redactUnknown } from '../../src/schema/redact-unknown.ts'
import { isSecretDigest } from '../../src/schema/secret-digest.ts'

const redact = (item: JsonObject, tenant = 'acme.eu.auth0.com'): JsonObject => redactUnknown(tenant, item)

describe('a value that nobody knows', () => {
  it.each<[string, JsonObject, (redacted: JsonObject) => Json | undefined]>([
    ['under a key that sounds secret', { client_secret: 'planted' }, (item) => item.client_secret],
    ['in an unknown object', { made_up: { api_key: 'planted' } }, (item) => (item.made_up as JsonObject).api_key],
    ['that is a whole object', { credentials: { a: 'planted' } }, (item) => item.credentials],
    ['that is a number', { passwd: 4711 }, (item) => item.passwd],
    [
      'in a list of a known field',
      { scopes: [{ value: 'read', private_note: 'planted' }] },
      (item) => (item.scopes as readonly JsonObject[])[0]?.private_note,
    ],
    [
      'that is a private key under any name',
      { made_up: ['-----BEGIN PRIVATE KEY-----planted'] },
      (item) => (item.made_up as readonly Json[])[0],
    ],
  ])('%s is a digest', (_what, item, at) => {
    const redacted = redact(item)
    expect(isSecretDigest(at(redacted))).toBe(true)
    expect(JSON.stringify(redacted)).not.toMatch(/planted|4711/)
    // What was redacted once stays as it is.
    expect(redact(redacted)).toEqual(redacted)
  })

  it.each<[string, JsonObject]>([
    ['nothing, yes and no', { secret_rotation: null, has_password: true, secret: '' }],
    ['a key that sounds like nothing', { made_up: 'planted', nested: { list: [1, { deep: 'planted' }] } }],
    ['known fields, whatever they are called', { token_encryption: { encryption_key: { pem: 'a', alg: 'b' } } }],
    ['what a known field says of private keys', { scopes: [{ value: 'rotate', description: 'the PRIVATE KEY' }] }],
  ])('%s: the very same object', (_what, item) => {
    expect(redact(item)).toBe(item)
  })

  it('is as equal as it was: in one tenant, under one name', () => {
    const digest = (secret: string, key = 'client_secret', tenant?: string) => redact({ [key]: secret }, tenant)[key]
    expect(digest('planted')).toBe(digest('planted'))
    expect(new Set([digest('planted'), digest('other'), digest('planted', 'password')]).size).toBe(3)
    expect(digest('planted', 'client_secret', 'other.eu.auth0.com')).not.toBe(digest('planted'))
  })

  it('keeps a key that JavaScript would take for something else', () => {
    const item = JSON.parse('{"__proto__": {"client_secret": "planted"}, "b": 1}') as JsonObject
    const text = JSON.stringify(redact(item))
    expect(text).toMatch(/^\{"__proto__":\{"client_secret":"scrypt-16384:/)
  })
})
