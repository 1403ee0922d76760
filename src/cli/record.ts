import { identifierOf } from '../schema/identifier-of.ts'
import { existsSync, lstatSync, statSync } from 'node:fs'
import type { Includes, Sides } from '../compare/front.ts'
import { compareSides, WHOLE } from '../run/front.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { placeText, MistakesError, TenantDriftError, configMistake } from '../schema/errors.ts'
import type { Finding } from '../schema/finding.ts'
import { sameJson } from '../schema/json.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { snapshotReader } from '../tenant/front.ts'
import { toShown } from './files.ts'
import type { Io } from './io.ts'
import { refuseCaseTwins } from './parse-outputs.ts'
import { domainAddress, makePlan, type Flags, type Plan, type TenantPlan } from './plan.ts'
import { createProgress, type Progress } from './progress.ts'
import { agreedLines } from './record-lines.ts'
import { recordedFile } from './recorded-place.ts'
import { refuseInputs } from './refuse-inputs.ts'
import { readDeclaredAlone, readRecordedSide, refuseOtherTenant } from './sides.ts'
import { readWhole, snapshotText } from './snapshot.ts'
import { chooseTargets, refuseUnknownTargets } from './targets.ts'
import { editKept, refuseSecretsIn } from '../edit/write-files.ts'

export interface RecordFlags extends Flags {
  readonly dryRun?: boolean
}

/**
 * `tenant-drift record`: this is how everything stands that nobody declares, and from now on it is watched. Says what that agrees to: each difference that a
 * check with the record before tells, and with the new one does not.
 */
export async function record({ dryRun = false, ...flags }: RecordFlags, io: Io): Promise<number> {
  const plan = await makePlan(flags, io)
  const targets = plan.tenants.map((tenant) => recordedFile(plan, tenant))
  if (new Set(targets).size < targets.length)
    throw configMistake('each tenant has a record of its own: put {tenant} into the path of recorded')
  refuseCaseTwins(targets, 'recorded')
  await refuseInputs(targets, plan, io, { replaced: 'recorded' })
  const progress = createProgress(io, plan.settings.quiet.value)
  for (const tenant of plan.tenants) {
    const file = recordedFile(plan, tenant)
    const shown = toShown(io.cwd, file)
    const before = existsSync(file) ? await earlier(plan, tenant, progress) : null
    if (before === null && isLinkToSomething(file)) {
      throw configMistake(
        `${shown} is a link to a file that is not a record, so nothing is written there: give another file with --recorded`,
      )
    }
    // Before anything is sent: a mistyped domain is somebody else's.
    const asked = domainAddress(tenant.domain)
    if (before !== null && asked !== null && !isSameTenant(before.tenant, asked)) {
      throw configMistake(
        `${shown} is the record of ${before.tenant}, but this run reads ${asked}: give another file with --recorded`,
      )
    }
    const declared = await declaredBeside(plan, tenant, io, progress)
    const sides: Sides = { declared: declared ?? NOTHING, base: null, recorded: before }
    if (asked !== null) refuseOtherTenant(sides, asked)
    const chosen = chooseTargets(tenant.settings, sides)
    const isPart = tenant.settings.target.value.length > 0
    if (isPart && before === null) {
      throw configMistake(
        `--target: ${shown} does not exist yet, and everything that is not in a record counts as new: record the whole tenant first`,
      )
    }
    const live = await readWhole(plan, tenant, io, progress)
    if (chosen !== null) refuseUnknownTargets(chosen, sides, { ok: true, snapshot: live })
    const after = isPart && before !== null && chosen !== null ? merged(before, live, chosen.includes) : live
    refuseSecretsIn(after, shown, io.secrets)
    const agreed = await agreedBy(live, sides, after)
    const seen = agreed.filter(({ identifier }) => identifier === null || chosen?.includes(identifier) !== false)
    const lines = agreedLines(seen, dryRun, io.secrets.hider())
    const text = snapshotText(after, io)
    if (!dryRun) await editKept({ file, shown }, () => Promise.resolve(text), io.secrets)
    if (lines.length > 0) io.out(`${lines.join('\n')}\n`)
    progress.say(
      `${dryRun ? 'would record' : 'recorded'} ${live.tenant} in ${shown}: ${changes(before, after)}${seen.length === 0 ? '; no difference to record' : ''}`,
    )
  }
  return 0
}

/** A change may have committed a link to any file of the machine: through it, a record takes the place of a record alone. */
function isLinkToSomething(target: string): boolean {
  return existsSync(target) && lstatSync(target).isSymbolicLink() && statSync(target).size > 0
}

const NOTHING: DeclaredState = { tenant: null, apis: [], managedElsewhere: [], warnings: [] }

/** Differences that the new record takes away. */
async function agreedBy(live: Snapshot, sides: Sides, after: Snapshot): Promise<readonly Finding[]> {
  const found = async (recorded: Snapshot | null): Promise<readonly Finding[]> =>
    (await compareSides(snapshotReader(live), { ...sides, recorded }, WHOLE)).comparison.findings
  const [then, now] = [await found(sides.recorded), await found(after)]
  const left = new Map(now.map((finding) => [finding.fingerprint, finding]))
  return then.filter((finding) => {
    const same = left.get(finding.fingerprint)
    return same === undefined || (finding.counts && !same.counts)
  })
}

/** The earlier record with these APIs as they stand now. */
function merged(before: Snapshot, live: Snapshot, includes: Includes): Snapshot {
  const items = [
    ...before.items.filter((item) => !includes(identifierOf(item))),
    ...live.items.filter((item) => includes(identifierOf(item))),
  ]
  // The proof is that of the reading; its counts are what the file is measured by when it is read again.
  const note = 'a part of this record comes from an earlier record (record --target)'
  const notes = [...new Set([...live.proof.notes, note])]
  return { ...live, items, proof: { ...live.proof, total: items.length, items: items.length, notes } }
}

/** What was recorded before; null where it is of no use any more, for then it is about to be replaced anyway. */
async function earlier(plan: Plan, tenant: TenantPlan, progress: Progress): Promise<Snapshot | null> {
  try {
    const { recorded } = tenant.settings
    const named = { ...recorded, value: recordedFile(plan, tenant) }
    return await readRecordedSide(plan, { ...tenant, settings: { ...tenant.settings, recorded: named } })
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    progress.say(`the earlier record cannot be used: ${error.message}`)
    return null
  }
}

/**
 * What is declared is no matter of the record: known settings alone are left out of what it agrees to. So a record is made where a declaration cannot be
 * read, unless the command line names it.
 */
async function declaredBeside(
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
  progress: Progress,
): Promise<DeclaredState | null> {
  try {
    return await readDeclaredAlone(plan, tenant, io)
  } catch (error) {
    if (!(error instanceof MistakesError) || tenant.settings.declared.origin.startsWith('flag ')) throw error
    const [first] = error.mistakes
    const why = first === undefined ? error.message : placeText(first) + first.message
    progress.say(`what is declared cannot be read (${why}), so declared settings are listed, too`)
    return null
  }
}

function changes(before: Snapshot | null, live: Snapshot): string {
  if (before === null) return `${live.items.length} APIs`
  const was = new Map(before.items.map((item) => [identifierOf(item), item] as const))
  const added = live.items.filter((item) => !was.has(identifierOf(item))).length
  const kept = live.items.filter((item) => was.has(identifierOf(item)))
  const changed = kept.filter((item) => !sameJson(item, was.get(identifierOf(item)))).length
  return `${live.items.length} APIs; since the last record ${added} new, ${changed} changed, ${was.size - kept.length} gone`
}
