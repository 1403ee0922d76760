import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { EMPTY, type Dark, type Episode, type Memory, type RunRow, type Transition } from '../memory/types.ts'
import type { Delivery, StoredEpisode, StoredTransition, TenantRow } from './front.ts'
import { numberOf, numberOrNull, textOf, textOrNull, type Row, type Value } from './sql.ts'

/** Rows to what they stand for, and back. What is read was written by us, under a version of the tables that was looked at. */

export function packed(text: string): Uint8Array {
  return deflateRawSync(text)
}

export function unpacked(value: Value | undefined): string {
  return value instanceof Uint8Array ? inflateRawSync(value).toString('utf8') : ''
}

export function tenantOf(row: Row): TenantRow {
  return {
    id: numberOf(row.id),
    address: textOf(row.address),
    view: textOf(row.view),
    name: textOrNull(row.name),
    config: textOrNull(row.config),
  }
}

export function runOfRow(row: Row): RunRow {
  return {
    id: numberOf(row.id),
    firstAt: numberOf(row.first_at),
    lastAt: numberOf(row.last_at),
    times: numberOf(row.times),
    verdict: textOf(row.verdict) as RunRow['verdict'],
    covers: textOf(row.covers) as RunRow['covers'],
    counting: numberOf(row.counting),
    notices: numberOf(row.notices),
    bySeverity: {
      low: numberOf(row.low),
      medium: numberOf(row.medium),
      high: numberOf(row.high),
      critical: numberOf(row.critical),
    },
    digest: textOf(row.digest),
    tool: textOf(row.tool),
    commit: textOrNull(row.commit_sha),
    requests: numberOrNull(row.requests),
    waits: numberOrNull(row.waits),
    took: numberOrNull(row.took),
  }
}

/** Columns of a run without its number, in the order of `runValues`. */
export const RUN_COLUMNS = `tenant, first_at, last_at, times, verdict, covers, counting, notices, critical, high, medium, low, digest, tool, commit_sha,
  requests, waits, took, report`

export function runValues(tenant: number, run: RunRow, report: Uint8Array): readonly Value[] {
  const { low, medium, high, critical } = run.bySeverity
  return [
    tenant,
    run.firstAt,
    run.lastAt,
    run.times,
    run.verdict,
    run.covers,
    run.counting,
    run.notices,
    critical,
    high,
    medium,
    low,
    run.digest,
    run.tool,
    run.commit,
    run.requests,
    run.waits,
    run.took,
    report,
  ]
}

export function episodeOf(row: Row): Episode & { readonly id: number } {
  const accepted = textOrNull(row.accepted)
  return {
    id: numberOf(row.id),
    firstRun: numberOf(row.first_run),
    moves: numberOf(row.moves),
    identifier: textOrNull(row.identifier),
    path: textOf(row.path),
    kind: textOf(row.kind) as Episode['kind'],
    fingerprint: textOf(row.fingerprint),
    origin: textOrNull(row.origin) as Episode['origin'],
    severity: textOf(row.severity) as Episode['severity'],
    tool: textOf(row.tool),
    finding: JSON.parse(textOf(row.finding)) as Episode['finding'],
    state: textOf(row.state) as Episode['state'],
    top: textOf(row.top) as Episode['top'],
    since: numberOf(row.since_at),
    first: numberOf(row.first_at),
    seen: numberOf(row.seen_at),
    row: numberOf(row.in_row),
    form: textOf(row.form) as Episode['form'],
    ended: numberOrNull(row.ended_at),
    how: textOrNull(row.how) as Episode['how'],
    returns: numberOf(row.returns),
    spoken: numberOf(row.spoken_at),
    accepted: accepted === null ? null : (JSON.parse(accepted) as Episode['accepted']),
  }
}

/** Columns of an episode that may change; its tenant, identifier, path and first run never do. */
export const EPISODE_COLUMNS = [
  'moves',
  'kind',
  'fingerprint',
  'state',
  'origin',
  'severity',
  'top',
  'since_at',
  'first_at',
  'seen_at',
  'in_row',
  'form',
  'ended_at',
  'how',
  'returns',
  'spoken_at',
  'tool',
  'accepted',
  'finding',
] as const

export function episodeValues(episode: Episode): readonly Value[] {
  return [
    episode.moves,
    episode.kind,
    episode.fingerprint,
    episode.state,
    episode.origin,
    episode.severity,
    episode.top,
    episode.since,
    episode.first,
    episode.seen,
    episode.row,
    episode.form,
    episode.ended,
    episode.how,
    episode.returns,
    episode.spoken,
    episode.tool,
    episode.accepted === null ? null : JSON.stringify(episode.accepted),
    JSON.stringify(episode.finding),
  ]
}

export function darkOfRow(row: Row): readonly Dark[] {
  return JSON.parse(textOf(row.dark) || '[]') as readonly Dark[]
}

export function memoryOfRows(tenant: Row | undefined, run: Row | undefined, episodes: readonly Episode[]): Memory {
  if (tenant === undefined) return EMPTY
  return {
    run: run === undefined ? null : runOfRow(run),
    lastComplete: numberOrNull(tenant.last_complete),
    episodes,
    dark: darkOfRow(tenant),
  }
}

export function transitionText(transition: Transition): Uint8Array {
  return packed(JSON.stringify(transition))
}

export function transitionOf(row: Row, tenant: TenantRow): StoredTransition {
  const transition = JSON.parse(unpacked(row.detail)) as Transition
  const place = { id: numberOf(row.id), run: numberOf(row.run), tenant }
  if (transition.about === 'dark') return { ...transition, ...place }
  const episode = numberOf(row.episode)
  return { ...transition, after: { ...transition.after, id: episode }, ...place }
}

export function storedEpisode(row: Row, tenant: TenantRow): StoredEpisode {
  return { ...episodeOf(row), tenant }
}

export function deliveryOf(row: Row): Delivery {
  return {
    id: numberOf(row.id),
    channel: textOf(row.channel),
    run: numberOf(row.run),
    state: textOf(row.state) as Delivery['state'],
    tries: numberOf(row.tries),
    made: numberOf(row.made_at),
    nextAt: numberOf(row.next_at),
    body: textOrNull(row.body),
    error: textOrNull(row.error),
    isTaken: textOrNull(row['lease_by']) !== null,
  }
}
