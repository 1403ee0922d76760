import outputs from '@pulumi/pulumi/output.js'
import type { Output } from '@pulumi/pulumi'
import { describe, expect, it } from 'vitest'
import { topRows } from '../../src/schema/fields.ts'
import { providerName } from '../../src/sources/provider-names.ts'
import { declaredFrom } from '../../src/provider/front.ts'

const orders = { urn: outputs.output('urn:orders') }
const scopes = { urn: outputs.output('urn:scopes') }

/** What the engine would be sent; outputs that carry nothing are left out. */
async function sent(args: object): Promise<object> {
  const entries = await Promise.all(
    Object.entries(args).map(async ([key, value]) => [key, await (value as { promise(): Promise<unknown> }).promise()]),
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as object
}

describe('what a program declares with @pulumi/auth0', () => {
  it('is what it wrote, in the names and values of the wire, and nothing more', async () => {
    const declared = declaredFrom(orders, {
      identifier: outputs.output('urn:a'),
      signingAlg: Promise.resolve('PS256'),
      tokenLifetime: 3600,
      tokenDialect: undefined,
      consentPolicy: 'null',
      proofOfPossession: { mechanism: 'dpop', required: outputs.output(true) },
      tokenEncryption: { disable: true },
    })

    expect(await sent(declared)).toEqual({
      identifier: 'urn:a',
      signing_alg: 'PS256',
      token_lifetime: 3600,
      consent_policy: null,
      proof_of_possession: { mechanism: 'dpop', required: true },
      token_encryption: null,
    })
  })

  it('holds the scopes of the resource for all of them, and of those for one each', async () => {
    const args = { identifier: 'urn:a' }
    const all = { resource: scopes, args: { scopes: [{ name: 'r', description: 'Read' }, { name: 'w' }] } }
    const single = (scope: string) => ({ resource: scopes, args: { resourceServerIdentifier: 'urn:a', scope } })

    expect(await sent(declaredFrom(orders, args, { scopes: all }))).toEqual({
      identifier: 'urn:a',
      scopes: [{ value: 'r', description: 'Read' }, { value: 'w' }],
    })
    expect(await sent(declaredFrom(orders, args, { scopes: [single('w'), single('r')] }))).toEqual({
      identifier: 'urn:a',
      scopes: [{ value: 'w' }, { value: 'r' }],
    })
  })

  it('keeps a secret one', async () => {
    const declared = declaredFrom(orders, {
      identifier: 'urn:a',
      signingSecret: outputs.secret('an-invented-secret'),
    })

    expect(await outputs.isSecret(declared.signing_secret as Output<unknown>)).toBe(true)
    expect(await outputs.isSecret(declared.identifier as Output<unknown>)).toBe(false)
  })

  it('hands what is no scopes to the check, which refuses it', async () => {
    const wrong = { resource: scopes, args: { scopes: 'r' } }

    expect(await sent(declaredFrom(orders, { identifier: 'urn:a' }, { scopes: wrong }))).toEqual({
      identifier: 'urn:a',
      scopes: [{ scopes: 'r' }],
    })
  })

  it('finds the field of every attribute by its spelling', () => {
    const named = topRows().map((row) => [row.path, providerName(row)] as const)

    expect(named.flatMap(([path, entry]) => ('name' in entry && entry.name !== path ? [path] : []))).toEqual([])
  })
})
