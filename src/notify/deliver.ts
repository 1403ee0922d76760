import type { Send } from '../way/send.ts'
import { attempt, type Fate, type Pace } from './attempts.ts'
import type { Channel } from './channel.ts'
import { cloudEvent, CONTENT_TYPE } from './cloud-event.ts'
import { bringIssue, unpackIssue, type IssueParcel } from './issue-channel.ts'
import { pagerdutyBody, unpackAlert, type Alert } from './pagerduty.ts'
import { unpack, type Parcel } from './parcel.ts'
import { signed } from './sign.ts'
import { slackBody } from './slack.ts'
import { teamsBody } from './teams.ts'

/** How a delivery fared: a fate, with sentences for people about what went well only in part. */
export type Delivered = (Fate | { readonly fate: 'sent' }) & { readonly warnings?: readonly string[] }

const JSON_TYPE = 'application/json; charset=utf-8'
const UNKNOWN: Delivered = { fate: 'failed', status: null, why: 'the waiting messages were written by another version' }

/** Sends what one row of the outbox holds, in the channel's own way. */
export async function deliver(channel: Channel, body: string | null, send: Send, pace: Pace): Promise<Delivered> {
  const post = (url: string, text: string, headers: () => Readonly<Record<string, string>>): Promise<Fate> =>
    attempt(send, () => ({ method: 'POST', url, headers: headers(), body: text }), pace)
  const asJson = () => ({ 'content-type': JSON_TYPE })
  switch (channel.kind) {
    case 'slack':
    case 'teams': {
      const parcel = unpack(body)
      if (parcel === null) return UNKNOWN
      const text = channel.kind === 'slack' ? slackBody(parcel, channel.plain) : teamsBody(parcel)
      return post(channel.url, text, asJson)
    }
    case 'webhook': {
      const parcel = unpack(body)
      if (parcel === null || parcel.items.length === 0) return UNKNOWN
      let fate: Fate = { fate: 'failed', status: null, why: 'nothing was sent to it' }
      for (const item of parcel.items) {
        const text = cloudEvent(item, parcel)
        fate = await post(channel.url, text, () => ({
          'content-type': CONTENT_TYPE,
          ...signed(item.id, text, channel.secrets, pace.now()),
        }))
        if (fate.fate !== 'sent') break
      }
      return fate
    }
    case 'pagerduty': {
      const alert = unpackAlert(body)
      return alert === null ? UNKNOWN : post(channel.url, pagerdutyBody(alert, channel.routingKey), asJson)
    }
    case 'heartbeat': {
      const url = body === 'fail' ? channel.failUrl : channel.url
      return url === null ? { fate: 'sent' } : post(url, '', () => ({ 'content-length': '0' }))
    }
    case 'github_issue':
    case 'gitlab_issue': {
      const parcel = unpackIssue(body)
      if (parcel === null) return UNKNOWN
      const { fault, warnings } = await bringIssue(channel, parcel, send, pace)
      if (fault === null) return { fate: 'sent', warnings }
      // Whatever is wrong may be mended by a person before the next run, and what was not told is told then.
      return { fate: 'later', afterMs: fault.afterMs ?? 0, why: fault.why, warnings }
    }
  }
}

/** What one row of the outbox holds for a channel; null where it holds nothing but a word, or was written by another version. */
function heldIn(channel: Channel, body: string | null): Parcel | Alert | IssueParcel | null {
  switch (channel.kind) {
    case 'slack':
    case 'teams':
    case 'webhook':
      return unpack(body)
    case 'pagerduty':
      return unpackAlert(body)
    case 'github_issue':
    case 'gitlab_issue':
      return unpackIssue(body)
    case 'heartbeat':
      return null
  }
}

/** The same message without any text of a tenant; null where it is that already, or can be no other. */
export function plainForm(channel: Channel, body: string | null): string | null {
  const held = heldIn(channel, body)
  return held === null || !('isPlain' in held) || held.isPlain ? null : JSON.stringify({ ...held, isPlain: true })
}

/** When the oldest thing in it was made; null where it does not say. */
export function madeOf(channel: Channel, body: string | null): number | null {
  return heldIn(channel, body)?.made ?? null
}

/** The same message, with the note that somebody may have heard it; null of what is brought to how things stand anyway. */
export function markHeard(channel: Channel, body: string | null): string | null {
  const held = heldIn(channel, body)
  return held === null || !('items' in held) ? null : JSON.stringify({ ...held, mayBeHeard: true })
}
