import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folderWith, readReport } from '../cli/run.ts'
import { blockOf } from '../docs/pages.ts'
import { startSimulator } from '../../src/simulator/front.ts'
import { builtFile, isBuilt, runBuilt } from '../support/built.ts'

const COMMAND = builtFile(path.join('bin', 'tenant-drift.js'))
const MINUTE = 60_000

describe.skipIf(!isBuilt)('the built command (skipped where dist/ was not built)', () => {
  it('says who changed what counts, as the page has it, with a history and without', { timeout: 120_000 }, async () => {
    const tenant = await startSimulator({ scopes: ['read:resource_servers', 'read:logs'], latencyMs: 5 })
    onTestFinished(() => tenant.close())
    tenant.create({ identifier: 'urn:a', signing_alg: 'RS256' }, 'silent')
    const cwd = folderWith({ 'declared/a.json': { resource_servers: [{ identifier: 'urn:a', signing_alg: 'RS256' }] } })
    const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
    const history = { ...env, TENANT_DRIFT_HISTORY: 'history.db' }
    const line = blockOf('docs/who.md', 'check --who').trim()
    expect(line.startsWith('npx tenant-drift ')).toBe(true)
    const argv = line.split(' ').slice(2)
    const now = Date.now()
    const before = String(Math.floor((now - 120 * MINUTE) / 1000))

    expect((await runBuilt([COMMAND, ...argv], { cwd, env: { ...history, SOURCE_DATE_EPOCH: before } })).code).toBe(0)
    tenant.edit('urn:a', { signing_alg: 'PS256' }, { at: now - 60 * MINUTE, actor: { kind: 'dashboard', name: 'Kim' } })
    const remembered = await runBuilt([COMMAND, ...argv], { cwd, env: history })
    expect([remembered.code, readReport(cwd, 'report.json').findings[0]?.changedBy]).toMatchObject([
      2,
      { certainty: 'certain', through: 'dashboard', before: { live: 'RS256' } },
    ])
    await runBuilt([COMMAND, ...argv], { cwd, env })
    expect(readReport(cwd, 'report.json').findings[0]?.changedBy).toMatchObject({
      certainty: 'likely',
      reason: 'first-known',
    })
    const told = await runBuilt([COMMAND, 'history'], { cwd, env: history })
    expect(told.out.replaceAll(/\s+/g, ' ')).toContain('changed by a person in the dashboard')
    expect(told.out).toContain('changes were seen 1 hour later (median), 1 hour at worst')
  })
})
