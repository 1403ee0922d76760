import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Dark, Episode, Memory, RunRow, Transition } from '../memory/types.ts'
import type { Delivery, StoredEpisode, StoredTransition, TenantRow } from './front.ts'
import { numberOf, numberOrNull, textOf, type Row, type Sql, type Value } from './sql.ts'
import { textOrNull } from '../schema/json.ts'

/** Rows to what they stand for, and back. What is read was written by us, under a version of the tables that was looked at. */

export function packed(text: string): Uint8Array {
  return deflateRawSync(text)
}

export function inflated(value: Value | undefined): string {
  return value instanceof Uint8Array ? inflateRawSync(value).toString('utf8') : ''
}

export function tenantRow(row: Row): TenantRow {
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

/** What is read of runs where their reports, which are long, are not wanted. */
export const RUN = `id, tenant, first_at, last_at, times, verdict, covers, counting, notices, critical, high, medium, low, digest, tool, commit_sha, requests,
  waits, took`

/** The newest run of a tenant; undefined before the first one. */
export async function lastRunRow(sql: Sql, tenant: number): Promise<Row | undefined> {
  return (await sql.all(`SELECT ${RUN} FROM run WHERE tenant = ? ORDER BY id DESC LIMIT 1`, tenant))[0]
}

/** A run as a row, without its number and its report. */
export function runRow(tenant: number, run: RunRow): Row {
  return {
    tenant,
    first_at: run.firstAt,
    last_at: run.lastAt,
    times: run.times,
    verdict: run.verdict,
    covers: run.covers,
    counting: run.counting,
    notices: run.notices,
    ...run.bySeverity,
    digest: run.digest,
    tool: run.tool,
    commit_sha: run.commit,
    requests: run.requests,
    waits: run.waits,
    took: run.took,
  }
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

/** What may change of an episode, as a row; its tenant, identifier, path and first run never do. */
export function episodeRow(episode: Episode): Row {
  return {
    moves: episode.moves,
    kind: episode.kind,
    fingerprint: episode.fingerprint,
    state: episode.state,
    origin: episode.origin,
    severity: episode.severity,
    top: episode.top,
    since_at: episode.since,
    first_at: episode.first,
    seen_at: episode.seen,
    in_row: episode.row,
    form: episode.form,
    ended_at: episode.ended,
    how: episode.how,
    returns: episode.returns,
    spoken_at: episode.spoken,
    tool: episode.tool,
    accepted: episode.accepted === null ? null : JSON.stringify(episode.accepted),
    finding: JSON.stringify(episode.finding),
  }
}

export function darkOfRow(row: Row): readonly Dark[] {
  return JSON.parse(textOf(row.dark) || '[]') as readonly Dark[]
}

export function memoryOfRows(tenant: Row, run: Row | undefined, episodes: readonly Episode[]): Memory {
  return {
    run: run === undefined ? null : runOfRow(run),
    lastComplete: numberOrNull(tenant.last_complete),
    episodes,
    dark: darkOfRow(tenant),
  }
}

export function transitionOf(row: Row, tenant: TenantRow): StoredTransition {
  const transition = JSON.parse(inflated(row.detail)) as Transition
  const place = { id: numberOf(row.id), run: numberOf(row.run), tenant }
  if (transition.about === 'dark') return { ...transition, ...place }
  return { ...transition, after: { ...transition.after, id: numberOf(row.episode) }, ...place }
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
