import { runTool, say } from '../tools/run.mjs'
import { isWorse } from './committed.ts'
import { readSecretsResults, worseSecrets, writeSecretsResults } from './secrets/results.ts'
import { runSecrets } from './secrets/run.ts'
import { SURFACES } from './secrets/surfaces.ts'

const KINDS = [0, 1, 2, 3, 4, 5, 6, 7]

/**
 * npm run evidence:secrets: planted secrets through everything that what ships says and keeps, docs/evidence.md and evidence/secrets/results.json. Exit 1 where
 * one was found. With a word it runs the surfaces whose title holds it, and writes nothing.
 */
async function main(): Promise<number> {
  const [word = null] = process.argv.slice(2)
  const surfaces = word === null ? SURFACES : SURFACES.filter(({ group, title }) => `${group} ${title}`.includes(word))
  const results = await runSecrets(surfaces, KINDS)
  for (const line of results.lines.slice(0, 40)) say(line)
  for (const [name, figures] of Object.entries(results.groups)) say(`${name}: ${JSON.stringify(figures)}`)
  if (word !== null) return results.lines.length === 0 ? 0 : 1
  if (isWorse(worseSecrets(readSecretsResults(), results))) return 1
  writeSecretsResults(results)
  return 0
}

await runTool(main)
