import { join } from 'node:path'
import fc from 'fast-check'
import { ROOT, run, runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { killChecks } from './memory/kills.ts'
import { readMemoryResults, worseMemory, writeMemoryResults, type MemoryResults } from './memory/results.ts'
import { outOfTurn, stories, wrongIn } from './memory/stories.ts'

const STORIES = 90_000
const KILLS = 200
const A_PART = 10_000

/**
 * npm run evidence:memory: 90,000 random stories through the comparison and the rule, a month hour by hour, and 200 kills of a check that tells a webhook; docs/evidence.md
 * and evidence/memory/results.json. Exit 1 where anything is wrong. `node evidence/memory.ts STORIES KILLS` tries as many, and writes nothing.
 */
async function main(): Promise<number> {
  const [first, second] = process.argv.slice(2)
  const isWhole = first === undefined
  const [count, kills] = isWhole ? [STORIES, KILLS] : [Number(first), Number(second ?? 0)]
  const seed = Number(process.env.TENANT_DRIFT_SEED ?? Date.now() % 1_000_000)
  say(`inputs of TENANT_DRIFT_SEED=${seed}`)
  const falsehoods = tellStories(count, seed)
  if (isWhole && (await tellMonth()) !== 0) return 1
  const { lines, ...tally } = await killChecks(kills, seed)
  for (const line of lines.slice(0, 20)) say(`  ${line}`)
  say(`kills: ${JSON.stringify(tally)}`)
  const results: MemoryResults = { seed, stories: count, falsehoods, kills: tally }
  if (isWorse(worseMemory(isWhole ? readMemoryResults() : null, results))) return 1
  if (isWhole) writeMemoryResults(results)
  return 0
}

/** A month of one tenant to every channel, hour by hour; in the tests it is four times a day. */
async function tellMonth(): Promise<number> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--project', 'unit', 'test/notify/month.test.ts']
  const { code } = await run(process.execPath, args, { env: { ...process.env, TENANT_DRIFT_RUNS: '1' }, show: true })
  return code ?? 1
}

/** How many of so many stories are told wrongly; the first of them in each part is shown, made as short as it goes. */
function tellStories(count: number, seed: number): number {
  let wrong = 0
  for (let done = 0; done < count; done += A_PART) {
    const tried = fc.check(
      fc.property(stories, (story) => {
        const lines = [...wrongIn(story), ...outOfTurn(story)]
        if (lines.length > 0) throw new Error(lines.join('; '))
      }),
      { seed: seed + done, numRuns: Math.min(A_PART, count - done) },
    )
    if (tried.failed) {
      wrong += 1
      say(`  seed ${tried.seed}, path ${tried.counterexamplePath ?? ''}: ${String(tried.errorInstance)}`)
    }
    say(`${Math.min(done + A_PART, count)} stories, ${wrong} wrong`)
  }
  return wrong
}

await runTool(main)
