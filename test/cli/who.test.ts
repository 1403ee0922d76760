import { describe, expect, it } from 'vitest'
import { DEPLOY, KIM, ORDERS, whoWorld } from './who-world.ts'

describe('check --who', () => {
  it('names the one who changed it since the last complete reading', async () => {
    const { edit, who } = await whoWorld()
    expect(await who(0)).toBeUndefined()
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    expect(await who(2)).toMatchObject({
      certainty: 'certain',
      reason: null,
      at: '2026-11-24T13:00:00.000Z',
      through: 'dashboard',
      actor: { application: null },
      keptBy: null,
      before: { at: '2026-11-24T12:00:00.000Z', isThere: true, live: 'RS256' },
    })
  })

  it('never names who sent it again unchanged, but says that they did', async () => {
    const { edit, who, check } = await whoWorld()
    await who(0)
    edit(1, { signing_alg: 'PS256' }, { actor: KIM })
    edit(2, { signing_alg: 'PS256', token_lifetime: 86_400, name: 'Orders' }, { actor: DEPLOY })
    edit(3, { signing_alg: 'PS256', token_lifetime: 86_400, name: 'Orders' }, { actor: DEPLOY })
    expect(await who(4)).toMatchObject({
      certainty: 'certain',
      through: 'dashboard',
      keptBy: {
        count: 2,
        last: '2026-11-24T15:00:00.000Z',
        through: 'application',
        actor: { application: { client_id: 'cDeploy', name: 'deploy-prod' } },
        tool: 'deploy-cli 8.44.0',
      },
    })
    const { out } = await check(4, '--who')
    expect(out).toContain('changed by  a person in the dashboard, 24 Nov 2026, 13:00 UTC, log 9002')
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'sent again 2 times since, last by application deploy-prod (calls itself deploy-cli 8.44.0)',
    )
  })

  it('asks nothing where nothing counts', async () => {
    const { report, tenant } = await whoWorld()
    await report(0)
    const before = tenant.requests()
    const { proof } = await report(1)
    expect(before['GET /api/v2/logs']).toBeUndefined()
    expect(tenant.requests()['GET /api/v2/logs']).toBeUndefined()
    expect(proof?.requests).not.toHaveProperty('log')
  })

  it('is off unless asked for', async () => {
    const { edit, check, tenant } = await whoWorld()
    edit(0, { signing_alg: 'PS256' })
    const { out } = await check(1)
    expect(out).not.toContain('changed by')
    expect(tenant.requests()['GET /api/v2/logs']).toBeUndefined()
  })

  it('says not known without the scope, and keeps verdict and exit code', async () => {
    const { edit, check, who } = await whoWorld({ scopes: [] })
    edit(0, { signing_alg: 'PS256' })
    expect(await who(1)).toMatchObject({ certainty: 'not-known', reason: 'no-scope', through: null })
    const { code, out } = await check(1, '--who')
    expect(code).toBe(2)
    expect(out).toContain('changed by  not known: the token lacks the scope read:logs')
  })

  it('an API that is gone, and one that came', async () => {
    const { tenant, report, at, record } = await whoWorld()
    await record()
    await report(0)
    tenant.create({ identifier: 'urn:new' }, { at: at(1), actor: DEPLOY })
    tenant.remove(ORDERS, { at: at(1.5), actor: KIM })
    const { findings } = await report(2)
    expect(findings.map(({ kind, changedBy }) => [kind, changedBy?.certainty, changedBy?.through])).toEqual([
      ['missing', 'certain', 'dashboard'],
      ['unmanaged', 'certain', 'application'],
    ])
  })
})
