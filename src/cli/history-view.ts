import type { History, StoredEpisode, TenantState } from '../history/front.ts'
import { detectedIn, episodeView, gravestFirst, isTenantNamed, runView } from '../history/view.ts'
import { timeOf } from '../schema/clock.ts'
import { DAY_MS } from '../schema/duration.ts'
import type { HistoryView, TenantView } from '../schema/history-view.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { RunRow } from '../memory/types.ts'
import { ownVersion } from './version.ts'

export interface WantedHistory {
  readonly tenant?: string
  /** Epoch ms. */
  readonly since?: number
  readonly all?: boolean
  /** Without the runs of each tenant, for whoever does not show them. */
  readonly isBrief?: boolean
}

/** How far back the runs of a tenant go, unless somebody asks for more: a year of them is 9,000. */
const USUAL_RUNS_MS = 30 * DAY_MS

/** What was asked for, as it is shown: what stands, the gravest first; then what ended, the newest first. */
export async function viewOf(history: History, wanted: WantedHistory, now: number): Promise<HistoryView> {
  const states = (await history.tenants()).filter(({ tenant }) => isTenantNamed(tenant, wanted.tenant))
  const episodes = await history.episodes(wanted)
  const tenants = await Promise.all(
    states.map(async (state) => tenantView(state, await runsOf(history, state, wanted, now), episodes)),
  )
  const shown = [...episodes].sort(
    (a, b) =>
      byCodeUnits(a.tenant.address, b.tenant.address) ||
      byCodeUnits(a.tenant.view, b.tenant.view) ||
      Number(a.state === 'ended') - Number(b.state === 'ended') ||
      (b.ended ?? 0) - (a.ended ?? 0) ||
      gravestFirst(a, b),
  )
  return {
    schemaVersion: 1,
    tool: { name: 'tenant-drift', version: ownVersion() },
    at: timeOf(now),
    tenants,
    episodes: shown.map(episodeView),
  }
}

/** As far back as was asked for. */
function runsOf(
  history: History,
  { tenant }: TenantState,
  { since, all, isBrief }: WantedHistory,
  now: number,
): Promise<readonly RunRow[]> {
  if (isBrief === true) return Promise.resolve([])
  return history.runs(tenant.id, since ?? (all === true ? null : now - USUAL_RUNS_MS))
}

function tenantView(
  { tenant, memory }: TenantState,
  runs: readonly RunRow[],
  all: readonly StoredEpisode[],
): TenantView {
  const ended = all
    .filter((each) => each.tenant.id === tenant.id && each.ended !== null && each.how !== 'gone')
    .map((each) => Math.max(0, Math.round(((each.ended ?? 0) - each.since) / 1000)))
    .sort((a, b) => a - b)
  const detected = all
    .filter((each) => each.tenant.id === tenant.id)
    .flatMap((each) => detectedIn(each) ?? [])
    .sort((a, b) => a - b)
  return {
    address: tenant.address,
    view: tenant.view,
    name: tenant.name,
    lastRun: memory.run === null ? null : runView(memory.run),
    lastComplete: memory.lastComplete === null ? null : timeOf(memory.lastComplete),
    unreadable: memory.dark.map(({ identifier, path, code, since }) => ({
      identifier,
      path,
      code,
      since: timeOf(since),
    })),
    runs: runs.map(runView),
    resolved: ended.length,
    medianToResolve: medianOf(ended),
    medianToDetect: medianOf(detected),
    worstToDetect: detected.at(-1) ?? null,
  }
}

/** Of sorted numbers; of an even count the lower one. */
function medianOf(sorted: readonly number[]): number | null {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
