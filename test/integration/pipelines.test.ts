import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'
import { gitHub, pullRequest, repository, type Repository } from '../action/runner.ts'
import { runWorkflow } from '../action/workflow.ts'
import { folderWith, run } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PAGE = 'docs/pipelines.md'
const [DRIFT, GATE] = [blockOf(PAGE, 'name: drift'), blockOf(PAGE, 'name: gate')]

const declares = (name: string) => ({
  'declared/a.json': { resource_servers: [{ identifier: 'urn:a', name, signing_alg: 'RS256' }] },
})

async function tenantThatSigns(alg: string): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: alg })
  return tenant
}

const credentials = (tenant: Simulator) => ({
  secrets: { AUTH0_CLIENT_ID: tenant.client_id, AUTH0_CLIENT_SECRET: tenant.client_secret },
  env: { AUTH0_DOMAIN: tenant.domain },
})

const event = (repo: Repository, isFork: boolean) => {
  const { pull_request: request } = pullRequest(repo) as { pull_request: { head: object } }
  return { pull_request: { ...request, head: { ...request.head, repo: { fork: isFork } } } }
}

describe('the scheduled workflow of pipelines.md', () => {
  it.each([
    ['RS256', 0, 'in-sync'],
    ['HS256', 2, 'drifted'],
  ] as const)('finds a tenant that signs with %s: exit %i, %s', async (alg, code, verdict) => {
    const tenant = await tenantThatSigns(alg)
    const { cwd } = repository(declares('a'))
    const job = { event: 'schedule', ref: 'refs/heads/main', payload: {} }
    const ran = await runWorkflow(DRIFT, cwd, { job, ...credentials(tenant) })
    expect(ran).toMatchObject({ code, outputs: { drift: { verdict } } })
    const snapshot = ran.used.find(({ with: given }) => given['name'] === 'tenant-snapshot')
    expect(readFileSync(snapshot?.with['path'] ?? '', 'utf8')).toContain('urn:a')
    const upload = ran.used.find(({ uses }) => uses.startsWith('github/codeql-action/upload-sarif@'))
    expect(existsSync(upload?.with['sarif_file'] ?? '')).toBe(true)
  })

  it('uploads no SARIF where it could not tell', async () => {
    const tenant = await tenantThatSigns('RS256')
    const { cwd } = repository({ 'declared/a.json': '{' })
    const job = { event: 'schedule', ref: 'refs/heads/main', payload: {} }
    const ran = await runWorkflow(DRIFT, cwd, { job, ...credentials(tenant) })
    expect(ran).toMatchObject({ code: 1, outputs: { drift: { verdict: 'incomplete' } } })
    expect(ran.used.map(({ uses }) => uses.replace(/@.*/, ''))).not.toContain('github/codeql-action/upload-sarif')
  })
})

describe('the gate of pipelines.md', () => {
  it.each([
    ['RS256', 0],
    ['HS256', 2],
  ] as const)('judges a change onto a tenant that signs with %s: exit %i', async (alg, code) => {
    const [tenant, api, repo] = [await tenantThatSigns(alg), await gitHub(), repository(declares('a'), declares('b'))]
    const job = { payload: event(repo, false), api }
    const ran = await runWorkflow(GATE, repo.cwd, { job, ...credentials(tenant) })
    expect(ran).toMatchObject({ code })
    expect(api.comments).toHaveLength(code === 0 ? 0 : 1)
  })

  it.each([
    ["a fork's", true, 'somebody'],
    ["Dependabot's", false, 'dependabot[bot]'],
  ] as const)('judges %s change by the snapshot of the schedule', async (_whose, isFork, actor) => {
    const [tenant, api, repo] = [
      await tenantThatSigns('HS256'),
      await gitHub(),
      repository(declares('a'), declares('b')),
    ]
    api.refusal = 403
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
    const snapshot = await run(['snapshot'], { env, now: Date.now })
    const before = JSON.stringify(tenant.requests())
    const around = { job: { payload: event(repo, isFork), api }, actor, artifact: { 'snapshot.json': snapshot.out } }
    const ran = await runWorkflow(GATE, repo.cwd, { ...around, env: { AUTH0_DOMAIN: tenant.domain } })
    expect(ran).toMatchObject({ code: 2, outputs: { drift: { verdict: 'drifted' } } })
    expect(JSON.stringify(tenant.requests())).toBe(before)
    expect(ran.log).toContain('::warning title=tenant-drift::No comment was written')
  })

  it('hands the configuration of the pack over as the base has it', async () => {
    const tenant = await tenantThatSigns('RS256')
    const repo = repository({ ...declares('a'), 'policies.json': '{}' }, { 'policies.json': '{"all":"disabled"}' })
    const text = `jobs:\n  drift:\n${blockOf(PAGE, 'trusted-paths: policies.json').replaceAll(/^/gm, '    ')}`
    const tools = folderWith({ pulumi: '#!/bin/sh\nfor last; do :; done\ncat "$last" > given.json\n' })
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
    const script = text.replace('run: pulumi', `run: sh ${tools}/pulumi`)
    const ran = await runWorkflow(script, repo.cwd, { job: { payload: event(repo, false) }, env })
    expect(ran).toMatchObject({ code: 0 })
    expect(readFileSync(path.join(repo.cwd, 'given.json'), 'utf8')).toBe('{}')
  })
})
