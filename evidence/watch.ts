import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { runDay } from './watch/day.ts'
import { readWatchResults, worseWatch, writeWatchResults } from './watch/results.ts'

const SECONDS = 600

/**
 * npm run evidence:watch: the service under random faults for ten minutes, six days of a check every 15 minutes; docs/evidence.md and evidence/watch/results.json.
 * Exit 1 where anything is wrong. `node evidence/watch.ts SECONDS` takes another time, and writes nothing.
 */
async function main(): Promise<number> {
  const [given] = process.argv.slice(2)
  const seconds = given === undefined ? SECONDS : Number(given)
  const seed = Number(process.env.TENANT_DRIFT_SEED ?? Date.now() % 1_000_000)
  say(`faults of TENANT_DRIFT_SEED=${seed}, ${seconds} s`)
  const { lines, ...day } = await runDay(seconds, seed)
  for (const line of lines.slice(0, 20)) say(`  ${line}`)
  say(JSON.stringify(day))
  const results = { seed, seconds, day }
  if (isWorse(worseWatch(given === undefined ? readWatchResults() : null, results))) return 1
  if (given === undefined) writeWatchResults(results)
  return 0
}

await runTool(main)
