import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { eventJsonSchema } from '../../src/schema/event.ts'
import type { ChannelConfig } from '../../src/schema/notify.ts'
import { DAY, finding, HOUR, outage, report, START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor, command, EVERY_CHANNEL, openTemporary, rememberRun, tellNow } from './world.ts'

const ALG = finding('https://orders.example.com/', 'signing_alg')
const OTHER = finding('urn:billing', 'allow_offline_access', { severity: 'medium', declared: false, live: true })

const HOOK: readonly ChannelConfig[] = [{ webhook: { url_variable: 'HOOK', secret_variable: 'HOOK_SECRET' } }]
const SLACK: readonly ChannelConfig[] = [{ slack: { url_variable: 'SLACK' } }]

async function world(configs: readonly ChannelConfig[] = EVERY_CHANNEL) {
  const [history, to] = [await openTemporary(), await services()]
  const channels = channelsFor(to, configs)
  return {
    history,
    to,
    channels,
    run: (of: ReturnType<typeof report>, at: number, telling?: number) =>
      command(history, to, channels, of, at, telling === undefined ? {} : { telling }),
  }
}

/** As the published schema describes it. */
const isEvent = new Ajv2020({ strict: false }).compile(eventJsonSchema())

const states = async (history: Awaited<ReturnType<typeof openTemporary>>) =>
  (await history.deliveries(50)).map(({ state }) => state)

describe('a channel that fails', () => {
  it('is tried three times, waits for the next run, and is told then, under the same id', async () => {
    const { history, to, run } = await world(HOOK)
    const ids: string[] = []
    to.fail = (path, body) => {
      ids.push((JSON.parse(body) as { id: string }).id)
      return path === '/hook' ? { status: 500 } : null
    }
    expect(await run(report([ALG]), START)).toEqual(['webhook: it answered 500; the next run sends it again'])
    expect(ids).toHaveLength(3)
    to.fail = null
    expect(await run(report([ALG]), START + HOUR)).toEqual([])
    expect(to.heard).toEqual(['webhook: difference.opened https://orders.example.com/#signing_alg'])
    expect(new Set([...ids, to.bodies.webhook[0]?.id]).size).toBe(1)
    expect(await states(history)).toEqual(['sent'])
  })

  it('hears how things stand afterwards, and nothing of what came and went', async () => {
    const { to, run } = await world([...SLACK, ...HOOK])
    to.fail = () => ({ status: 503 })
    await run(report([ALG, OTHER]), START)
    await run(report([OTHER]), START + HOUR)
    await run(outage(), START + 2 * HOUR)
    await run(report([{ ...OTHER, severity: 'high', live: 'x' }]), START + 3 * HOUR)
    to.fail = null
    await run(report([{ ...OTHER, severity: 'high', live: 'x' }]), START + 4 * HOUR)
    expect(to.heard.sort()).toEqual([
      'slack: tenant-drift: 1 new (1 high)',
      'webhook: difference.opened urn:billing#allow_offline_access',
    ])
    expect(JSON.stringify(to.bodies.webhook)).toMatch(/"live":"x"/)
  })

  it('keeps to Retry-After, within the command and beyond it', async () => {
    const { to, run, history } = await world(HOOK)
    let calls = 0
    to.fail = () => (++calls === 1 ? { status: 429, headers: { 'retry-after': '7' } } : null)
    expect(await run(report([ALG]), START)).toEqual([])
    to.fail = () => (++calls > 2 ? { status: 429, headers: { 'retry-after': '7200' } } : null)
    await run(report([]), START + HOUR)
    expect(calls).toBe(3)
    expect((await history.deliveries(1))[0]).toMatchObject({ state: 'waiting', nextAt: START + 3 * HOUR })
  })

  it('gets a plain form once where it refuses a text, so that no name can silence an alarm', async () => {
    const { to, run } = await world()
    to.fail = (path, body) =>
      body.includes('orders.example.com') && path !== '/projects/g%2Fp/issues' ? { status: 400 } : null
    expect(await run(report([ALG]), START)).toEqual([])
    expect(to.heard.filter((line) => !/gitlab|heartbeat/.test(line)).sort()).toEqual([
      'pagerduty: trigger tenant-drift/acme.eu.auth0.com: tenant-drift: 1 critical differs',
      'slack: tenant-drift: 1 new (1 critical). The channel refused the full message.',
      'teams: tenant-drift: 1 new (1 critical)',
      'webhook: difference.opened',
    ])
    expect(JSON.stringify([to.bodies.slack, to.bodies.teams, to.bodies.webhook])).not.toMatch(
      /orders|signing_alg|HS256/,
    )
  })

  it('is ended by 410, says so at every run, and is told what stands once it has another address', async () => {
    const { history, to, run } = await world(SLACK)
    to.fail = () => ({ status: 410 })
    expect(await run(report([ALG]), START)).toEqual([
      expect.stringMatching(/^slack: it answered 410: the address no longer exists/),
    ])
    expect(await run(report([ALG, OTHER]), START + HOUR)).toEqual([
      expect.stringMatching(/^slack: it answered 410 before.*another address/),
    ])
    to.fail = null
    const moved = channelsFor({ ...to, url: to.url.replace('127.0.0.1', 'localhost') }, SLACK)
    expect(await command(history, to, moved, report([ALG, OTHER]), START + 2 * HOUR)).toEqual([])
    expect(to.heard).toEqual(['slack: tenant-drift: 2 new (1 critical)'])
  })

  it.each([
    [
      'a redirect',
      { status: 302, headers: { location: 'https://evil.example/' } },
      /a redirect, which is not followed/,
    ],
    ['another right', { status: 403 }, /it answered 403; the next run sends it again/],
    ['a body it cannot read', { status: 415 }, /it answered 415$/],
    ['a hang', 'hang' as const, /did not answer in time/],
  ])('%s: a warning, without a word of the answer or of the address', async (_, answer, words) => {
    const { to, run, channels } = await world(HOOK)
    to.fail = () => answer
    const warnings = await run(report([ALG]), START, answer === 'hang' ? 500 : 30_000)
    expect(warnings).toEqual([expect.stringMatching(words)])
    expect(warnings.join()).not.toMatch(/hostile|evil|127\.0\.0\.1|whsec/)
    expect(channels).toHaveLength(1)
  })

  it('keeps no other channel from hearing', async () => {
    const { to, run } = await world()
    to.fail = (path) => (path === '/teams' ? { status: 500 } : null)
    expect(await run(report([ALG]), START)).toEqual(['teams: it answered 500; the next run sends it again'])
    expect(to.heard.map((line) => line.replace(/:.*/s, '')).sort()).toEqual([
      'gitlab',
      'heartbeat',
      'pagerduty',
      'slack',
      'webhook',
    ])
  })

  it('is given up after three days', async () => {
    const { to, run, history } = await world(HOOK)
    to.fail = () => ({ status: 500 })
    await run(report([ALG]), START)
    expect(await run(report([ALG]), START + 4 * DAY)).toEqual([expect.stringMatching(/given up/)])
    expect(await states(history)).toEqual(['failed'])
  })
})

describe('a webhook that is slow', () => {
  const MANY = Array.from({ length: 12 }, (_, index) => finding(`urn:${index}`, 'signing_alg'))

  it('is sent four at a time, each place in its order', async () => {
    const { to, run } = await world(HOOK)
    const heard = { now: 0, most: 0, order: [] as string[] }
    to.slow = async (body) => {
      heard.most = Math.max(heard.most, (heard.now += 1))
      await new Promise((resolve) => setTimeout(resolve, 20))
      heard.now -= 1
      heard.order.push((JSON.parse(body) as { type: string; subject: string }).subject)
    }
    await run(report(MANY), START)
    await run(report([]), START + HOUR)
    expect([heard.most, heard.order.length]).toEqual([4, 24])
    const wrong = MANY.filter(({ identifier }) => {
      const own = to.heard.filter((line) => line.endsWith(` ${identifier}#signing_alg`))
      return !(own[0]?.includes('opened') === true && own[1]?.includes('resolved') === true && own.length === 2)
    })
    expect(wrong).toEqual([])
  })

  it('is told the rest by the next run, where the time is used up', async () => {
    const { history, to, channels } = await world(HOOK)
    await rememberRun(history, report(MANY), START)
    const hung = new Set<string>()
    // The first four take all the time that there is.
    to.fail = (_, body) => {
      const { id } = JSON.parse(body) as { id: string }
      if (hung.size >= 4 && !hung.has(id)) return null
      hung.add(id)
      return { status: 503, headers: { 'retry-after': '12' } }
    }
    expect(await tellNow(history, to, channels, true, START)).toContainEqual(expect.stringMatching(/the next run/))
    expect(to.heard).toEqual([])
    to.fail = null
    expect(await command(history, to, channels, report(MANY), START + HOUR)).toEqual([])
    expect([to.heard.length, new Set(to.bodies.webhook.map(({ id }) => id)).size]).toEqual([12, 12])
  })
})

describe('a routing key that is another one', () => {
  const PAGERDUTY: readonly ChannelConfig[] = [{ pagerduty: { routing_key_variable: 'PAGERDUTY' } }]

  it('triggers under the new one, and says what rings under the old one', async () => {
    const { history, to, run } = await world(PAGERDUTY)
    await run(report([ALG]), START)
    const other = channelsFor(to, PAGERDUTY, { PAGERDUTY: 'Other6789abcdefR0123456789abcdef' })
    const first = await command(history, to, other, report([ALG]), START + HOUR)
    const second = await command(history, to, other, report([ALG]), START + 2 * HOUR)
    expect(first).toEqual([expect.stringMatching(/^pagerduty: its routing key has changed: 1 alert of the old key/)])
    expect(second).toEqual([])
    expect(to.heard.filter((line) => line.includes('trigger'))).toHaveLength(2)
  })

  it('resolves nothing that it did not trigger, and says so', async () => {
    const { history, to, run } = await world(PAGERDUTY)
    await run(report([ALG]), START)
    // What waited for the old key is no longer sent either.
    to.fail = () => ({ status: 500 })
    await run(report([]), START + HOUR)
    to.fail = null
    const other = channelsFor(to, PAGERDUTY, { PAGERDUTY: 'Other6789abcdefR0123456789abcdef' })
    await command(history, to, other, report([]), START + 2 * HOUR)
    expect(to.heard.filter((line) => line.includes('resolve'))).toEqual([])
    expect(to.ringing.size).toBe(1)
  })
})

describe('what may have been heard although nobody answered', () => {
  it('is told to be over', async () => {
    const { history, to, channels, run } = await world(HOOK)
    const heard: string[] = []
    to.fail = (_, body) => {
      heard.push((JSON.parse(body) as { type: string }).type)
      return 'hang'
    }
    await run(report([ALG]), START, 500)
    to.fail = null
    await run(report([]), START + HOUR)
    expect(heard[0]).toBe('tenant_drift.difference.opened')
    expect(to.heard).toEqual(['webhook: difference.resolved https://orders.example.com/#signing_alg'])
    expect(channels.length + (await history.deliveries(9)).length).toBe(3)
  })

  it('by whoever took it and died', async () => {
    const { history, to, channels } = await world(HOOK)
    await rememberRun(history, report([ALG]), START)
    await tellNow(
      history,
      { ...to, url: 'http://127.0.0.1:9' },
      channelsFor({ ...to, url: 'http://127.0.0.1:9' }, HOOK),
      true,
      START,
    )
    await history.claim('webhook', 'who dies', START + HOUR, 31_000)
    await rememberRun(history, report([]), START + HOUR)
    // It may be alive, and still telling.
    await tellNow(history, to, channels, true, START + HOUR + 30_000)
    expect(to.heard).toEqual([])
    await tellNow(history, to, channels, true, START + HOUR + 31_000)
    expect(to.heard).toEqual(['webhook: difference.resolved https://orders.example.com/#signing_alg'])
  })

  it('and then changed, is told as it began, under its id, and then as it is: whoever drops what it knows believes what stands', async () => {
    const { to, run, channels, history } = await world(HOOK)
    const said: (readonly unknown[])[] = []
    to.fail = (_, body) => {
      const { id, type, data } = JSON.parse(body) as { id: string; type: string; data: { live: unknown } }
      said.push([id, type, data.live])
      return 'hang'
    }
    await run(report([ALG]), START, 500)
    to.fail = null
    const changed = { ...ALG, live: 'PS256' }
    await run(report([changed]), START + HOUR)
    const heard = to.bodies.webhook.map(({ id, type, data }) => [id, type, (data as { live: unknown }).live])
    expect(heard[0]).toEqual(said[0])
    expect(heard.slice(1)).toEqual([[expect.any(String), 'tenant_drift.difference.changed', 'PS256']])
    expect(heard[1]?.[0]).not.toBe(heard[0]?.[0])
    expect([channels.length, (await history.deliveries(9)).map(({ state }) => state)]).toEqual([1, ['sent', 'dropped']])
  })

  it('and is over, and is back, is told as both: nobody hears a second beginning without an end', async () => {
    const { to, run } = await world(HOOK)
    await run(report([ALG]), START)
    to.fail = () => 'hang'
    await run(report([]), START + HOUR, 500)
    to.fail = null
    await run(report([ALG]), START + 2 * HOUR)
    expect(to.heard.map((line) => line.split(' ')[1])).toEqual([
      'difference.opened',
      'difference.resolved',
      'difference.reopened',
    ])
  })

  it('is told to be over by a person too, whatever it became while it waited', async () => {
    const { to, run } = await world(SLACK)
    to.fail = () => 'hang'
    await run(report([ALG]), START, 500)
    to.fail = () => ({ status: 500 })
    await run(report([{ ...ALG, live: 'PS256' }]), START + HOUR)
    to.fail = null
    await run(report([]), START + 2 * HOUR)
    expect(to.heard).toEqual(['slack: tenant-drift: 1 resolved'])
  })
})

describe('what a channel lets through', () => {
  it('is at or above its severity, after so many runs, and resolved only where it was told', async () => {
    const { to, run } = await world([{ slack: { url_variable: 'SLACK' }, severity_at_least: 'high', after: 2 }])
    await run(report([ALG, OTHER]), START)
    expect(to.heard).toEqual([])
    await run(report([ALG, OTHER]), START + HOUR)
    await run(report([OTHER]), START + 2 * HOUR)
    await run(report([]), START + 3 * HOUR)
    expect(to.heard).toEqual(['slack: tenant-drift: 1 new (1 critical)', 'slack: tenant-drift: 1 resolved'])
  })

  it('is told to a channel that is added later: what stands', async () => {
    const { history, to, run } = await world(SLACK)
    await run(report([ALG]), START)
    const added = channelsFor(to, [{ ...HOOK[0], name: 'later' }])
    await command(history, to, added, report([ALG]), START + HOUR)
    await command(history, to, added, report([ALG]), START + 2 * HOUR)
    expect(to.heard).toEqual([
      'slack: tenant-drift: 1 new (1 critical)',
      'webhook: difference.opened https://orders.example.com/#signing_alg',
    ])
  })

  it('is what `on` names, and no more', async () => {
    const { to, run } = await world([{ slack: { url_variable: 'SLACK' }, on: ['resolved'] }])
    await run(report([ALG]), START)
    await run(report([]), START + HOUR)
    expect(to.heard).toEqual(['slack: tenant-drift: 1 resolved'])
  })
})

describe('a run that dies before it tells', () => {
  it('is told by the next one, and by one of two at once', async () => {
    const { history, to, channels } = await world([...SLACK, ...HOOK])
    await rememberRun(history, report([ALG]), START)
    await rememberRun(history, report([ALG, OTHER]), START + HOUR)
    await Promise.all([
      tellNow(history, to, channels, true, START + 2 * HOUR),
      tellNow(history, to, channels, true, START + 2 * HOUR),
    ])
    expect(to.heard.sort()).toEqual([
      'slack: tenant-drift: 2 new (1 critical)',
      'webhook: difference.opened https://orders.example.com/#signing_alg',
      'webhook: difference.opened urn:billing#allow_offline_access',
    ])
  })
})

describe('texts of a tenant', () => {
  const HOSTILE =
    '/close\n<!channel> <@U1> <https://evil.example|x> `@all` **b** [l](https://evil.example) <script> \u202e --> "'

  it('are harmless in every channel', async () => {
    const { to, run } = await world()
    const bad = finding(HOSTILE, 'name', { declared: HOSTILE, live: HOSTILE, message: HOSTILE })
    await run(report([bad]), START)
    await run(report([bad, finding(`${HOSTILE}2`, 'name', { live: HOSTILE })]), START + HOUR)
    await run(report([]), START + 2 * HOUR)
    expect(to.carriedOut).toEqual([])
    const slack = JSON.stringify(to.bodies.slack)
    expect(slack).not.toMatch(/<!channel|<@U1|<https:\/\/evil|<script|\u202e/)
    const teams = JSON.stringify(to.bodies.teams)
    expect(teams).not.toMatch(/[^\\]\[l\]|<script|\u202e|"msteams"/)
    for (const { description, notes } of to.gitlab)
      expect([description, ...notes].join('\n').replaceAll(/(`+)[^]*?\1/g, '')).not.toMatch(
        /@all|evil\.example|<script/,
      )
    expect(JSON.stringify(to.bodies.pagerduty)).not.toMatch(/\u202e|\\n\/close/)
    for (const { subject } of to.bodies.webhook) expect(JSON.stringify(subject)).not.toMatch(/\\n|\u202e/)
    expect(to.bodies.webhook.filter((body) => !isEvent(body))).toEqual([])
  })

  it('stay within what each service takes', async () => {
    const { to, run } = await world()
    const many = Array.from({ length: 300 }, (_, index) =>
      finding(`https://api-${index}.example.com/${'é<&'.repeat(60)}`, `scopes["${'x'.repeat(200)}"]`, {
        live: 'y'.repeat(9000),
        declared: 'z'.repeat(9000),
      }),
    )
    expect(await run(report(many), START)).toEqual([])
    expect(to.lost).toEqual([])
    expect(JSON.stringify(to.bodies.slack)).toMatch(/more are in the report/)
    expect(to.bodies.webhook.filter((body) => !isEvent(body))).toEqual([])
    for (const body of to.bodies.webhook) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(20_000)
  })
})
