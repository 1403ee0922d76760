import type { RunRow } from '../memory/types.ts'
import { timeOf } from '../schema/clock.ts'
import { compareSeverity } from '../schema/finding.ts'
import type { EpisodeView, TenantView } from '../schema/history-view.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { StoredEpisode, TenantRow } from './front.ts'

/** Rows as they are shown: `tenant-drift history` and the service's API say the same. */

export function runView({ firstAt, lastAt, times, verdict, counting }: RunRow): TenantView['runs'][number] {
  return { from: timeOf(firstAt), to: timeOf(lastAt), times, verdict, counting }
}

export function episodeView(episode: StoredEpisode): EpisodeView {
  const { tenant, identifier, path, kind, fingerprint, state, origin, form, severity, top, how, returns } = episode
  return {
    tenant: tenant.address,
    view: tenant.view,
    identifier,
    path,
    kind,
    fingerprint,
    state,
    origin,
    form,
    severity,
    top,
    since: timeOf(episode.since),
    first: timeOf(episode.first),
    seen: timeOf(episode.seen),
    ended: episode.ended === null ? null : timeOf(episode.ended),
    how,
    returns,
    message: episode.finding.message,
    changedBy: episode.finding.changedBy ?? null,
    detectedIn: detectedIn(episode),
  }
}

/** Seconds from the change to the run that first saw it; null where it is not certain when that was. Never negative, whatever the clocks say. */
export function detectedIn({ since, finding }: StoredEpisode): number | null {
  const { changedBy } = finding
  if (changedBy?.certainty !== 'certain' || changedBy.at === null) return null
  return Math.max(0, Math.round((since - Date.parse(changedBy.at)) / 1000))
}

/** The gravest first, and of equal ones the oldest. */
export function gravestFirst(a: StoredEpisode, b: StoredEpisode): number {
  return (
    compareSeverity(b.severity, a.severity) ||
    a.since - b.since ||
    byCodeUnits(a.fingerprint, b.fingerprint) ||
    a.id - b.id
  )
}

/** Whether somebody who writes `wanted` means this one: by its address, its name or its view. */
export function isTenantNamed({ address, name, view }: TenantRow, wanted: string | undefined): boolean {
  return wanted === undefined || [address, name, view].includes(wanted)
}
