import { subjectOfEpisode, type Heard, type Queued, type TenantRow } from '../history/front.ts'
import type { Ending } from '../schema/episode.ts'
import type { Send } from '../way/send.ts'
import type { Pace } from './attempts.ts'
import type { Filter, IssueChannel } from './channel.ts'
import type { TellMoment } from './decide.ts'
import { githubHost } from './github-host.ts'
import { gitlabHost } from './gitlab-host.ts'
import { tenantDark } from './hear.ts'
import type { IssueHost } from './issue-host.ts'
import { decodeMemory, encodeMemory, NO_ISSUE_MEMORY } from './issue-memory.ts'
import { gravestDifferences, differenceOf, newsOf, type IssueStanding } from './issue-state.ts'
import { keepIssue, type KeptIssue } from './keep-issue.ts'
import { unpacked } from './parcel.ts'

/** What waits for the issue of one tenant: how it stands, and what the issue said before the oldest thing that waits. */
export interface IssueParcel {
  readonly v: 1
  readonly tenant: number
  readonly standing: IssueStanding
  /** An encoded memory; null where nobody remembers but the issue itself. */
  readonly before: string | null
  readonly made: number
}

/** By tenant: what the issue says once all that waits was sent. */
type ChannelState = Readonly<Record<string, string>>

/** Brings each tenant's issue to how things stand. Of what waits for a tenant the newest alone is kept. */
export function decideIssues(
  heard: Heard,
  filter: Filter,
  moment: TellMoment,
  settings: Pick<IssueChannel, 'issueKey'>,
): Queued {
  const state = channelState(heard.state)
  const next: Record<string, string> = { ...state }
  const waiting = heard.waiting.flatMap(({ id, body }) => {
    const parcel = unpackIssue(body)
    return parcel === null ? [] : [{ id, parcel }]
  })
  const messages: { body: string; run: number }[] = []
  const dropped: number[] = []
  for (const { tenant, memory } of heard.dark) {
    const own = waiting.filter(({ parcel }) => parcel.tenant === tenant.id)
    const standing = issueStateOf(heard, tenant, memory, {
      filter,
      moment,
      issueKey: settings.issueKey,
      isKept: state[tenant.id] !== undefined,
    })
    const said = decodeMemory(state[tenant.id] ?? '') ?? NO_ISSUE_MEMORY
    const before = own[0] === undefined ? (state[tenant.id] ?? null) : own[0].parcel.before
    const endings = [...own.flatMap(({ parcel }) => parcel.standing.endings), ...standing.endings]
    next[tenant.id] = encodeMemory(newsOf(standing, said).memory)
    dropped.push(...own.map(({ id }) => id))
    const parcel: IssueParcel = {
      v: 1,
      tenant: tenant.id,
      standing: { ...standing, endings },
      before,
      made: own[0]?.parcel.made ?? moment.now,
    }
    messages.push({ body: JSON.stringify(parcel), run: memory.run?.id ?? 0 })
  }
  return { messages, told: [], untold: [], dropped, state: JSON.stringify(next) }
}

interface IssueContext {
  readonly filter: Filter
  readonly moment: TellMoment
  readonly issueKey: string | null
  /** Whether a history remembers what this run could not look at. */
  readonly isKept: boolean
}

function issueStateOf(
  heard: Heard,
  tenant: TenantRow,
  { dark, run }: Heard['dark'][number]['memory'],
  { filter, moment, issueKey, isKept }: IssueContext,
): IssueStanding {
  const open = heard.standing.filter(
    (episode) => episode.tenant.id === tenant.id && episode.state === 'open' && episode.row >= filter.after,
  )
  const whole = tenantDark(dark, filter)
  const standing = new Set(open.map(subjectOfEpisode))
  const endings = heard.transitions.flatMap((move): readonly Ending[] =>
    move.about === 'episode' &&
    move.tenant.id === tenant.id &&
    move.after.state === 'ended' &&
    move.after.how !== null &&
    !standing.has(subjectOfEpisode(move.after))
      ? [move.after.how]
      : [],
  )
  return {
    tenant: tenant.address.replace(/^name:/, ''),
    key: issueKey ?? tenant.address,
    at: run?.lastAt ?? moment.now,
    link: moment.link,
    differences: gravestDifferences(open.map(differenceOf)),
    dark: whole === undefined ? null : { code: whole.code, since: whole.since },
    // With a history, an episode that is open there stands, even if this run could not look; without one only a complete run may end anything.
    isComplete: whole === undefined && (isKept || (run?.verdict !== 'incomplete' && run?.covers === 'all')),
    isLast: true,
    apis: null,
    endings,
  }
}

function channelState(text: string | null): ChannelState {
  try {
    const state: unknown = JSON.parse(text ?? 'null')
    return typeof state === 'object' && state !== null ? (state as ChannelState) : {}
  } catch {
    return {}
  }
}

export function unpackIssue(body: string | null): IssueParcel | null {
  return unpacked<IssueParcel>(body, ({ standing }) => typeof standing === 'object')
}

export function hostOf(channel: IssueChannel, send: Send, pace: Pace): IssueHost {
  return channel.kind === 'github_issue' ? githubHost(channel, send, pace) : gitlabHost(channel, send, pace)
}

/** Sends one parcel. With a history the history says what was told; the line in the issue is only written. */
export function bringIssue(channel: IssueChannel, parcel: IssueParcel, send: Send, pace: Pace): Promise<KeptIssue> {
  const before = parcel.before === null ? null : (decodeMemory(parcel.before) ?? NO_ISSUE_MEMORY)
  const { details, filter, labels } = channel
  const settings = { details, severityAtLeast: filter.severityAtLeast, labels }
  return keepIssue(hostOf(channel, send, pace), settings, parcel.standing, before)
}
