import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { readFaultResults, worseFaults, writeFaultResults, type FaultResults } from './faults/results.ts'
import { every, faultCases, runFaults, type FaultTally } from './faults/run.ts'
import { runSignals } from './faults/signals.ts'
import type { SubjectName } from './faults/subjects.ts'

/** Each of its looks waits for the deadline by itself, and all of them read through the same rooms: a part of the cases. */
const NTH: Readonly<Record<SubjectName, number>> = { check: 1, provider: 4, 'live pack': 3 }
const SIGNAL_RUNS = 90

/** npm run evidence:faults: every fault through everybody who looks, docs/evidence.md and evidence/faults/results.json. Exit 1 where a figure got worse. */
async function main(): Promise<number> {
  const cases = faultCases()
  const subjects: Record<string, FaultTally> = {}
  for (const [name, nth] of Object.entries(NTH) as [SubjectName, number][]) {
    const { lines, ...tally } = await runFaults(every(nth, cases), name)
    say(`${name}: ${tally.cases} cases, ${tally.answers} answers, ${JSON.stringify(tally.mistakes)}`)
    for (const line of lines.slice(0, 20)) say(`  ${line}`)
    subjects[name] = { ...tally, lines: [] }
  }
  const seed = Number(process.env.TENANT_DRIFT_SEED ?? Date.now() % 1_000_000)
  say(`signals at moments of TENANT_DRIFT_SEED=${seed}`)
  const { lines, ...signals } = await runSignals(SIGNAL_RUNS, seed)
  say(`signals: ${signals.runs} runs, ${signals.met} met at work, ${JSON.stringify(signals.mistakes)}`)
  for (const line of lines) say(`  ${line}`)

  const results: FaultResults = {
    groups: Object.fromEntries(
      [...Map.groupBy(cases, ({ group }) => group)].map(([group, members]) => [group, members.length]),
    ),
    subjects: Object.fromEntries(
      Object.entries(subjects).map(([name, { cases: count, answers, mistakes }]) => [
        name,
        { cases: count, answers, mistakes },
      ]),
    ),
    signals,
  }
  const before = readFaultResults()
  const worse = before === null ? [] : worseFaults(before, results)
  if (isWorse(worse)) return 1
  writeFaultResults(results)
  return 0
}

await runTool(async () => {
  const code = await main()
  // Answers that hang on purpose would keep the process.
  process.exit(code)
})
