import { identifierOf } from '../schema/identifier-of.ts'
import path from 'node:path'
import { TenantDriftError, configMistake } from '../schema/errors.ts'
import { byCodeUnits, type Json } from '../schema/json.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { toSnapshotFile } from '../tenant/front.ts'
import { toShown } from './files.ts'
import { jsonText } from '../words/json-text.ts'
import type { Io } from './io.ts'
import { openReader } from './open-reader.ts'
import { outputFor, refuseCaseTwins } from './parse-outputs.ts'
import { makePlan, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { createProgress, type Progress } from './progress.ts'
import { refuseInputs } from './refuse-inputs.ts'
import { refuseSecretsIn } from '../edit/write-files.ts'
import { writeOutput } from './write-output.ts'

/** `tenant-drift snapshot [FILE]`: the redacted reading with its proof, to standard output or a file. */
export async function snapshot(file: string | undefined, flags: Flags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io)
  if (plan.tenants.length > 1 && file?.includes('{tenant}') !== true) {
    throw configMistake(
      'several tenants are configured: choose one with --tenant, or put {tenant} into the path of the file',
    )
  }
  const targetOf = (tenant: TenantPlan): string | null =>
    file === undefined ? null : path.resolve(io.cwd, outputFor(file, tenant))
  const targets = plan.tenants.flatMap((tenant) => targetOf(tenant) ?? [])
  refuseCaseTwins(targets, 'snapshot')
  await refuseInputs(targets, plan, io)
  const progress = createProgress(io, plan.settings.quiet.value)
  for (const tenant of plan.tenants) {
    const live = await readWhole(plan, tenant, io, progress)
    const target = targetOf(tenant)
    const shown = target === null ? 'the snapshot' : toShown(io.cwd, target)
    refuseSecretsIn(live, shown, io.secrets)
    const text = snapshotText(live, io)
    if (target === null) io.out(text, 'json')
    else await writeOutput({ file: target, shown, text }, 'json', io)
  }
  return 0
}

/**
 * A complete reading of the tenant.
 * @throws TenantDriftError with the code of what went wrong; nothing is written then
 */
export async function readWhole(plan: Plan, tenant: TenantPlan, io: Io, progress: Progress): Promise<Snapshot> {
  const { reader } = await openReader(plan, tenant, io)
  try {
    const reading = await progress.watch(reader, () => reader.inventory())
    if (!reading.ok) throw new TenantDriftError(reading.code, reading.message, reading.advice)
    if (!reading.snapshot.complete) {
      const advice = 'Check named APIs with --target. No snapshot of the whole tenant is possible.'
      throw new TenantDriftError('incomplete_inventory', 'The tenant refuses to list all its APIs', advice)
    }
    return reading.snapshot
  } finally {
    await reader.close()
  }
}

/** Sorted, so that two records differ only where the tenant does. */
export function snapshotText(live: Snapshot, io: Io): string {
  const items = [...live.items].sort((a, b) => byCodeUnits(identifierOf(a), identifierOf(b)))
  const file = toSnapshotFile({ ...live, items }, new Date(io.now()))
  return jsonText(file as unknown as Json)
}
