import { describe, expect, it } from 'vitest'
import { digestSecret } from '../../src/schema/secret-digest.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { gatewayTo, identifiersOf, LIST, readerOf, requestsOf, tenantWith } from './with-tenant.ts'

const SECRET = 'planted-secret-0123456789'

/** A tenant of which the first `secrets` APIs have one. */
async function tenantWithSecrets(secrets: number, apis = 120): Promise<{ tenant: Simulator; ids: string[] }> {
  const tenant = await tenantWith({ apis })
  const ids = identifiersOf(tenant)
  for (const identifier of ids) tenant.edit(identifier, { signing_alg: 'RS256', signing_secret: null })
  for (const [n, identifier] of ids.slice(0, secrets).entries())
    tenant.edit(identifier, { signing_secret: `${SECRET}-${n}` })
  return { tenant, ids }
}

const digestAt = (tenant: Simulator, ids: readonly string[], n: number): Promise<string> =>
  digestSecret(tenant.domain, ids[n] ?? '', `${SECRET}-${n}`)

describe('signing secrets', () => {
  it('of up to five APIs are read one by one, without anything else of them', async () => {
    const { tenant, ids } = await tenantWithSecrets(2)
    const queries: string[] = []
    tenant.onRequest((request) => void queries.push(request.query.toString()))
    const reader = readerOf(tenant)
    const looks = await reader.secretDigests(ids.slice(0, 3))
    expect([...looks.values()]).toEqual([
      { status: 'read', digest: await digestAt(tenant, ids, 0) },
      { status: 'read', digest: await digestAt(tenant, ids, 1) },
      { status: 'read', digest: null },
    ])
    expect(requestsOf(tenant)).toEqual({ token: 1, item: 3, list: 0 })
    expect(queries).toContain('fields=id%2Cidentifier%2Cis_system%2Csigning_secret&include_fields=true')
    expect(reader.proof().requests.secret).toBe(3)
  })

  it('of more APIs are read by one more list, whoever asks', async () => {
    const { tenant, ids } = await tenantWithSecrets(3)
    const reader = readerOf(tenant)
    const answers = await Promise.all(ids.map((identifier) => reader.secretDigests([identifier])))
    expect(answers[2]?.get(ids[2] ?? '')).toEqual({ status: 'read', digest: await digestAt(tenant, ids, 2) })
    expect(answers[3]?.get(ids[3] ?? '')).toEqual({ status: 'read', digest: null })
    expect(requestsOf(tenant)).toEqual({ token: 1, item: 0, list: 2 })
  })

  it('asked for one after the other are five requests and one list', async () => {
    const { tenant, ids } = await tenantWithSecrets(9)
    const reader = readerOf(tenant)
    for (const [n, identifier] of ids.slice(0, 9).entries()) {
      const look = (await reader.secretDigests([identifier])).get(identifier)
      expect(look).toEqual({ status: 'read', digest: await digestAt(tenant, ids, n) })
    }
    expect(requestsOf(tenant)).toEqual({ token: 1, item: 5, list: 2 })
  })

  it('are read from the whole API where fields are refused', async () => {
    const { tenant, ids } = await tenantWithSecrets(1)
    tenant.setFault({ kind: 'refuse-fields' })
    const looks = await readerOf(tenant).secretDigests(ids.slice(0, 2))
    expect([...looks.values()]).toEqual([
      { status: 'read', digest: await digestAt(tenant, ids, 0) },
      { status: 'read', digest: null },
    ])
  })

  it('of many APIs are read from the whole list where fields are refused', async () => {
    const { tenant, ids } = await tenantWithSecrets(1)
    tenant.setFault({ kind: 'refuse-fields' })
    const looks = await readerOf(tenant).secretDigests(ids)
    expect(looks.get(ids[0] ?? '')).toEqual({ status: 'read', digest: await digestAt(tenant, ids, 0) })
    expect(looks.get(ids[1] ?? '')).toEqual({ status: 'read', digest: null })
  })

  it.each([
    { body: '{"id":"a","identifier":"ID","signing_secret":7}', status: 200, code: 'wrong_type' },
    { body: '{"errorCode":"inexistent_resource_server"}', status: 404, code: 'secret_unreadable' },
    { body: '{"errorCode":"insufficient_scope"}', status: 403, code: 'insufficient_scope' },
    { body: '{"id":"a","identifier":"other","signing_secret":"x"}', status: 200, code: 'unexpected_shape' },
  ])('that cannot be read ($status $body) are unreadable, not absent', async ({ code, status, body }) => {
    const { tenant, ids } = await tenantWithSecrets(1, 2)
    const [identifier = ''] = ids
    const gateway = await gatewayTo(tenant, ({ url }) =>
      url.startsWith(`${LIST}/`) ? { status, body: body.replace('ID', identifier) } : null,
    )
    const look = (await readerOf(gateway).secretDigests([identifier])).get(identifier)
    expect(look).toMatchObject({ status: 'unreadable', code })
  })
})

it('what comes off the wire is never a digest, whatever it looks like', async () => {
  const tenant = await tenantWith({ apis: 0 })
  const identifier = 'https://orders.example.com/'
  const digest = await digestSecret(tenant.domain, identifier, 'the-declared-secret-0123')
  tenant.create({ identifier, signing_alg: 'HS256', signing_secret: digest })

  const looks = await readerOf(tenant).secretDigests([identifier])

  const look = looks.get(identifier)
  expect(look).toMatchObject({ status: 'read' })
  expect(look).not.toEqual({ status: 'read', digest })
})
