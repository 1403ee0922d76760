import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runTool, say } from '../tools/run.mjs'
import { hasRecordings } from '../test/simulator/recordings.ts'
import { isWorse, versionsOf } from './committed.ts'
import { runDeployCli } from './fidelity/deploy-cli.ts'
import { hasDocument, judgeByDocument } from './fidelity/document.ts'
import { runOfficialSdk } from './fidelity/official-sdk.ts'
import { runReplay } from './fidelity/replayed.ts'
import { readFidelity, worseFidelity, writeFidelity, type FidelityResults } from './fidelity/results.ts'

/**
 * npm run evidence:fidelity: is the embedded tenant like a real one? The recordings and the document lie beside the repository, in ../shared/data;
 * where they do not, the clients run and the committed figures stay. Exit 1 where a figure got worse.
 */
async function main(): Promise<number> {
  const isWhole = hasRecordings && hasDocument
  const judge = hasDocument ? judgeByDocument() : null
  const before = existsSync(join(ROOT, 'evidence', 'fidelity', 'results.json')) ? readFidelity() : null
  const sdk = await runOfficialSdk(judge)
  say(`the official SDK: ${sdk.asExpected} of ${sdk.calls} calls as expected`)
  const deployCli = await runDeployCli(judge)
  say(`the deploy CLI: ${deployCli.asExpected} of ${deployCli.calls} calls as expected`)
  for (const line of [...sdk.misses, ...deployCli.misses]) say(`  ${line}`)
  const clients = { 'the official SDK': sdk, 'the deploy CLI': deployCli }
  if (!isWhole) {
    say(
      'not there: ../shared/data with the recordings and the OpenAPI document. Nothing was replayed, and the committed figures stay.',
    )
    return sdk.misses.length + deployCli.misses.length === 0 ? 0 : 1
  }
  const results: FidelityResults = {
    versions: versionsOf('auth0', 'auth0-deploy-cli'),
    replay: await runReplay(judge),
    clients,
  }
  for (const { operation, compared, sameStatus, bodies, sameBody } of results.replay.operations)
    say(`${operation}: status ${sameStatus} of ${compared}, body ${sameBody} of ${bodies}`)
  const worse = before === null ? [] : worseFidelity(before, results)
  if (isWorse(worse)) return 1
  writeFidelity(results)
  return 0
}

await runTool(main)
