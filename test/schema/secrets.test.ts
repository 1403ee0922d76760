import { describe, expect, it } from 'vitest'
import type { DeclaredState } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { declaredDigest, packDeclared, unpackDeclared } from '../../src/schema/pack-declared.ts'
import { digestSecret, isSecretDigest, SECRET_NOT_KEPT } from '../../src/schema/secret-digest.ts'
import { declaredState } from '../support/scenes.ts'

const SECRET = 'an-invented-secret-of-32-letters'

describe('the digest of a secret', () => {
  it('is the same again for the same tenant, API and secret, and another for any other', async () => {
    const digests = await Promise.all([
      digestSecret('a.auth0.com', 'urn:a', SECRET),
      digestSecret('b.auth0.com', 'urn:a', SECRET),
      digestSecret('a.auth0.com', 'urn:b', SECRET),
      digestSecret('a.auth0.com', 'urn:a', `${SECRET}.`),
    ])

    expect(new Set(digests).size).toBe(4)
    expect(await digestSecret('a.auth0.com', 'urn:a', SECRET)).toBe(digests[0])
  })

  it('holds nothing of the secret, and comes back as it is', async () => {
    const digest = await digestSecret('a.auth0.com', 'urn:a', SECRET)

    expect(isSecretDigest(digest)).toBe(true)
    expect(digest).not.toContain(SECRET)
    expect(await digestSecret('other', 'urn:other', digest)).toBe(digest)
  })

  it.each([undefined, null, 5, '', SECRET, {}])('is not %j', (value) => {
    expect(isSecretDigest(value)).toBe(false)
  })
})

describe('a packed declaration', () => {
  const state = declaredState(
    [
      { identifier: 'urn:a', scopes: [{ value: 'é' }], signing_alg: 'HS256', signing_secret: SECRET },
      { identifier: 'urn:b', consent_policy: null, signing_secret: null },
    ],
    ['urn:legacy:*'],
  )

  it('comes back, and of a secret only that there is one', () => {
    expect(unpackDeclared(packDeclared(state))).toEqual({
      apis: [
        { identifier: 'urn:a', scopes: [{ value: 'é' }], signing_alg: 'HS256', signing_secret: SECRET_NOT_KEPT },
        { identifier: 'urn:b', consent_policy: null, signing_secret: null },
      ],
      managedElsewhere: ['urn:legacy:*'],
    })
  })

  it('has the same bytes whatever the order of keys, the places in files, and the value of a secret', () => {
    const [first, second] = state.apis
    const same: DeclaredState = {
      ...state,
      apis: [
        { ...first!, values: turned({ ...first!.values, signing_secret: 'another-invented-one' }), file: 'x', line: 7 },
        { ...second!, values: turned(second!.values) },
      ],
    }

    expect(packDeclared(same)).toBe(packDeclared(state))
    expect(declaredDigest(same)).toBe(declaredDigest(state))
  })

  it('has other bytes when another value is declared', () => {
    const other = declaredState([{ identifier: 'urn:a' }], ['urn:legacy:*'])

    expect(packDeclared(other)).not.toBe(packDeclared(state))
    expect(declaredDigest(other)).not.toBe(declaredDigest(state))
  })

  it.each(['', 'no base64!', 'aGVsbG8=', Buffer.from('{}').toString('base64')])('is not %j', (text) => {
    expect(unpackDeclared(text)).toBeNull()
  })
})

function turned(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).toReversed())
}
