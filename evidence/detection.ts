import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { requirePulumi } from '../tools/pulumi-cli.mjs'
import { ROOT, runTool, say } from '../tools/run.mjs'
import { isWorse, versionsOf } from './committed.ts'
import { corpus, sample } from './corpus/all.ts'
import { writePage } from './page.ts'
import { readResults, worseThan, writeResults, type Results } from './results.ts'
import { runCheck } from './runners/check.ts'
import { runComparer } from './runners/comparer.ts'
import { runDeployCli } from './runners/deploy-cli.ts'
import { runServerPreviews, runTenantPreviews } from './runners/preview.ts'
import { runSources } from './runners/sources.ts'
import { runTenants } from './runners/tenants.ts'
import { MISTAKES, type Tally } from './tally.ts'

/** A preview is four processes, so they get a part of the corpus: every nth case of each group. */
const NTH_IN_TENANT = 4
const NTH_ALONE = 9

/** npm run evidence:detection: the whole corpus through everything, docs/evidence.md and evidence/results.json. Exit 1 where a figure got worse. */
async function main(): Promise<number> {
  const { cases, skipped } = corpus('full')
  const before = existsSync(join(ROOT, 'evidence', 'results.json')) ? readResults() : null
  const runners: Record<string, Tally> = {}
  const note = (name: string, result: Tally) => {
    runners[name] = result
    say(
      `${name}: ${result.cases} cases, ${MISTAKES.map((mistake) => `${mistake} ${result.mistakes[mistake]}`).join(', ')}`,
    )
    for (const line of result.lines.slice(0, 20)) say(`  ${line}`)
  }
  note('the comparison alone', runComparer(cases))
  note('`check`', await runCheck(cases))
  note('`pulumi preview`, one `TenantCheck`, with the pack', await runTenantPreviews(sample(cases, NTH_IN_TENANT)))
  note(
    '`pulumi preview`, a `ResourceServerCheck` each, with the pack',
    await runServerPreviews(sample(cases, NTH_ALONE)),
  )
  const { lines, ...tenants } = await runTenants()
  for (const line of lines) say(`  ${line}`)
  const sources = await runSources()
  say(`sources: ${sources.cases} cases, ${sources.wrong.length} clean or pending without proof`)
  for (const line of sources.wrong.slice(0, 20)) say(`  ${line}`)
  const deployCli = await runDeployCli(cases)
  say(`the deploy CLI: ${deployCli.found} found, ${deployCli.missed} missed, ${deployCli.falseAlarms} false alarms`)

  const results: Results = {
    versions: {
      ...versionsOf('@pulumi/pulumi', '@pulumi/policy', 'auth0-deploy-cli'),
      'Pulumi CLI': execFileSync(requirePulumi().command, ['version'], { encoding: 'utf8' }).trim(),
    },
    groups: Object.fromEntries(
      [...Map.groupBy(cases, ({ group }) => group)].map(([group, members]) => [group, members.length]),
    ),
    runners: Object.fromEntries(
      Object.entries(runners).map(([name, { cases: count, findings, mistakes }]) => [
        name,
        { cases: count, findings, mistakes },
      ]),
    ),
    tenants,
    deployCli,
    sources: { cases: sources.cases, wrong: sources.wrong.length },
    skipped,
  }
  const worse = before === null ? [] : worseThan(before, results)
  if (isWorse(worse)) return 1
  writeResults(results)
  writePage(results)
  return 0
}

await runTool(main)
