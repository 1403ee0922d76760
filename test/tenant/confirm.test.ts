import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import type { Look, TenantReader } from '../../src/schema/snapshot.ts'
import { identifiersOf, LIST, readerOf, requestsOf, tenantWith } from './with-tenant.ts'

/** The identifiers of a tenant, of which the first `gone` have just been deleted. */
async function tenantWithout(gone: number, apis = 250): Promise<{ tenant: Simulator; ids: string[] }> {
  const tenant = await tenantWith({ apis })
  const ids = identifiersOf(tenant)
  for (const identifier of ids.slice(0, gone)) tenant.remove(identifier)
  return { tenant, ids }
}

async function oneByOne(reader: TenantReader, ids: readonly string[]): Promise<Look[]> {
  const looks: Look[] = []
  for (const identifier of ids) looks.push(...(await reader.find([identifier])).values())
  return looks
}

const words = (looks: Iterable<Look>): string[] => [...looks].map((look) => look.status)
const expected = (gone: number, all: number): string[] => [
  ...Array<string>(gone).fill('missing'),
  ...Array<string>(all - gone).fill('read'),
]

describe('missing APIs', () => {
  it.each([
    { gone: 0, item: 0, list: 3 },
    { gone: 1, item: 1, list: 3 },
    { gone: 5, item: 5, list: 3 },
    { gone: 6, item: 0, list: 6 },
    { gone: 40, item: 0, list: 6 },
  ])('$gone of them, asked for together, take $item confirmations and $list pages', async ({ gone, item, list }) => {
    const { tenant, ids } = await tenantWithout(gone)
    const looks = await readerOf(tenant).find(ids)
    expect(words(looks.values())).toEqual(expected(gone, ids.length))
    expect(requestsOf(tenant)).toEqual({ token: 1, item, list })
  })

  it('40 of them, asked for by a thousand callers at once, take one snapshot and one more reading', async () => {
    const { tenant, ids } = await tenantWithout(40, 1000)
    const reader = readerOf(tenant)
    const answers = await Promise.all(ids.map((identifier) => reader.find([identifier])))
    expect(words(answers.flatMap((looks) => [...looks.values()]))).toEqual(expected(40, ids.length))
    expect(requestsOf(tenant)).toEqual({ token: 1, item: 0, list: 20 })
  })

  it('40 of them, asked for one after the other, take five confirmations and one more reading', async () => {
    const { tenant, ids } = await tenantWithout(40)
    const reader = readerOf(tenant)
    expect(words(await oneByOne(reader, ids))).toEqual(expected(40, ids.length))
    expect(requestsOf(tenant)).toEqual({ token: 1, item: 5, list: 6 })
    expect(reader.proof()).toMatchObject({
      requests: { token: 1, list: 3, confirm: 8, secret: 0 },
      notes: ['missing APIs confirmed by a second reading'],
    })
  })

  it('are asked for once, however often somebody asks', async () => {
    const { tenant, ids } = await tenantWithout(2)
    const reader = readerOf(tenant)
    await Promise.all([reader.find(ids), reader.find(ids), oneByOne(reader, ids)])
    expect(requestsOf(tenant)).toEqual({ token: 1, item: 2, list: 3 })
  })

  it('are asked for with their whole identifier, encoded', async () => {
    const { tenant } = await tenantWithout(0, 0)
    const paths: string[] = []
    tenant.onRequest((request) => void paths.push(request.path))
    const odd = 'https://a.example.com/x?y=z&ü#/../'
    const looks = await readerOf(tenant).find([odd])
    expect(looks.get(odd)).toEqual({ status: 'missing' })
    expect(paths).toContain(`${LIST}/${encodeURIComponent(odd)}`)
  })

  it.each([[''], ['\ud800']])(
    'whose identifier is no text that can be asked for (%j) are unreadable',
    async (identifier) => {
      const { tenant } = await tenantWithout(0, 1)
      const looks = await readerOf(tenant).find([identifier])
      expect(looks.get(identifier)).toMatchObject({ status: 'unreadable', code: 'bad_request' })
    },
  )
})

describe('an API that turns up', () => {
  it('at its confirmation is compared, and the proof says unstable', async () => {
    const { tenant, ids } = await tenantWithout(1)
    const [late = ''] = ids
    const reader = readerOf(tenant)
    await reader.inventory()
    tenant.create({ identifier: late, name: 'Back again', signing_secret: 'planted-secret-0123456789' })
    const look = (await reader.find([late])).get(late)
    expect(look).toMatchObject({ status: 'read', live: { identifier: late, name: 'Back again' } })
    expect(JSON.stringify(look)).not.toContain('planted-secret')
    expect(reader.proof().notes).toEqual(['unstable'])
  })

  it('in the second reading is compared, and the others are missing', async () => {
    const { tenant, ids } = await tenantWithout(7)
    const reader = readerOf(tenant)
    await reader.inventory()
    const [late = '', ...gone] = ids.slice(0, 7)
    tenant.create({ identifier: late })
    const looks = await reader.find([late, ...gone])
    expect(words(looks.values())).toEqual(['read', ...Array<string>(6).fill('missing')])
    expect(reader.proof().notes).toContain('unstable')
  })
})

describe('a second reading that fails', () => {
  it.each([
    { fault: { kind: 'status', status: 500 } as const, code: 'server_error' },
    { fault: { kind: 'empty-list' } as const, code: 'implausible_list' },
    { fault: { kind: 'short-page', match: { page: 1 } } as const, code: 'unstable_list' },
    { fault: { kind: 'refuse-offset', match: { page: 2 } } as const, code: 'incomplete_inventory' },
  ])('with $fault.kind leaves all absent ones unreadable, and the others read', async ({ fault, code }) => {
    const { tenant, ids } = await tenantWithout(9)
    const reader = readerOf(tenant)
    await reader.inventory()
    tenant.setFault(fault)
    const looks = [...(await reader.find(ids)).values()]
    expect(looks.slice(0, 9).map((look) => look.status === 'unreadable' && look.code)).toEqual(Array(9).fill(code))
    expect(words(looks.slice(9))).toEqual(expected(0, ids.length - 9))
  })
})
