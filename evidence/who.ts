import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { LATEST, makeHistory, unchangedShare, type History } from './who/histories.ts'
import { measure, sum, type Attribution } from './who/measure.ts'
import { readWho, worseWho, writeWho, type LateEvents, type WhoResults } from './who/results.ts'

const HISTORIES = 5000
const MINUTE = 60_000
/** Later than what is called settled, in minutes. */
const LATE = [30, 60, 120]

/** npm run evidence:who: who changed what, on made histories whose truth is known. Exit 1 where a figure got worse, or where "certain" was wrong once. */
async function main(): Promise<number> {
  const histories = historiesOf(LATEST)
  const { lines, ...figures } = await attribution(histories)
  const late: LateEvents[] = []
  for (const minutes of LATE) {
    const { certain, certainWrong, certainWrongFilled } = await attribution(historiesOf(minutes * MINUTE))
    late.push({ minutes, certain, certainWrong, certainWrongFilled })
  }
  for (const line of lines.slice(0, 20)) say(`  ${line}`)
  const results: WhoResults = { ...figures, late, unchanged: Number(unchangedShare(histories).toFixed(3)) }
  say(
    `certain: ${results.certain}, wrong ${results.certainWrong}; known of those the log can prove: ${results.provableKnown} of ${results.provable}`,
  )
  const before = readWho()
  if (isWorse(worseWho(before, results))) return 1
  writeWho(results)
  return 0
}

function historiesOf(latest: number): readonly History[] {
  return Array.from({ length: HISTORIES }, (_, index) => makeHistory(index + 1, latest))
}

async function attribution(histories: readonly History[]): Promise<Attribution> {
  return sum(await Promise.all(histories.map((history, index) => measure(history, `history ${index + 1}`))))
}

await runTool(main)
