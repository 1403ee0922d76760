import { availableParallelism } from 'node:os'
import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { inputOf, judgeInput } from './fuzz/judge.ts'
import { readFuzzResults, worseFuzz, writeFuzzResults, type FuzzResults } from './fuzz/results.ts'
import { runFuzz } from './fuzz/run.ts'
import { TARGETS } from './fuzz/targets.ts'
import { randomFrom } from './random.ts'

const INPUTS = 1_000_000

/**
 * npm run evidence:fuzz: a million inputs through every parser that takes a file, docs/evidence.md and evidence/fuzz/results.json. Exit 1 where
 * anything is wrong. `node evidence/fuzz.ts PARSER SEED INPUT` shows one input and what comes of it; `node evidence/fuzz.ts N` runs as many, and writes nothing.
 */
async function main(): Promise<number> {
  const [parser = '', seedOf = '', input = ''] = process.argv.slice(2)
  if (input !== '') return showOne(parser, Number(seedOf), Number(input))
  const seed = Number(process.env.TENANT_DRIFT_SEED ?? Date.now() % 1_000_000)
  const inputs = parser === '' ? INPUTS : Number(parser)
  say(`inputs of TENANT_DRIFT_SEED=${seed}`)
  const begun = performance.now()
  const tallies = await runFuzz(inputs, seed, availableParallelism(), (name, tally) => {
    const seconds = Math.round((performance.now() - begun) / 1000)
    say(`${name}: ${tally.inputs} inputs, ${tally.read} read, ${JSON.stringify(tally.mistakes)}, ${seconds} s so far`)
    for (const line of tally.lines.slice(0, 20)) say(`  ${line}`)
  })
  const results: FuzzResults = {
    seed,
    seconds: Math.round((performance.now() - begun) / 1000),
    parsers: Object.fromEntries(
      Object.entries(tallies).map(([name, { inputs: count, read, mistakes }]) => [
        name,
        { inputs: count, read, mistakes },
      ]),
    ),
  }
  if (isWorse(worseFuzz(parser === '' ? readFuzzResults() : null, results))) return 1
  if (parser === '') writeFuzzResults(results)
  return 0
}

async function showOne(name: string, seed: number, index: number): Promise<number> {
  const target = TARGETS.find((one) => one.name === name)
  if (target === undefined) throw new Error(`the parsers are ${TARGETS.map((one) => one.name).join('; ')}`)
  const text = inputOf(target, seed, index)
  const { isRead, wrong } = await judgeInput(target, text, randomFrom(index))
  say(text)
  say(isRead ? 'read' : 'refused')
  for (const { mistake, line } of wrong) say(`${mistake}: ${line}`)
  return wrong.length === 0 ? 0 : 1
}

await runTool(main)
