import path from 'node:path'
import { existsSync, lstatSync, statSync } from 'node:fs'
import { identifierOf } from '../compare/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { byCodeUnits, sameJson, type Json } from '../schema/json.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { toSnapshotFile } from '../tenant/front.ts'
import { toShown } from './files.ts'
import { jsonText } from '../words/json-text.ts'
import type { Io } from './io.ts'
import { openReader } from './open-reader.ts'
import { outputFor } from './outputs.ts'
import { addressOf, makePlan, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { createProgress, type Progress } from './progress.ts'
import { refuseInputs } from './refuse-inputs.ts'
import { configMistake } from './settings.ts'
import { recordedPlace } from './recorded-place.ts'
import { readRecorded } from './sides.ts'
import { refuseSecretsIn, editKept, writeOutput } from './write-files.ts'

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
  await refuseInputs(
    plan.tenants.flatMap((tenant) => targetOf(tenant) ?? []),
    plan,
    io,
  )
  const progress = createProgress(io, plan.settings.quiet.value)
  for (const tenant of plan.tenants) {
    const live = await readWhole(plan, tenant, io, progress)
    const target = targetOf(tenant)
    const shown = target === null ? 'the snapshot' : toShown(io.cwd, target)
    refuseSecretsIn(live, shown, io)
    const text = snapshotText(live, io)
    if (target === null) io.out(text, 'json')
    else await writeOutput({ file: target, shown, text }, 'json', io)
  }
  return 0
}

/** `tenant-drift record`: this is how everything stands that nobody declares, and from now on it is watched. */
export async function record(flags: Flags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io)
  const targets = plan.tenants.map((tenant) => recordedPlace(plan, tenant))
  if (new Set(targets).size < targets.length)
    throw configMistake('each tenant has a record of its own: put {tenant} into the path of recorded')
  await refuseInputs(targets, plan, io, { replaced: 'recorded' })
  const progress = createProgress(io, plan.settings.quiet.value)
  for (const tenant of plan.tenants) {
    const target = recordedPlace(plan, tenant)
    const before = existsSync(target) ? await earlier(plan, tenant) : null
    if (before === null && isLinkToSomething(target)) {
      throw configMistake(
        `${toShown(io.cwd, target)} is a link, and what it leads to is no record: nothing is written there; name another file with --recorded`,
      )
    }
    // Before anything is sent: a mistyped domain is somebody else's.
    const asked = addressOf(tenant.domain)
    if (before !== null && asked !== null && !isSameTenant(before.tenant, asked)) {
      throw configMistake(
        `${toShown(io.cwd, target)} is the record of ${before.tenant}, and ${asked} would be read: name another file with --recorded`,
      )
    }
    const live = await readWhole(plan, tenant, io, progress)
    const shown = toShown(io.cwd, target)
    refuseSecretsIn(live, shown, io)
    await editKept({ file: target, shown }, () => Promise.resolve(snapshotText(live, io)), io)
    progress.say(`recorded ${live.tenant} in ${toShown(io.cwd, target)}: ${changes(before, live)}`)
  }
  return 0
}

/** A change may have committed a link to any file of the machine: through it, a record takes the place of a record alone. */
function isLinkToSomething(target: string): boolean {
  return existsSync(target) && lstatSync(target).isSymbolicLink() && statSync(target).size > 0
}

/** What was recorded before; null where it is of no use any more, for then it is about to be replaced anyway. */
async function earlier(plan: Plan, tenant: TenantPlan): Promise<Snapshot | null> {
  try {
    const { recorded } = tenant.settings
    const named = { ...recorded, value: recordedPlace(plan, tenant) }
    return await readRecorded(plan, { ...tenant, settings: { ...tenant.settings, recorded: named } })
  } catch (error) {
    if (error instanceof TenantDriftError) return null
    throw error
  }
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
      const advice = 'There is nothing to do but to compare named APIs with `check --target`.'
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

function changes(before: Snapshot | null, live: Snapshot): string {
  if (before === null) return `${live.items.length} APIs`
  const was = new Map(before.items.map((item) => [identifierOf(item), item] as const))
  const added = live.items.filter((item) => !was.has(identifierOf(item))).length
  const kept = live.items.filter((item) => was.has(identifierOf(item)))
  const changed = kept.filter((item) => !sameJson(item, was.get(identifierOf(item)))).length
  return `${live.items.length} APIs; since the last record ${added} new, ${changed} changed, ${was.size - kept.length} gone`
}
