import path from 'node:path'
import { expect, it } from 'vitest'
import type { History } from '../../src/history/front.ts'
import { openHistory } from '../../src/history/open.ts'
import { makePlan } from '../../src/cli/plan.ts'
import { rememberRuns } from '../../src/cli/remember-runs.ts'
import { runTenants } from '../../src/cli/run-tenants.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { envOf, folderWith, ioOf } from './run.ts'

it('a run whose turn went to another worker is not remembered, and says so', async () => {
  const tenant = await tenantWith({ apis: 0 })
  const cwd = folderWith({ 'declared/a.json': { resource_servers: [] } })
  const said: string[] = []
  const progress = { say: (text: string) => void said.push(text), watch: <T>(_: unknown, work: () => T) => work() }
  const io = { ...ioOf(cwd), env: envOf(tenant) }
  const place = { kind: 'file', file: path.join(cwd, 'history.db'), shown: 'history.db' } as const
  const stored = await openHistory(place, false)
  const holder = { fleet: 'one', tenant: 'default', by: 'somebody' }
  const history: History = {
    ...stored,
    record: (key, decide, options) => stored.record(key, decide, { ...options, holder }),
  }
  const plan = await makePlan({}, io)
  const { looks, reports } = await runTenants(plan, io, progress)

  const { recorded } = await rememberRuns({ history }, plan, looks, reports, io, progress)

  expect(recorded).toEqual([null])
  expect(said).toEqual(['history: this run was not remembered: another worker has taken over this check'])
  await stored.close()
})
