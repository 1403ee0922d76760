import { randomUUID } from 'node:crypto'
import { timeOf } from '../schema/clock.ts'
import { createSender, type Send } from '../way/send.ts'
import { attempt, paceFrom, type Fate, type Pace } from './attempts.ts'
import type { Channel } from './channel.ts'
import { CONTENT_TYPE } from './cloud-event.ts'
import { hostOf } from './issue-channel.ts'
import { HostFault } from './issue-host.ts'
import { pagerdutyBody, type Alert } from './pagerduty.ts'
import { signed } from './sign.ts'

/** How a channel took its test message. */
export interface Tested {
  readonly name: string
  /** Null where it was taken. */
  readonly problem: string | null
  /** What the reader has to look at themselves. */
  readonly note: string | null
}

const TEXT = 'tenant-drift: this is a test. Nothing differs.'

/** One message to each, marked as a test. What rings is resolved again, and what is opened is closed again. */
export async function testAll(
  channels: readonly Channel[],
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): Promise<readonly Tested[]> {
  const { send, close } = createSender(env)
  const pace = paceFrom(now)
  try {
    return await Promise.all(
      channels.map(async (channel) => ({
        name: channel.name,
        problem: await testOne(channel, send, pace),
        note: TEST_NOTES[channel.kind] ?? null,
      })),
    )
  } finally {
    await close()
  }
}

const TEST_NOTES: Readonly<Partial<Record<Channel['kind'], string>>> = {
  teams: 'Teams answers before it posts a message: check that it has arrived',
  heartbeat: 'this was a normal ping',
  github_issue: 'an issue was created and closed',
  gitlab_issue: 'an issue was created and closed',
  pagerduty: 'an alert was triggered and resolved',
}

async function testOne(channel: Channel, send: Send, pace: Pace): Promise<string | null> {
  const post = async (url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string | null> =>
    problemOf(await attempt(send, () => ({ method: 'POST', url, headers, body }), pace))
  const json = { 'content-type': 'application/json; charset=utf-8' }
  switch (channel.kind) {
    case 'slack':
      return post(channel.url, JSON.stringify({ text: TEXT }), json)
    case 'teams':
      return post(channel.url, JSON.stringify({ type: 'message', attachments: [testCard(TEXT)] }), json)
    case 'webhook': {
      const id = randomUUID().replaceAll('-', '')
      const event = {
        specversion: '1.0',
        id,
        source: 'urn:tenant-drift:test',
        type: 'tenant_drift.test',
        time: timeOf(pace.now()),
        datacontenttype: 'application/json',
        data: { message: TEXT },
      }
      const body = JSON.stringify(event)
      return post(channel.url, body, { 'content-type': CONTENT_TYPE, ...signed(id, body, channel.secrets, pace.now()) })
    }
    case 'pagerduty': {
      const alert: Alert = {
        v: 1,
        action: 'trigger',
        routing: '',
        key: 'tenant-drift/test',
        tenant: 'tenant-drift',
        head: TEXT,
        summary: TEXT,
        severity: 'info',
        at: timeOf(pace.now()),
        details: [],
        link: null,
        made: pace.now(),
        isPlain: false,
      }
      const triggered = await post(channel.url, pagerdutyBody(alert, channel.routingKey), json)
      if (triggered !== null) return triggered
      return post(channel.url, pagerdutyBody({ ...alert, action: 'resolve' }, channel.routingKey), json)
    }
    case 'heartbeat':
      return post(channel.url, '', {})
    case 'github_issue':
    case 'gitlab_issue':
      try {
        const host = hostOf(channel, send, pace)
        const made = await host.create({ title: 'Test of tenant-drift', body: TEXT })
        await host.close(made.number, 'not_planned')
        return null
      } catch (error) {
        if (!(error instanceof HostFault)) throw error
        return error.message
      }
  }
}

function testCard(text: string): object {
  const content = { type: 'AdaptiveCard', version: '1.2', body: [{ type: 'TextBlock', text, wrap: true }] }
  return { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }
}

function problemOf(fate: Fate): string | null {
  return fate.fate === 'sent' ? null : fate.why
}
