import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { corpus, sample } from './corpus/all.ts'
import { readRepairResults, worseRepair, writeRepairResults, type RepairResults } from './repair/results.ts'
import { MODES, runRepair, type Mode, type RepairTally } from './repair/run.ts'

/** In bash an API takes a dozen processes, so the script gets every nth case of each group. */
const NTH_IN_BASH = 12

/**
 * npm run evidence:repair: every case of the corpus, planned by the shipped command, put back by what it printed, and undone. Exit 1 where a figure got worse,
 * or where there is any mistake.
 */
async function main(): Promise<number> {
  const { cases, skipped } = corpus('full')
  const runs: Record<string, Omit<RepairTally, 'lines'>> = {}
  const note = (name: string, { lines, ...tally }: RepairTally) => {
    runs[name] = tally
    say(`${name}: ${tally.cases} cases, ${tally.repairs} put back, ${tally.leftOut} left out, ${lines.length} mistakes`)
    for (const line of lines.slice(0, 20)) say(`  ${line}`)
  }
  for (const mode of Object.keys(MODES) as Mode[]) note(mode, await runRepair(cases, mode))
  const every: Mode = 'with all of it'
  note(`${every}, by the script in bash`, await runRepair(sample(cases, NTH_IN_BASH), every, { by: 'script' }))

  const results: RepairResults = { runs, skipped }
  if (isWorse(worseRepair(readRepairResults(), results))) return 1
  writeRepairResults(results)
  return 0
}

await runTool(main)
