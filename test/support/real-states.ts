import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Report } from '../../src/schema/report.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { ROOT } from '../../tools/run.mjs'
import { envOf, folderWith, reportIn, run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

/** What a real tool wrote: see the README beside it. */
export function realText(name: string): string {
  return readFileSync(join(ROOT, 'test', 'fixtures', 'real-states', name), 'utf8')
}

export function realJson(name: string): JsonObject {
  return JSON.parse(realText(name)) as JsonObject
}

/** The five APIs as they stand in the tenant right after the apply of `five.tf`. */
export function liveFive(): readonly JsonObject[] {
  const items = JSON.parse(realText('live-for-1.38.0.json')) as readonly JsonObject[]
  return items.filter((item) => item.is_system !== true)
}

/** A tenant with these APIs in it, ids and all. */
export async function tenantOf(items: readonly JsonObject[]): Promise<Simulator> {
  const tenant = await tenantWith({ apis: 0 })
  for (const item of items) tenant.put(item)
  return tenant
}

export interface Checked {
  readonly code: number
  readonly report: Report
  /** `identifier path kind origin`, of what counts. */
  readonly counting: readonly string[]
  readonly notices: readonly string[]
}

/** `check` of these files against the tenant. */
export async function checkFiles(
  tenant: Simulator,
  files: Readonly<Record<string, unknown>>,
  argv: readonly string[],
): Promise<Checked> {
  const cwd = folderWith(files)
  const { code, out, err } = await run(['check', ...argv, '--output', 'json', '--quiet'], { cwd, env: envOf(tenant) })
  if (out === '') throw new Error(`no report: ${err}`)
  const report = reportIn(out)
  const said = (counts: boolean) =>
    report.findings
      .filter((finding) => finding.counts === counts)
      .map(({ identifier, path, kind, origin }) => [identifier, path, kind, origin].join(' '))
  return { code, report, counting: said(true), notices: said(false) }
}
