import { expect, it } from 'vitest'
import type { Report, ReportFinding } from '../../src/schema/report.ts'
import { DAY, finding, HOUR, outage, report, START } from './reports.ts'
import { githubIssues, TOKEN } from './issues-stand-in.ts'
import { services } from './services.ts'
import { channelsFor, command, EVERY_CHANNEL, openTemporary } from './world.ts'

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
  [4 * DAY + 6 * HOUR, 'and opens offline access', report([ALG, OFFLINE])],
  [6 * DAY, 'an outage of twelve hours', outage('unreachable')],
  [6 * DAY + 12 * HOUR, 'the tenant answers again', report([ALG, OFFLINE])],
  [8 * DAY, 'HS256 is mended', report([OFFLINE])],
  [9 * DAY, 'and is back', report([ALG, OFFLINE])],
  [10 * DAY, 'offline access is accepted', report([ALG], accepted(OFFLINE))],
  [20 * DAY, 'the rule is over', report([ALG, OFFLINE])],
  [22 * DAY, 'a scope nobody reviewed', report([ALG, OFFLINE, SCOPE])],
  [24 * DAY, 'a rollout on 40 APIs', report([ALG, OFFLINE, SCOPE, ...ROLLOUT])],
  [25 * DAY, 'everything is mended', report([])],
]

/** Four times a day in `npm test`, hour by hour in `npm run evidence:memory`. */
const STEP = process.env['TENANT_DRIFT_RUNS'] === undefined ? 6 : 1

const CHANNELS = ['slack', 'teams', 'webhook', 'pagerduty', 'github', 'gitlab', 'heartbeat']

/** What has to be told: at that hour, and at no other. */
const NEWS = new Set(STORY.map(([from]) => from / HOUR))

it('tells a month of one tenant to every channel, once', { timeout: 600_000 }, async () => {
  const [history, to, github] = [await openTemporary(), await services(), await githubIssues()]
  const channels = channelsFor(
    to,
    [...EVERY_CHANNEL, { github_issue: { repository: 'o/r', token_variable: 'GITHUB', api_url: github.url } }],
    { GITHUB: TOKEN },
  )
  const transcript: string[] = []
  const spoke: Record<string, Set<number>> = {}
  for (let hour = 0; hour <= 26 * 24; hour += STEP) {
    const at = START + hour * HOUR
    const due = STORY.filter(([from]) => from <= hour * HOUR).at(-1)
    if (due === undefined) continue
    const [, what, stands] = due
    const before = [to.heard.length, github.heard.length]
    const warnings = await command(history, to, channels, stands, at)
    expect(warnings).toEqual([])
    const heard = [...to.heard.slice(before[0]), ...github.heard.slice(before[1])].filter(
      (line) => !line.startsWith('heartbeat: ok'),
    )
    for (const line of heard) (spoke[line.replace(/:.*/, '')] ??= new Set()).add(hour)
    if (NEWS.has(hour)) transcript.push(`== day ${Math.floor(hour / 24)}, ${hour % 24}:00: ${what}`)
    // Channels are told side by side, and a webhook four at a time.
    const lines = CHANNELS.flatMap((channel) => {
      const own = heard.filter((line) => line.startsWith(channel))
      return channel === 'webhook' ? own.sort() : channel === 'heartbeat' && !NEWS.has(hour) ? [] : own
    })
    const hooks = lines.filter((line) => line.startsWith('webhook'))
    const [first, second, ...more] = hooks
    transcript.push(
      ...(hooks.length <= 8
        ? lines
        : lines.filter((line) => !hooks.includes(line) || line === first || line === second)),
      ...(hooks.length <= 8 ? [] : [`webhook: and ${more.length} more`]),
    )
    // Never more than one, and open as long as something stands or cannot be judged.
    const isAlarm = stands.findings.length > 0 || stands.verdict === 'incomplete'
    for (const states of [github.issues, to.gitlab].map((all) => all.map(({ state }) => state.startsWith('open'))))
      expect([hour, states]).toEqual([hour, [isAlarm]])
  }
  expect(to.lost).toEqual([])
  expect(to.ringing.size).toBe(0)
  expect(new Set(to.bodies.webhook.map(({ id }) => id)).size).toBe(to.bodies.webhook.length)
  const { heartbeat: failed, ...others } = spoke
  for (const [channel, hours] of Object.entries(others))
    expect([channel, [...hours].filter((hour) => !NEWS.has(hour))]).toEqual([channel, []])
  expect(failed?.size).toBe(12 / STEP)
  // Edits are as many as there were changes; the first made the issue.
  const edits = (lines: readonly string[]) => lines.filter((line) => /^git(hub|lab): edited$/.test(line)).length
  expect([edits(github.heard), edits(to.heard)]).toEqual([STORY.length - 1, STORY.length - 1])
  await expect(`${transcript.join('\n')}\n`).toMatchFileSnapshot('month.txt')
})
