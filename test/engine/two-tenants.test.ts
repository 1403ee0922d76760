import { expect, onTestFinished, test } from 'vitest'
import { tenantWith } from '../support/checks.ts'
import { resourcesOf, startProject, stepsOf } from '../support/engine.ts'

const API = 'https://orders.example.com/'

test(
  'two tenants in one program: each check is compared with its own, and no token goes to the other',
  { timeout: 300_000 },
  async () => {
    const [here, there] = [await tenantWith(), await tenantWith()]
    for (const tenant of [here, there]) tenant.create({ identifier: API, signing_alg: 'RS256' })
    const project = await startProject(here)
    onTestFinished(() => project.remove())
    project.setProgram(`import { Auth0Tenant, ResourceServerCheck, TenantCheck } from 'tenant-drift'
const there = new Auth0Tenant('there', { domain: '${there.domain}', credentials: { apiToken: 'THERE_TOKEN' } })
new ResourceServerCheck('here', { identifier: '${API}', signing_alg: 'RS256' })
new ResourceServerCheck('there', { identifier: '${API}', signing_alg: 'RS256' }, { provider: there })
new TenantCheck('all-there', { resource_servers: [{ identifier: '${API}', signing_alg: 'RS256' }] }, { provider: there })
`)
    const env = { THERE_TOKEN: there.token }
    const streaming = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' }
    const driftOf = (stdout: string) =>
      stepsOf(stdout).map(({ name, inputs }) => [name, Object.keys(inputs.drift as object)])

    const applied = await project.run(['up', '--yes', '--skip-preview'], { env })
    const quiet = await project.run(['preview', '--expect-no-changes'], { env })
    there.edit(API, { signing_alg: 'HS256' })
    const drifted = await project.run(['preview', '--json'], { env: { ...env, ...streaming } })
    const refreshed = await project.run(['refresh', '--preview-only', '--expect-no-changes'], { env })
    const unset = await project.run(['preview'])

    expect([applied.code, quiet.code, refreshed.code]).toEqual([0, 0, 7])
    expect(driftOf(drifted.stdout)).toEqual([
      ['all-there', [API]],
      ['here', []],
      ['there', ['signing_alg']],
    ])
    const kept = resourcesOf(project.stateText())
    expect(
      Object.fromEntries(
        Object.entries(kept).map(
          ([name, { outputs }]) => [name, (outputs.observed as { tenant: string }).tenant] as const,
        ),
      ),
    ).toEqual({ 'all-there': there.domain, here: here.domain, there: there.domain })
    expect(unset.code).not.toBe(0)
    expect(unset.text).toContain('the environment variable THERE_TOKEN is not set')
    expect(project.everything()).not.toContain(there.token)
  },
)
