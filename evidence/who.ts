import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { makeHistory, unchangedShare } from './who/histories.ts'
import { measure, sum } from './who/measure.ts'
import { readWho, worseWho, writeWho, type WhoResults } from './who/results.ts'

const HISTORIES = 5000

/** npm run evidence:who: who changed what, on made histories whose truth is known. Exit 1 where a figure got worse, or where "certain" was wrong once. */
async function main(): Promise<number> {
  const histories = Array.from({ length: HISTORIES }, (_, index) => makeHistory(index + 1))
  const attribution = sum(
    await Promise.all(histories.map((history, index) => measure(history, `history ${index + 1}`))),
  )
  const { lines, ...figures } = attribution
  for (const line of lines.slice(0, 20)) say(`  ${line}`)
  const results: WhoResults = { ...figures, unchanged: Number(unchangedShare(histories).toFixed(3)) }
  say(
    `certain: ${results.certain}, wrong ${results.certainWrong}; known of those the log can prove: ${results.provableKnown} of ${results.provable}`,
  )
  const before = readWho()
  if (isWorse(worseWho(before, results))) return 1
  writeWho(results)
  return 0
}

await runTool(main)
