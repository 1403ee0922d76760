import { identifierOf } from '../schema/identifier-of.ts'
import { hash } from 'node:crypto'
import path from 'node:path'
import { standingAt, type TenantInput } from '../compare/front.ts'
import type { History, Recorded, TenantKey, Decision } from '../history/front.ts'
import { openHistory, type HistoryPlace } from '../history/open.ts'
import type { Followed } from '../memory/followed.ts'
import { remember, type Ran } from '../memory/remember.ts'
import type { Memory } from '../memory/types.ts'
import { withAges } from '../memory/with-ages.ts'
import { isHidden } from '../schema/finding.ts'
import { allFindings, type Report } from '../schema/report.ts'
import type { StandingAt } from '../schema/standing.ts'
import { plural } from '../words/plural.ts'
import { errorText } from './error-text.ts'
import type { Io } from './io.ts'
import { judgesChange } from './judges-change.ts'
import { takenAt, type TenantLook } from './look.ts'
import { tenantName, type Plan, type TenantPlan } from './plan.ts'
import { keptItems } from './kept-items.ts'
import type { Progress } from './progress.ts'

/** A history that is open, or why it is not: the check goes on without it. */
export type OpenedHistory = { readonly history: History } | { readonly error: unknown }

/** Opens while the tenants answer. Nothing is made where no tenant of the run will be remembered. */
export async function beginHistory(place: HistoryPlace, plan: Plan, io: Io): Promise<OpenedHistory> {
  try {
    const reasons = await Promise.all(plan.tenants.map((tenant) => judgesChange(plan, tenant, io)))
    return {
      history: await openHistory(
        place,
        reasons.every((reason) => reason !== null),
      ),
    }
  } catch (error) {
    return { error }
  }
}

export interface RememberedRuns {
  /** The reports with `since` and `returns`. */
  readonly reports: readonly Report[]
  /** What was written; null for a tenant of which nothing was. */
  readonly recorded: readonly (Recorded | null)[]
}

/** The commit of a followed branch that a run judged, and what is remembered of the branch from then on. */
export interface RanFollowed {
  readonly commit: string | null
  readonly after: Followed
}

/**
 * Remembers each tenant of a run. `followed`: for the one tenant of a run whose declaration is that of a branch. Whatever goes wrong with a history is said, and
 * changes no report and no exit code.
 */
export async function rememberRuns(
  opened: OpenedHistory,
  plan: Plan,
  looks: readonly TenantLook[],
  reports: readonly Report[],
  io: Io,
  progress: Progress,
  followed: RanFollowed | null = null,
): Promise<RememberedRuns> {
  const done: { report: Report; recorded: Recorded | null }[] = []
  let history = 'history' in opened ? opened.history : null
  if ('error' in opened) io.err(errorText(opened.error, io.secrets.hider()))
  for (const [index, look] of looks.entries()) {
    const report = reports[index]
    if (report === undefined) continue
    try {
      if (history === null) done.push({ report, recorded: null })
      else done.push(await rememberOne(history, plan, look, report, io, progress, followed))
    } catch (error) {
      history = null
      io.err(errorText(error, io.secrets.hider()))
      done.push({ report, recorded: null })
    }
  }
  return { reports: done.map(({ report }) => report), recorded: done.map(({ recorded }) => recorded) }
}

async function rememberOne(
  history: History,
  plan: Plan,
  look: TenantLook,
  report: Report,
  io: Io,
  progress: Progress,
  followed: RanFollowed | null,
): Promise<{ report: Report; recorded: Recorded | null }> {
  const { tenant } = look
  const key = keyOfTenant(look.address, tenant)
  const skip = (why: string, told: Report): { report: Report; recorded: null } => {
    progress.say(`history: this run was not remembered: ${why}`)
    return { report: told, recorded: null }
  }
  if (key === null) return skip('nobody named the tenant', report)
  // The base of a branch that is followed is its own past.
  const change = followed === null ? await judgesChange(plan, tenant, io) : null
  if (change !== null) {
    const why = `it judges a change (${change})`
    return skip(why, withAges(report, await history.memory(key)))
  }
  // A snapshot file is remembered by its own time.
  const file = takenAt(look)
  const taken = file === null ? null : Date.parse(file)
  const now = taken ?? io.now()
  const { recurringWithin, remindAfter } = tenant.settings
  const settings = { recurringWithin: recurringWithin.value, remindAfter: remindAfter.value }
  const ran = { ...ranOf(look, report, io), ...(followed === null ? {} : { commit: followed.commit }) }
  let told = report
  let why = 'another worker has taken over this check'
  const items = taken === null ? keptItems(look, io.secrets.hider()) : undefined
  const decide = (memory: Memory): Decision | null => {
    const isOld = taken !== null && memory.run !== null && memory.run.lastAt >= taken
    if (isOld) {
      told = withAges(report, memory)
      why = 'its reading is not newer than the last reading that was remembered'
      return null
    }
    const { memory: after, transitions } = remember(memory, ran, now, settings)
    told = withAges(report, after)
    if (after.run === null) return null
    return {
      memory: after,
      transitions,
      run: after.run,
      report: JSON.stringify(told),
      name: tenant.name,
      config: configDigest(plan),
      ...(items === undefined ? {} : { items }),
      ...(followed === null ? {} : { followed: followed.after }),
    }
  }
  const places = allFindings(report)
  const recorded = await history.record(key, decide, { places })
  if (recorded === null) return skip(why, told)
  if (recorded.otherConfig !== null) {
    progress.say(
      `warning: history: another configuration also writes the view ${key.view} of ${key.address}; give one of the two its own history_view`,
    )
  }
  const rejudged = recorded.transitions.filter((each) => each.about === 'episode' && each.isRejudged === true).length
  if (rejudged > 0)
    progress.say(
      `history: tenant-drift ${report.tool.version} judges ${plural(rejudged, 'difference')} differently from the version before it; channels are not told about each of them`,
    )
  return { report: told, recorded }
}

/** Null for one that nobody named and nobody knows the address of. */
export function keyOfTenant(address: string | null, tenant: TenantPlan): TenantKey | null {
  return address === null && tenant.name === null ? null : keyCalled(address, tenant)
}

export function keyCalled(address: string | null, tenant: TenantPlan): TenantKey {
  const name = tenantName(tenant)
  return { address: address ?? `name:${name}`, view: tenant.settings.historyView.value ?? name }
}

/** What a run brings to be remembered. */
export function ranOf(look: TenantLook, report: Report, io: Io): Ran {
  return {
    report,
    // A commit that is not the newest says what is new; that something ended would be proven against what the code may not say any more.
    standing: look.compared?.isOld === true ? null : shownStanding(look, io),
    covers: look.compared?.targets?.isPartial === true ? 'some' : 'all',
    commit: io.env.GITHUB_SHA ?? io.env.CI_COMMIT_SHA ?? null,
    took: Math.round(performance.now() - (io.began ?? 0)),
  }
}

/** What stands at a place, as a report would show it: the same words are hidden in both. */
function shownStanding({ compared }: TenantLook, io: Io): StandingAt | null {
  if (compared === null) return null
  const { hide, hideJson } = io.secrets.hider()
  const at = standingAt(compared.input, compared.targets?.includes ?? null)
  // An identifier that holds a secret is remembered without it. Looked up for what stands open alone.
  let hidden: ReadonlyMap<string, string> | null = null
  const shownAs = (shown: string): string => {
    hidden ??= new Map(
      identifiersIn(compared.input)
        .filter((identifier) => hide(identifier) !== identifier)
        .map((identifier) => [hide(identifier), identifier] as const),
    )
    return hidden.get(shown) ?? shown
  }
  return (identifier, text) => {
    const standing = at(identifier === null ? null : shownAs(identifier), text)
    if (standing.look === 'none' || standing.live === undefined || isHidden(standing.live)) return standing
    return { ...standing, live: hideJson(standing.live) }
  }
}

function identifiersIn({ declared, inventory, recorded }: TenantInput): readonly string[] {
  const items = [...(inventory.ok ? inventory.snapshot.items : []), ...(recorded?.items ?? [])]
  return [...declared.apis.map(({ identifier }) => identifier), ...items.map(identifierOf)]
}

/** Which configuration this is: its place below the repository, so that two checkouts of one are the same. */
function configDigest({ config, root }: Plan): string | null {
  if (config === null) return null
  return hash('sha256', path.join(path.basename(root), path.basename(config.shown)), 'hex').slice(0, 16)
}
