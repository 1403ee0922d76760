import { describe, expect, it } from 'vitest'
import { listResourceServers } from './list-once.ts'
import { configFor, identifiersOf, QUICK, tenantWith } from './with-tenant.ts'

describe('one page of the list', () => {
  it('is an envelope with totals', async () => {
    const tenant = await tenantWith({ apis: 30 })
    const page = await listResourceServers(configFor(tenant), { page: 1, per_page: 20, include_totals: true }, QUICK)
    expect(page).toMatchObject({ total: 31, start: 20, limit: 20 })
    expect(page.items).toHaveLength(11)
  })

  it('is a bare array without', async () => {
    const tenant = await tenantWith({ apis: 30 })
    const page = await listResourceServers(configFor(tenant), { page: 1, per_page: 10 }, QUICK)
    expect(page).toMatchObject({ total: null, start: null, limit: null })
    expect(page.items).toHaveLength(10)
  })

  it('takes every parameter of the endpoint, encoded', async () => {
    const tenant = await tenantWith({ apis: 5 })
    const queries: string[] = []
    tenant.onRequest((request) => void queries.push(request.query.toString()))
    const identifiers = [...identifiersOf(tenant).slice(0, 2), 'urn:a&b=c,d']
    const page = await listResourceServers(
      configFor(tenant),
      { identifiers, page: 0, per_page: 100, include_totals: true, fields: ['id', 'identifier'], include_fields: true },
      QUICK,
    )
    expect(page.items.map((item) => Object.keys(item).sort())).toEqual([
      ['id', 'identifier'],
      ['id', 'identifier'],
    ])
    expect(new URLSearchParams(queries.at(-1)).getAll('identifiers')).toEqual(identifiers)
    expect(queries.at(-1)).toContain(
      '&page=0&per_page=100&include_totals=true&fields=id%2Cidentifier&include_fields=true',
    )
  })

  it.each([
    [{}, false],
    [{ fields: ['signing_secret', 'id', 'identifier'], include_fields: true }, true],
    [{ fields: ['name'], include_fields: false }, false],
  ] as const)('with %j hands a signing secret on: %s', async (parameters, isThere) => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.edit(identifiersOf(tenant)[0] ?? '', { signing_secret: 'planted-secret-0123456789' })
    const page = await listResourceServers(configFor(tenant), parameters, QUICK)
    expect(JSON.stringify(page).includes('planted-secret')).toBe(isThere)
  })

  it('throws as the tenant answers', async () => {
    const tenant = await tenantWith({ scopes: [] })
    await expect(listResourceServers(configFor(tenant), {}, QUICK)).rejects.toMatchObject({
      code: 'insufficient_scope',
    })
  })
})
