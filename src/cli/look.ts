import { setTimeout as sleep } from 'node:timers/promises'
import type { Comparison, TenantInput } from '../compare/front.ts'
import type { TrustedFiles } from '../git/disk-files.ts'
import { compareSides, type Compared } from '../run/front.ts'
import type { Affected } from '../schema/affected.ts'
import { ERROR_ADVICE } from '../schema/error-advice.ts'
import {
  ERROR_CODES,
  MistakesError,
  placeText,
  TenantDriftError,
  configMistake,
  type ErrorCode,
} from '../schema/errors.ts'
import { NOT_KNOWN } from '../schema/not-known.ts'
import type { ChangedBy } from '../schema/changed-by.ts'
import type { JudgedWith, Report } from '../schema/report.ts'
import type { Proof } from '../schema/proof.ts'
import type { TenantReader } from '../schema/snapshot.ts'
import type { Io } from './io.ts'
import { openReader, uselessSettings } from './open-reader.ts'
import { domainAddress, fileOf, sourcesFrom, type Plan, type TenantPlan } from './plan.ts'
import type { Progress } from './progress.ts'
import { readPrevious } from './earlier-report.ts'
import { sayRequests } from './say-requests.ts'
import { settleFollowed, type FollowedSides } from './settle-followed.ts'
import { recordedFile } from './recorded-place.ts'
import { reportPaths, type ReportPaths } from './report-paths.ts'
import { readSides, refuseOtherTenant, type ReadSides } from './sides.ts'
import { chooseTargets, refuseUnknownTargets, type Targets } from './targets.ts'

export type ReportError = Report['errors'][number]

/** One tenant, looked at and compared, or why not. */
export interface TenantLook {
  readonly tenant: TenantPlan
  /** Address of the tenant; null where nobody named one. */
  readonly address: string | null
  /** Null where something stopped the run before it could compare. */
  readonly compared: ComparedTenant | null
  readonly errors: readonly ReportError[]
  readonly proof: Proof | null
  /** Whom what counts hits, by fingerprint; left out where nobody asked. */
  readonly affected?: ReadonlyMap<string, Affected>
  /** Who changed what counts, by fingerprint; with `--who` alone. */
  readonly who?: ReadonlyMap<string, ChangedBy>
}

export interface ComparedTenant extends Compared {
  readonly targets: Targets | null
  readonly previous: Report | null
  readonly baseCommit: string | null
  /** Compared with a commit that may not be what the branch says now. */
  readonly isOld: boolean
  readonly notes: readonly string[]
}

/** What a tenant was compared with, as reports name it. */
export function judgedWith(plan: Plan, { compared, tenant }: TenantLook, paths: ReportPaths): JudgedWith | null {
  if (compared === null) return null
  const { sides, baseCommit } = compared
  const { base, live } = tenant.settings
  const file = fileOf(live, tenant)
  const named = baseCommit === null ? sourcesFrom(base, plan.root, tenant) : base.value
  const sources = baseCommit === null ? named.map((source) => paths.source(plan.root, source)) : named
  return {
    live: file === null ? null : paths.name(plan.root, file),
    base: sides.base === null ? null : { sources: sources.toSorted(), commit: baseCommit },
    recorded:
      sides.recorded === null
        ? null
        : {
            file: paths.name(plan.root, recordedFile(plan, tenant)),
            takenAt: sides.recorded.takenAt ?? null,
          },
  }
}

/** When the snapshot that stood in for the tenant was taken; null where there was none, or where it could not be read. */
export function takenAt({ compared }: TenantLook): string | null {
  const inventory = compared?.input.inventory
  return inventory?.ok === true ? (inventory.snapshot.takenAt ?? null) : null
}

/** What is read before a tenant is asked, and agrees with itself. */
export interface Inputs {
  readonly sides: ReadSides
  readonly previous: Report | null
  readonly targets: Targets | null
  /** Of a commit of a branch that is followed. */
  readonly followed?: FollowedSides
}

/** What the caller has already (a reader, the inputs), and what it wants beside the comparison. */
export interface Begun {
  readonly reader?: TenantReader | null | undefined
  readonly inputs?: Inputs | undefined
  /** Whether a comparison is worth a second look (`--confirm`); without it none is. */
  readonly isAlarm?: (compared: ComparedTenant) => boolean
  /** Asks more of the tenant about what counts, while the reader is open. It changes nothing about what counts. */
  readonly askMore?: AskMore | undefined
}

/** What else may be asked about a comparison. */
type More = Pick<TenantLook, 'affected' | 'who'>
export type AskMore = (reader: TenantReader, compared: ComparedTenant) => Promise<More>

/**
 * Everything that a comparison needs beside the tenant: settings that fit, the sides, the earlier report, what is looked at.
 * @throws TenantDriftError
 */
export async function readInputs(plan: Plan, tenant: TenantPlan, io: Io, progress: Progress): Promise<Inputs> {
  const useless = uselessSettings(tenant)
  if (useless.length > 0) throw configMistake(...useless)
  const [sides, previous] = await Promise.all([readSides(plan, tenant, io), readPrevious(plan, tenant)])
  for (const warning of sides.declared.warnings)
    progress.say(`warning: ${placeText({ ...warning, column: null })}${warning.message}`)
  return { sides, previous, targets: chooseTargets(tenant.settings, sides) }
}

/**
 * Reads one tenant and compares it. Expected failures are an outcome, so that one tenant's are not those of the tenants beside it; bugs are thrown.
 */
export async function lookAtTenant(
  plan: Plan,
  tenant: TenantPlan,
  io: Io,
  progress: Progress,
  begun: Begun = {},
): Promise<TenantLook> {
  let reader = begun.reader ?? null
  try {
    const inputs = begun.inputs ?? (await readInputs(plan, tenant, io, progress))
    const { sides, targets } = inputs
    const about = { targets: targets?.named ?? undefined, declaredTenant: sides.declared.tenant }
    reader ??= (await openReader(plan, tenant, io, about)).reader
    refuseOtherTenant(sides, reader.tenant)
    sayRequests(tenant, sides, targets, progress)
    const look = (from: TenantReader) => compareOnce(from, tenant, inputs, progress, io)
    const first = await look(reader)
    const { confirm } = tenant.settings
    if (confirm.value === null || begun.isAlarm?.(first.compared) !== true)
      return { tenant, ...(await learnMore(reader, first, begun)) }
    progress.say(`${reader.tenant}: drift; checking again in ${confirm.value / 1000} s`)
    await sleep(confirm.value)
    const again = reader.fresh()
    try {
      const second = await look(again)
      const more = await learnMore(again, second, begun)
      return { tenant, ...more, proof: together(first.proof, more.proof) }
    } finally {
      await again.close()
    }
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    const address = reader?.tenant ?? domainAddress(tenant.domain)
    return {
      tenant,
      address,
      compared: null,
      errors: errorsOf(error, { root: plan.root, io, files: plan.files }),
      proof: reader?.proof() ?? null,
    }
  } finally {
    await reader?.close()
  }
}

interface Once extends More {
  readonly address: string
  readonly compared: ComparedTenant
  readonly errors: readonly ReportError[]
  readonly proof: Proof
}

async function learnMore(reader: TenantReader, once: Once, { askMore }: Begun): Promise<Once> {
  if (askMore === undefined) return once
  return { ...once, ...(await askMore(reader, once.compared)), proof: reader.proof() }
}

async function compareOnce(
  reader: TenantReader,
  { settings }: TenantPlan,
  { sides: all, targets, previous, followed }: Inputs,
  progress: Progress,
  io: Io,
): Promise<Once> {
  const { value: lifetimeCeiling } = settings.lifetimeCeiling
  const scope = { includes: targets?.includes ?? null, isPartial: targets?.isPartial === true, lifetimeCeiling }
  const hide = (text: string): string => io.secrets.hider().hide(text)
  const compare = (from: ReadSides) => compareSides(reader, from, scope, { hide })
  const first = await progress.watch(reader, () => compare(all))
  const compared = followed === undefined ? first : await settleFollowed(first, followed, compare, reader.tenant)
  const { sides, comparison, input } = compared
  if (targets !== null) refuseUnknownTargets(targets, sides, input.inventory)
  const notes = [...(sides.declared.leftOut ?? []), ...comparison.notes]
  return {
    address: reader.tenant,
    compared: {
      ...compared,
      targets,
      previous,
      baseCommit: all.baseCommit,
      isOld: (followed?.errors.length ?? 0) > 0,
      notes,
    },
    errors: [...(followed?.errors ?? []), ...unreadableErrors(first.comparison, input)],
    proof: reader.proof(),
  }
}

/** An expected failure as reports tell it; `at` where its files are named from, null for as they were given. */
export function errorsOf(
  error: TenantDriftError,
  at: { readonly root: string; readonly io: Io; readonly files?: TrustedFiles } | null,
): readonly ReportError[] {
  const { code, message, advice } = error
  if (!(error instanceof MistakesError)) return [{ code, message, advice }]
  const paths = at === null ? null : reportPaths(at.io, at.files)
  return error.mistakes.map((each) => {
    const file = each.file === null || at === null ? each.file : (paths?.inText(at.root, each.file) ?? each.file)
    return { code, message: placeText({ ...each, file }) + each.message, advice }
  })
}

/** A mistake of ours as an error of a report. What was thrown may hold a secret: its kind alone is said. */
export function bugError(at: string, error: unknown): ReportError {
  const kind = error instanceof Error ? error.name : 'unknown error'
  return { code: 'bug', message: `${at}: ${ERROR_CODES.bug} (${kind})`, advice: ERROR_ADVICE.bug }
}

/** A tenant that nothing was compared of. */
export function notComparedLook(tenant: TenantPlan, errors: readonly ReportError[]): TenantLook {
  return { tenant, address: domainAddress(tenant.domain), compared: null, errors, proof: null }
}

/** Why each unreadable finding is one, in the tenant room's words where it has some. */
function unreadableErrors(comparison: Comparison, input: TenantInput): readonly ReportError[] {
  const { inventory, looks, secrets } = input
  if (!inventory.ok) return [{ code: inventory.code, message: inventory.message, advice: inventory.advice }]
  const errors = new Map<string, ReportError>()
  for (const { kind, code, identifier, path, why } of comparison.findings) {
    if (kind !== 'unreadable' || code === undefined) continue
    const said = [looks.get(identifier ?? ''), secrets.get(identifier ?? '')].find(
      (look) => look?.status === 'unreadable' && (look.code === code || code === 'secret_unreadable'),
    )
    const where = [identifier, path].filter((part) => part !== null && part !== '').join(', ')
    const error =
      said?.status === 'unreadable'
        ? { code, message: said.message, advice: said.advice }
        : {
            code,
            message: `${where === '' ? '' : `${where}: `}${ERROR_CODES[code]}${why === undefined ? '' : `: ${NOT_KNOWN[why].words}`}`,
            advice: why === undefined ? (ADVICE[code] ?? LOOK_THERE) : NOT_KNOWN[why].advice,
          }
    errors.set(JSON.stringify(error), error)
  }
  return [...errors.values()]
}

const LOOK_THERE = 'Look at it in the dashboard, update tenant-drift, and run again.'
const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  incomplete_inventory: 'Check named APIs with --target. What nobody declares cannot be watched in this tenant.',
}

/** One proof of two readings: what the second saw, and all that was asked. */
function together(first: Proof, second: Proof): Proof {
  const { requests } = second
  return {
    ...second,
    requests: {
      // What more is asked, the second reading alone asks.
      ...requests,
      token: first.requests.token + requests.token,
      list: first.requests.list + requests.list,
      confirm: first.requests.confirm + requests.confirm,
      secret: first.requests.secret + requests.secret,
    },
    retries: first.retries + second.retries,
    waits: first.waits + second.waits,
    notes: [...new Set([...second.notes, 'drift was checked twice (--confirm)'])],
  }
}
