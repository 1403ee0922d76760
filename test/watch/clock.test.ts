import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openHistory } from '../../src/history/open.ts'
import { openStore } from '../../src/watch/store.ts'
import { startWorkers } from '../../src/watch/workers.ts'
import { watchedTenant } from './watched.ts'

const DAY = 86_400_000

it('looks on its schedule after the clock was set back, and does not wait until it is as late again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'clock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  let clock = Date.parse('2027-06-01T00:00:00Z')
  const now = () => clock
  const place = { kind: 'file', file: path.join(folder, 'history.db'), shown: 'history.db' } as const
  const store = await openStore(
    () => openHistory(place, false),
    now,
    () => undefined,
  )
  const acme = watchedTenant('acme', { address: 'acme.eu.auth0.com', view: 'acme' })
  let checks = 0
  const check = () => {
    checks += 1
    return Promise.reject(new Error('what it finds is not asked here'))
  }
  const options = { tenants: [acme], fleet: 'one', by: 'worker', check, now, log: () => undefined }
  await store.use((history) => history.turns('one').plan([{ tenant: 'acme', due: now() }]))
  const workers = startWorkers(
    store,
    options,
    () => undefined,
    () => undefined,
  )
  const looked = async (count: number) => {
    await expect.poll(() => checks, { timeout: 10_000 }).toBe(count)
  }
  workers.begin()
  await looked(1)
  clock -= 300 * DAY
  await expect.poll(workers.lookedAt, { timeout: 10_000 }).toBe(clock)
  clock += 900_001
  await looked(2)
  await workers.stop()
  await store.close()
})
