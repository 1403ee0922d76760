import { describe, expect, it } from 'vitest'
import type { Rate } from '../../src/simulator/front.ts'
import { gatewayTo, identifiersOf, LIST, readerOf, requestsOf, tenantWith, TOKEN } from './with-tenant.ts'

/** A clock that the reader's own waiting moves on, for the reader and the tenant alike. */
function madeTime() {
  let time = 1_800_000_000_000
  const pauses: number[] = []
  return {
    pauses,
    passed: () => time - 1_800_000_000_000,
    now: () => time,
    clock: () => time,
    random: () => 0.5,
    sleep: (ms: number) => {
      pauses.push(ms)
      // Long enough for what is under way to arrive, as it would.
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          time += ms
          resolve()
        }, 20)
      })
    },
  }
}

/** The simulator's `date` header is the machine's; a gateway writes the made one. */
async function limitedTenant(rate: Rate, apis: number) {
  const time = madeTime()
  const tenant = await tenantWith({ apis, rate, now: time.now })
  return { time, tenant, gateway: await gatewayTo(tenant, () => null, time.now) }
}

async function readWith(rate: Rate, apis: number) {
  const { time, tenant, gateway } = await limitedTenant(rate, apis)
  const reader = readerOf(gateway, time)
  const reading = await reader.inventory()
  return { reading, proof: reader.proof(), tenant, time }
}

describe('a tenant with a token bucket', () => {
  it.each([
    { burst: 50, perSecond: 16, seconds: 0 },
    { burst: 10, perSecond: 2.5, seconds: 3 },
    { burst: 10, perSecond: 2, seconds: 3 },
    { burst: 2, perSecond: 2, seconds: 8 },
  ])(
    'of $burst and $perSecond a second is read without a refusal, in $seconds seconds',
    async ({ seconds, ...rate }) => {
      const { reading, proof, tenant, time } = await readWith(rate, 1000)
      expect(reading).toMatchObject({ ok: true, snapshot: { complete: true } })
      expect(proof.retries).toBe(0)
      expect(requestsOf(tenant).list).toBe(proof.secondLook ? 12 : 11)
      expect(time.passed()).toBeLessThanOrEqual(seconds * 1000)
      expect(proof.waits > 0).toBe(seconds > 0)
    },
  )

  it('keeps a fifth of the bucket for others', async () => {
    const { time, tenant, gateway } = await limitedTenant({ burst: 20, perSecond: 10 }, 3000)
    await readerOf(gateway, time).inventory()
    const headers = { authorization: `Bearer ${tenant.token}` }
    const answer = await fetch(`${tenant.url}${LIST}?per_page=1`, { headers })
    // Thirty-one pages left at least four, and this request took one.
    expect(Number(answer.headers.get('x-ratelimit-remaining'))).toBeGreaterThanOrEqual(3)
  })

  it('waits for the next token after a 429, not for a full bucket', async () => {
    const { time, tenant, gateway } = await limitedTenant({ burst: 10, perSecond: 2 }, 150)
    // Somebody else has just emptied it.
    for (let n = 0; n < 10; n += 1)
      await fetch(`${tenant.url}${LIST}`, { headers: { authorization: `Bearer ${tenant.token}` } })
    const reader = readerOf(gateway, time)
    await expect(reader.inventory()).resolves.toMatchObject({ ok: true })
    expect(time.passed()).toBeLessThan(4000)
    expect(reader.proof().retries).toBeGreaterThan(0)
    expect(reader.proof().waits).toBeGreaterThan(0)
  })

  it('is asked again after 429 without any headers, with growing pauses', async () => {
    const time = madeTime()
    const tenant = await tenantWith({ apis: 1, now: time.now })
    let refusals = 0
    const gateway = await gatewayTo(tenant, ({ url }) => {
      if (!url.startsWith(LIST) || refusals === 6) return null
      refusals += 1
      return { status: 429, body: '{"errorCode":"too_many_requests"}' }
    })
    const reader = readerOf(gateway, time)
    await expect(reader.inventory()).resolves.toMatchObject({ ok: true })
    expect(time.pauses).toEqual([250, 500, 1000, 2000, 4000, 8000].map((ms) => ms * 0.75))
    expect(reader.proof()).toMatchObject({ retries: 6, waits: 6 })
  })

  it.each([
    ['the list', { path: LIST }],
    ['a later page', { path: LIST, page: 1 }],
    ['the token request', { path: '/oauth/token' }],
  ])('that refuses %s for ever is rate_limited, before the deadline', async (_, match) => {
    const time = madeTime()
    const tenant = await tenantWith({ apis: 150, now: time.now })
    tenant.setFault({ kind: 'status', status: 429, match })
    const reader = readerOf(tenant, time, { TENANT_DRIFT_DEADLINE: '20s' })
    const looks = await reader.find([...identifiersOf(tenant), 'urn:gone'])
    expect([...looks.values()].every((look) => look.status === 'unreadable' && look.code === 'rate_limited')).toBe(true)
    expect(time.passed()).toBeLessThanOrEqual(20_000)
  })

  it('too slow for the deadline is rate_limited and not waited for in vain', async () => {
    const { time, gateway } = await limitedTenant({ burst: 2, perSecond: 0.1 }, 3000)
    const reader = readerOf(gateway, time, { TENANT_DRIFT_DEADLINE: '60s' })
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code: 'rate_limited' })
    expect(time.passed()).toBeLessThanOrEqual(60_000)
  })
})

describe('a tenant that says "at once" (429 with retry-after: 0)', () => {
  it.each([LIST, TOKEN])('at %s for ever is asked in growing pauses until the deadline', async (path) => {
    const time = madeTime()
    const tenant = await tenantWith({ apis: 3 })
    const full = { status: 429, body: '{}', headers: { 'retry-after': '0' } }
    const gateway = await gatewayTo(tenant, ({ url }) => (url.startsWith(path) ? full : null), time.now)
    const reader = readerOf(gateway, time, { TENANT_DRIFT_DEADLINE: '60s' })
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code: 'rate_limited' })
    expect(Math.min(...time.pauses)).toBeGreaterThanOrEqual(125)
    expect(time.pauses.length).toBeGreaterThan(3)
    expect(time.pauses.length).toBeLessThan(20)
  })

  it('waits as long as it is asked to, where that is longer', async () => {
    const time = madeTime()
    const tenant = await tenantWith({ apis: 3 })
    let left = 2
    const full = { status: 429, body: '{}', headers: { 'retry-after': '7' } }
    const gateway = await gatewayTo(tenant, ({ url }) => (url.startsWith(LIST) && left-- > 0 ? full : null), time.now)
    await expect(readerOf(gateway, time).inventory()).resolves.toMatchObject({ ok: true })
    expect(time.pauses).toEqual([7000, 7000])
  })
})
