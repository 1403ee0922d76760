import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { envOf } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { gitHub, pullRequest, repository, runJob, type Repository } from './runner.ts'

const declares = (alg: string) => ({
  'declared/a.json': { resource_servers: [{ identifier: 'urn:declared-here', name: 'a', signing_alg: alg }] },
})

/** Drift of what the repository declares, and an API that it does not know. */
async function drifted(): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:declared-here', name: 'a', signing_alg: 'HS256' })
  tenant.create({ identifier: 'urn:nobody-knows', name: 'secret plans', signing_alg: 'PS256' })
  return tenant
}

async function shown(
  repo: Repository,
  tenant: Simulator,
  visibility: string | null,
  inputs: Readonly<Record<string, string>> = {},
) {
  const api = await gitHub()
  const payload = {
    ...pullRequest(repo),
    ...(visibility === null ? { repository: { visibility: undefined } } : { repository: { visibility } }),
  }
  const ran = await runJob(repo.cwd, {
    payload,
    env: envOf(tenant),
    api,
    inputs: { gate: 'all', ...inputs },
  })
  return { ...ran, text: [ran.log, ran.summary, api.comments.map(({ body }) => body).join()].join('\n') }
}

describe('what others may read', () => {
  it('is what the repository declares, and nothing live, where everybody can read it', async () => {
    const [tenant, repo] = [await drifted(), repository(declares('RS256'), declares('PS256'))]
    const { code, text, summary, outputs } = await shown(repo, tenant, 'public')
    expect(code).toBe(2)
    expect(summary).toMatch(/urn:declared-here.*signing_alg/)
    expect(text).toMatch(/details: full shows all/)
    expect(text).not.toMatch(/HS256|nobody-knows|secret plans/)
    expect(outputs['counting']).toBe('1')
  })

  it('is everything where the repository is private, or where details say so', async () => {
    const [tenant, repo] = [await drifted(), repository(declares('RS256'), declares('PS256'))]
    expect((await shown(repo, tenant, 'private')).text).toMatch(/HS256/)
    expect((await shown(repo, tenant, 'public', { details: 'full' })).text).toMatch(/nobody-knows/)
  })

  it.each([
    ['private', {}, true],
    ['public', {}, false],
    ['public', { details: 'names' }, false],
    ['private', { details: 'counts' }, false],
    ['public', { details: 'full' }, true],
  ])('names applications only where everything is said: %s %o', async (visibility, details, expected) => {
    const [tenant, repo] = [await drifted(), repository(declares('RS256'), declares('PS256'))]
    tenant.putClient({ client_id: 'client-of-the-shop', name: 'The Shop', grant_types: ['authorization_code'] })
    const scopes = ['read:resource_servers', 'read:client_grants', 'read:clients']
    const token = await tenant.issueToken({ scopes })
    const { code, text } = await shown(repo, { ...tenant, token }, visibility, { affected: 'true', ...details })
    expect([code, text.includes('The Shop'), /Hits|applications/.test(text)]).toEqual([2, expected, expected])
  })

  it('is numbers alone with details: counts', async () => {
    const [tenant, repo] = [await drifted(), repository(declares('RS256'), declares('PS256'))]
    const { text, code } = await shown(repo, tenant, 'private', { details: 'counts' })
    expect(code).toBe(2)
    expect(text).not.toMatch(/HS256|nobody-knows|urn:declared-here|signing_alg/)
  })

  it('is as in a public one where nobody says what it is', async () => {
    const [tenant, repo] = [await drifted(), repository(declares('RS256'), declares('PS256'))]
    expect((await shown(repo, tenant, null)).text).not.toMatch(/HS256|nobody-knows/)
  })

  it('is a word that is known', async () => {
    const [tenant, repo] = [await drifted(), repository(declares('RS256'))]
    const { code, log } = await shown(repo, tenant, 'private', { details: 'all' })
    expect(code).toBe(1)
    expect(log).toMatch(/The input details must be one of counts, names, full/)
  })
})
