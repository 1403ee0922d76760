import { randomUUID } from 'node:crypto'
import type { Delivery, Heard, Outbox, Queued, Settled } from '../history/front.ts'
import { DAY_MS } from '../schema/duration.ts'
import type { Send } from '../way/send.ts'
import type { Pace } from './attempts.ts'
import { credentialDigest, type Channel } from './channel.ts'
import { decideEvents, decideMessage, type TellMoment } from './decide.ts'
import { deliver, madeOf, markHeard, plainForm, type Delivered } from './deliver.ts'
import { newestRun } from './hear.ts'
import { decideIssues } from './issue-channel.ts'
import { decideAlerts } from './pagerduty.ts'

/** A message goes on waiting for three days. */
const PATIENCE_MS = 3 * DAY_MS
/** How much longer than the telling a lease lasts, so that no other sender takes a delivery that is still under way. */
const LEASE_MARGIN_MS = 1000
/** Where a service says nothing of when it may be asked again. */
const NEXT_RUN_MS = 1
/** Of a place at most one transition waits, so that those of a webhook are in order place by place however many are under way. */
const AT_A_TIME: Readonly<Partial<Record<Channel['kind'], number>>> = { webhook: 4 }

const ENDED = 'ended '

/** What a channel is to be told of what it has not heard: pure, for the history's own transaction. */
export function decideFor(
  channel: Channel,
  moment: TellMoment,
  isJudged: boolean,
): (heard: Heard) => QueuedWithWarnings {
  const decide = decideKind(channel, moment, isJudged)
  return (heard) => {
    if (heard.state?.startsWith(ENDED) !== true) return decide(heard)
    // It answered 410 under this address: nothing is sent. Under another address it is a new channel, and is told what stands.
    if (heard.state === ENDED + channelKey(channel))
      return { messages: [], told: [], untold: [], dropped: heard.waiting.map(({ id }) => id) }
    return { state: '', ...decide({ ...heard, told: new Set(), transitions: [], state: null, isNew: true }) }
  }
}

/** With sentences for people, whole but for the channel's name. */
export type QueuedWithWarnings = Queued & { readonly warnings?: readonly string[] }

function decideKind(channel: Channel, moment: TellMoment, isJudged: boolean): (heard: Heard) => QueuedWithWarnings {
  switch (channel.kind) {
    case 'slack':
    case 'teams':
      return (heard) => decideMessage(heard, channel.filter, moment)
    case 'webhook':
      return (heard) => decideEvents(heard, channel.filter, moment)
    case 'pagerduty':
      return (heard) => decideAlerts(heard, channel.filter, moment, channel)
    case 'github_issue':
    case 'gitlab_issue':
      return (heard) => decideIssues(heard, channel.filter, moment, channel)
    case 'heartbeat':
      return (heard) => {
        const messages = [{ body: isJudged ? 'ok' : 'fail', run: newestRun(heard) }]
        // A late ping would call yesterday's run today's.
        return { messages, told: [], untold: [], dropped: heard.waiting.map(({ id }) => id) }
      }
  }
}

/** Tells one channel all that it has not heard. Answers with warnings, whole but for the channel's name; none where all went well. */
export async function tellChannel(
  channel: Channel,
  outbox: Outbox,
  about: { readonly moment: TellMoment; readonly isJudged: boolean; readonly tenants?: readonly number[] | undefined },
  send: Send,
  pace: Pace,
): Promise<readonly string[]> {
  const warnings = new Set<string>()
  let isEnded = false
  const decide = decideFor(channel, about.moment, about.isJudged)
  await outbox.queue(
    channel.name,
    // By the same clock as `claim` below: a message that was queued a millisecond ahead of it would not be taken.
    pace.now(),
    (heard) => {
      isEnded = heard.state === ENDED + channelKey(channel)
      warnings.clear()
      const { warnings: said = [], ...queued } = decide(withAffected(heard, about.moment))
      for (const warning of said) warnings.add(warning)
      return queued
    },
    about.tenants,
  )
  if (isEnded)
    return [
      'it answered 410 before, so the address no longer exists: remove it from notify, or give it another address',
    ]
  const by = randomUUID()
  let isOver = false
  const sendInTurn = async (): Promise<void> => {
    while (!isOver) {
      if (pace.now() >= pace.until) {
        warnings.add('the time for sending messages was used up; the next run sends the rest')
        return
      }
      const delivery = await outbox.claim(channel.name, by, pace.now(), pace.until - pace.now() + LEASE_MARGIN_MS)
      if (delivery === null) return
      const delivered = await deliver(channel, delivery.body, send, pace)
      for (const warning of delivered.warnings ?? []) warnings.add(warning)
      const { warning, goesOn } = await settle(channel, outbox, by, delivery, delivered, pace)
      if (warning !== null) warnings.add(warning)
      if (delivered.fate === 'ended') await endChannel(channel, outbox, pace)
      isOver ||= !goesOn
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME[channel.kind] ?? 1 }, sendInTurn))
  return [...warnings]
}

/** What stands, with whom it hits: no history keeps that, so it is this run's to say. */
function withAffected(heard: Heard, { affected }: TellMoment): Heard {
  if (affected.size === 0) return heard
  const standing = heard.standing.map((episode) => {
    const whom = affected.get(episode.fingerprint)
    return whom === undefined ? episode : { ...episode, finding: { ...episode.finding, affected: whom } }
  })
  return { ...heard, standing }
}

interface TellOutcome {
  readonly warning: string | null
  /** Whether what comes behind it may go now: nothing overtakes what waits. */
  readonly goesOn: boolean
}

async function settle(
  channel: Channel,
  outbox: Outbox,
  by: string,
  delivery: Delivery,
  delivered: Delivered,
  pace: Pace,
): Promise<TellOutcome> {
  const [settled, outcome] = deliveryOutcome(channel, delivery, delivered, pace.now())
  await outbox.settle(delivery.id, by, settled)
  return outcome
}

/** What becomes of a delivery that was tried, and what is said of it. */
function deliveryOutcome(
  channel: Channel,
  { body, made }: Delivery,
  delivered: Delivered,
  now: number,
): readonly [Settled, TellOutcome] {
  if (delivered.fate === 'sent') return [{ state: 'sent' }, { warning: null, goesOn: true }]
  const { fate, why: error } = delivered
  const failed = { state: 'failed', error } as const
  const plain = fate === 'refused' ? plainForm(channel, body) : null
  if (plain !== null)
    return [
      { state: 'waiting', nextAt: now, error, body: plain },
      { warning: null, goesOn: true },
    ]
  // A wrong address or a missing right may be mended before the next run; a body that is not understood stays so.
  const mayPass = fate === 'later' || (fate === 'failed' && delivered.status !== null && delivered.status !== 415)
  if (!mayPass) return [failed, { warning: error, goesOn: fate !== 'ended' }]
  if (Math.abs(now - (madeOf(channel, body) ?? made)) >= PATIENCE_MS)
    return [failed, { warning: `${error}, for three days; this message is given up`, goesOn: true }]
  const nextAt = now + (fate === 'later' ? Math.max(NEXT_RUN_MS, delivered.afterMs) : NEXT_RUN_MS)
  const marked = fate === 'later' && delivered.mayBeHeard === true ? markHeard(channel, body) : null
  return [
    { state: 'waiting', nextAt, error, ...(marked === null ? {} : { body: marked }) },
    { warning: `${error}; the next run sends it again`, goesOn: false },
  ]
}

async function endChannel(channel: Channel, outbox: Outbox, pace: Pace): Promise<void> {
  await outbox.queue(channel.name, pace.now(), (heard) => ({
    messages: [],
    told: [],
    untold: [],
    dropped: heard.waiting.map(({ id }) => id),
    state: ENDED + channelKey(channel),
  }))
}

function channelKey(channel: Channel): string {
  return credentialDigest('url' in channel ? channel.url : channel.apiUrl)
}
