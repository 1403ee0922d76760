import { expect, it } from 'vitest'
import type { Report, ReportFinding } from '../../src/schema/report.ts'
import { DAY, finding, HOUR, outage, report, START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor, command, openTemporary } from './world.ts'

const ALG = finding('https://orders.example.com/', 'signing_alg')
const OFFLINE = finding('urn:billing', 'allow_offline_access', { severity: 'medium', declared: false, live: true })
const SCOPE = finding('urn:billing', 'scopes["delete:invoices"]', {
  severity: 'high',
  declared: undefined as never,
  live: 'Delete',
})
const OLD = Array.from({ length: 200 }, (_, index) =>
  finding(`urn:old-${String(index).padStart(3, '0')}`, 'token_lifetime', { severity: 'low', declared: 600, live: 900 }),
)
const ROLLOUT = Array.from({ length: 40 }, (_, index) =>
  finding(`https://api-${index}.example.com/`, 'allow_offline_access', {
    severity: 'medium',
    declared: false,
    live: true,
  }),
)

const accepted = (which: ReportFinding): Partial<Report> => ({
  ignored: [{ finding: which, reason: 'for the move', owner: 'ann', expires: '2026-11-20' }],
})

/** What stands at each hour: the last that began. */
const STORY: readonly (readonly [from: number, what: string, report: Report])[] = [
  [0, 'a first run with 200 differences', report(OLD)],
  [2 * DAY, 'all of them mended', report([])],
  [4 * DAY, 'somebody turns to HS256', report([ALG])],
  [4 * DAY + 5 * HOUR, 'and opens offline access', report([ALG, OFFLINE])],
  [6 * DAY, 'an outage of nine hours', outage('unreachable')],
  [6 * DAY + 9 * HOUR, 'the tenant answers again', report([ALG, OFFLINE])],
  [8 * DAY, 'HS256 is mended', report([OFFLINE])],
  [9 * DAY, 'and is back', report([ALG, OFFLINE])],
  [10 * DAY, 'offline access is accepted', report([ALG], accepted(OFFLINE))],
  [20 * DAY, 'the rule is over', report([ALG, OFFLINE])],
  [22 * DAY, 'a scope nobody reviewed', report([ALG, OFFLINE, SCOPE])],
  [24 * DAY, 'a rollout on 40 APIs', report([ALG, OFFLINE, SCOPE, ...ROLLOUT])],
  [25 * DAY, 'everything is mended', report([])],
]

it('tells a month of one tenant, to every channel, once', { timeout: 600_000 }, async () => {
  const [history, to] = [await openTemporary(), await services()]
  const channels = channelsFor(to)
  const transcript: string[] = []
  // Four times a day: the machine that runs this has better things to do than to tell nothing.
  const step = 6
  for (let hour = 0; hour <= 26 * 24; hour += step) {
    const at = START + hour * HOUR
    const due = STORY.filter(([from]) => from <= hour * HOUR).at(-1)
    const isNews = STORY.some(([from]) => from > (hour - step) * HOUR && from <= hour * HOUR)
    if (due === undefined) continue
    const before = to.heard.length
    const warnings = await command(history, to, channels, due[2], at)
    const heard = to.heard.slice(before).filter((line) => !line.startsWith('heartbeat: ok'))
    if (isNews) transcript.push(`== day ${Math.floor(hour / 24)}, ${hour % 24}:00: ${due[1]}`)
    const hooks = heard.filter((line) => line.startsWith('webhook'))
    transcript.push(
      ...heard.filter((line) => !line.startsWith('webhook')),
      ...(hooks.length > 8 ? [...hooks.slice(0, 2), `webhook: and ${hooks.length - 2} more`] : hooks),
    )
    expect(warnings).toEqual([])
  }
  expect(to.lost).toEqual([])
  expect(to.ringing.size).toBe(0)
  expect(new Set(to.bodies.webhook.map(({ id }) => id)).size).toBe(to.bodies.webhook.length)
  expect(to.gitlab).toHaveLength(1)
  expect(to.gitlab[0]?.state).toBe('closed')
  await expect(`${transcript.join('\n')}\n`).toMatchFileSnapshot('month.txt')
})
