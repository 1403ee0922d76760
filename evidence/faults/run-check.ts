import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../../src/schema/report.ts'
import { runShipped } from '../shipped.ts'
import type { Said } from './said.ts'
import { environmentOf, type Stage } from './stage.ts'

const EXIT = { 'in sync': 0, unreadable: 1, drift: 2 } as const
const VERDICTS = { 'in-sync': 'in sync', incomplete: 'unreadable', drifted: 'drift' } as const

/** The command from its arguments to its exit code, with the report for machines and the one for people. */
export async function check(stage: Stage): Promise<readonly Said[]> {
  const { folder } = stage
  const argv = ['check', '--declared', 'declared.json', '--output', 'json', '--output', 'text=report.txt']
  const begun = performance.now()
  const { code, out, err } = await runShipped(argv, { cwd: folder, env: environmentOf(stage) })
  const ms = performance.now() - begun
  if (!out.startsWith('{')) throw new Error(`no report: ${err}`)
  const report = JSON.parse(out) as Report
  // Its lines are broken where they are long.
  const text = readFileSync(join(folder, 'report.txt'), 'utf8').replaceAll(/\s+/g, ' ')
  const status = VERDICTS[report.verdict]
  const counting = report.findings.filter((finding) => finding.counts && finding.kind !== 'unreadable')
  return [
    {
      who: 'check',
      isOfOne: false,
      isFresh: false,
      status,
      missing: report.findings.flatMap(({ kind, identifier }) => (kind === 'missing' ? [identifier ?? ''] : [])),
      others: counting.flatMap(({ kind, identifier, path }) =>
        kind === 'missing' ? [] : [`${kind} ${identifier ?? ''} ${path}`],
      ),
      codes: report.errors.map((error) => error.code),
      text: report.errors.map(({ message, advice }) => `${message} ${advice}`).join('\n'),
      hasNextStep:
        report.errors.length > 0 &&
        report.errors.every(({ message, advice }) => advice !== '' && text.includes(advice) && err.includes(message)),
      misjudged:
        code === EXIT[status] && report.exitCode === code ? null : `exit ${String(code)} of a run that is ${status}`,
      ms,
    },
  ]
}
