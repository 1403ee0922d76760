import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Report } from '../../src/schema/report.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { PROOF } from '../../test/support/scenes.ts'
import type { Case } from '../corpus/case.ts'
import { runShipped } from '../shipped.ts'
import { add, EMPTY, tally, type Tally } from '../tally.ts'
import { side, together } from './together.ts'

/** `tenant-drift check` as it is shipped, against an embedded tenant: the command from its arguments to its exit code. */
export async function runCheck(cases: readonly Case[]): Promise<Tally> {
  let total = EMPTY
  for (const group of together(cases)) {
    const { code, report } = await inTenant(group.cases, (tenant, folder) =>
      check(tenant, folder, [
        '--declared',
        'declared.json',
        ...(group.hasBase ? ['--base', 'base.json'] : []),
        ...(group.hasRecorded ? ['--recorded', 'recorded.json'] : []),
      ]),
    )
    const said = tally(group.cases, report.findings)
    const lines = [
      ...(code === group.exitCode ? [] : [`the exit code of ${said.cases} cases is ${code}, not ${group.exitCode}`]),
      ...(report.summary.adopted === group.adopted ? [] : [`adopted: ${report.summary.adopted}, not ${group.adopted}`]),
    ]
    const mistakes = { ...said.mistakes, wrongCounts: said.mistakes.wrongCounts + lines.length }
    total = add(total, { ...said, mistakes, lines: [...said.lines, ...lines.map((line) => `wrongCounts: ${line}`)] })
  }
  return total
}

/** A tenant with what is live in these cases, and a folder with declared.json, base.json and recorded.json; both end with `use`. */
export async function inTenant<T>(
  cases: readonly Case[],
  use: (tenant: Simulator, folder: string) => Promise<T>,
  options: { readonly tls?: boolean; readonly scopes?: readonly string[] } = {},
): Promise<T> {
  const tenant = await startSimulator({ seed: 7100 + cases.length, ...options })
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-evidence-'))
  try {
    for (const api of side(cases, 'live')) tenant.put(api)
    const [canary = {}] = tenant.list()
    writeFileSync(join(folder, 'declared.json'), declaredText(side(cases, 'declared')))
    writeFileSync(join(folder, 'base.json'), declaredText(side(cases, 'base')))
    writeFileSync(join(folder, 'recorded.json'), JSON.stringify(snapshot(tenant, [canary, ...side(cases, 'recorded')])))
    return await use(tenant, folder)
  } finally {
    await tenant.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As a declared file has it: a dollar before a brace would begin a variable. */
export function declaredText(apis: readonly JsonObject[]): string {
  return JSON.stringify({ resource_servers: apis }).replaceAll('${', '$$${')
}

export function snapshot(tenant: Simulator, items: readonly JsonObject[]) {
  const canary = { identifier: tenant.audience, binding: 'token-audience' } as const
  const proof = { ...PROOF, total: items.length, items: items.length, canary }
  return toSnapshotFile({ tenant: tenant.domain, complete: true, items, proof }, new Date('2026-01-01T00:00:00Z'))
}

export async function check(
  tenant: Simulator,
  folder: string,
  flags: readonly string[],
): Promise<{ readonly code: number; readonly report: Report }> {
  const { code, out, err } = await runShipped(['check', '--quiet', '--output', 'json', ...flags], {
    cwd: folder,
    env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
  })
  if (!out.startsWith('{')) throw new Error(`check wrote no report:\n${err}`)
  const report = JSON.parse(out) as Report
  // What it refuses to compare is a mistake of the corpus.
  if (report.proof === null || report.errors.some(({ code: reason }) => reason.startsWith('invalid')))
    throw new Error(`check compared nothing:\n${err}`)
  return { code: code ?? 137, report }
}
