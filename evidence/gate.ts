import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import type { GateCase } from './gate/case.ts'
import { gateCases } from './gate/cases/all.ts'
import {
  againResults,
  gateResults,
  readGateResults,
  seenIn,
  worseGate,
  writeGateResults,
  writeGateSeen,
} from './gate/results.ts'
import { runGate, shown } from './gate/run.ts'

/** A build that reads devices without an end would take all memory of the machine. */
const UNSAFE_BEFORE: readonly string[] = ['99-zero', '99-random']

/**
 * npm run evidence:gate: every attack and control on what ships, docs/evidence.md and evidence/gate/results.json. Exit 1 where a figure got worse.
 * With ids of cases it runs those alone and writes nothing; with `--again` before them they take the place of what is committed, for cases that were
 * wrong or are new. With `--seen`, and TENANT_DRIFT_GATE_PRODUCT naming a build from before, it writes
 * what gets through there.
 */
async function main(): Promise<number> {
  const words = process.argv.slice(2)
  const isSeen = words.includes('--seen')
  const ids = words.filter((word) => !word.startsWith('--'))
  const isWanted = ({ id, isControl }: GateCase): boolean =>
    isSeen
      ? isControl !== true && !UNSAFE_BEFORE.includes(id)
      : ids.length === 0 || ids.some((each) => id === each || id.startsWith(`${each}-`))
  const cases = gateCases().filter(isWanted)
  const began = performance.now()
  let done = 0
  const judged = await runGate(cases, (each) => {
    done += 1
    if (each.wrong.length > 0 && !isSeen) say(`${shown(each)}\n${each.log.replaceAll(/^/gm, '    ')}`)
    else if (ids.length > 0) say(shown(each))
    if (done % 50 === 0) say(`${done} runs, ${Math.round((performance.now() - began) / 1000)} s`)
  })
  const wrong = judged.filter((each) => each.wrong.length > 0)
  say(
    `${cases.length} cases, ${judged.length} runs, ${wrong.length} not as they must, ${Math.round((performance.now() - began) / 1000)} s`,
  )
  if (words.includes('--again')) {
    const before = readGateResults()
    if (before === null) throw new Error('a full run comes first')
    writeGateResults(againResults(before, judged, gateCases()))
  }
  if (ids.length > 0) return wrong.length === 0 ? 0 : 1

  if (isSeen) {
    writeGateSeen(seenIn(judged))
    return 0
  }
  const before = readGateResults()
  const results = gateResults(judged)
  if (isWorse(before === null ? [] : worseGate(before, results))) return 1
  writeGateResults(results)
  return 0
}

await runTool(main)
