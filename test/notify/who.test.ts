import { describe, expect, it } from 'vitest'
import { keepReportIssue } from '../../src/notify/report-issue.ts'
import type { ChangedBy } from '../../src/schema/changed-by.ts'
import { notKnown } from '../../src/schema/changed-by.ts'
import type { ChannelConfig } from '../../src/schema/notify.ts'
import { githubIssues, TOKEN } from './issues-stand-in.ts'
import { finding, report, START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor, command, EVERY_CHANNEL, openTemporary } from './world.ts'

const KIM: ChangedBy = {
  certainty: 'certain',
  reason: null,
  at: '2026-10-31T23:52:00.000Z',
  through: 'dashboard',
  actor: { application: null, person: { name: 'Kim @team <b>', email: 'kim@example.com' } },
  tool: null,
  log: '90020261031235200000000000008050',
  keptBy: {
    count: 4,
    last: '2026-11-01T00:00:00.000Z',
    through: 'application',
    actor: { application: { client_id: 'c1', name: '@everyone [x](http://evil)' } },
    tool: 'deploy-cli 8.44.0',
    log: '9002',
  },
}

const ALG = finding('https://orders.example.com/', 'signing_alg', { changedBy: KIM })
const OLD = finding('urn:billing', 'token_dialect', { severity: 'medium', changedBy: notKnown('older-than-the-logs') })
const NONE = finding('urn:shop', 'name', { severity: 'low' })

describe('the living issue', () => {
  it('has the column who, without persons, and what others are called in code', async () => {
    const github = await githubIssues()
    const place = { repository: 'o/r', apiUrl: github.url, token: TOKEN, author: 'github-actions[bot]' }
    const settings = { place, labels: [], severityAtLeast: 'low', details: 'full', link: null } as const
    await keepReportIssue(report([ALG, OLD, NONE]), settings, {}, () => START)
    const body = github.issues[0]?.body ?? ''
    expect(body.split('\n').filter((line) => line.startsWith('|'))).toMatchInlineSnapshot(`
      [
        "| severity | API | setting | declared | live | since | who |",
        "| - | - | - | - | - | - | - |",
        "| critical | \`https://orders.example.com/\` | \`signing_alg\` | \`"RS256"\` | \`"HS256"\` | 1 Nov 2026 | a person in the dashboard, 31 Oct 2026, 23:52 UTC, log \`9002…8050\`; sent again 4 times since, last by application \`@everyone [x](http://evil)\` (calls itself \`deploy-cli 8.44.0\`) |",
        "| medium | \`urn:billing\` | \`token_dialect\` | \`"RS256"\` | \`"HS256"\` | 1 Nov 2026 | not known: the logs do not show the value before the change |",
        "| low | \`urn:shop\` | \`name\` | \`"RS256"\` | \`"HS256"\` | 1 Nov 2026 | - |",
      ]
    `)
    expect(body + github.issues[0]?.comments.join('')).not.toMatch(/Kim|kim@/)
  })

  it('has no such column where nobody asked, and says nothing of it where everybody reads', async () => {
    const github = await githubIssues()
    const place = { repository: 'o/r', apiUrl: github.url, token: TOKEN, author: 'github-actions[bot]' }
    const settings = { place, labels: [], severityAtLeast: 'low', link: null } as const
    await keepReportIssue(report([NONE]), { ...settings, details: 'full' }, {}, () => START)
    expect(github.issues[0]?.body).not.toContain('who |')
    const other = await githubIssues()
    await keepReportIssue(
      report([ALG]),
      { ...settings, place: { ...place, apiUrl: other.url }, details: 'counts' },
      {},
      () => START,
    )
    expect(other.issues[0]?.body).not.toMatch(/dashboard|everyone|9002|Kim/)
  })
})

describe('channels', () => {
  const told = async (who: ChannelConfig['who']) => {
    const [history, to] = [await openTemporary(), await services()]
    const configs = EVERY_CHANNEL.map((config) => (who === undefined ? config : { ...config, who }))
    await command(history, to, channelsFor(to, configs), report([ALG]), START)
    const { slack, teams, webhook, pagerduty } = to.bodies
    return {
      texts: { slack, teams, webhook, pagerduty },
      all: JSON.stringify({ slack, teams, webhook, pagerduty }),
      issue: to.gitlab.map(({ description, notes }) => description + notes.join('')).join(''),
    }
  }

  it('say who changed it, and name no person', { timeout: 60_000 }, async () => {
    const { texts, all, issue } = await told(undefined)
    for (const body of Object.values(texts)) expect(JSON.stringify(body)).toContain('dashboard')
    expect(all + issue).not.toMatch(/Kim|kim@/)
    expect(texts.webhook).toMatchObject([
      { data: { changedBy: { certainty: 'certain', log: KIM.log, actor: { application: null } } } },
    ])
  })

  it('name persons with who: full, but for issues', { timeout: 60_000 }, async () => {
    const { texts, issue } = await told('full')
    for (const body of Object.values(texts)) expect(JSON.stringify(body)).toContain('Kim')
    expect(issue).not.toMatch(/Kim|kim@/)
  })

  it('obey nothing that somebody is called', { timeout: 60_000 }, async () => {
    const { texts } = await told('full')
    const slack = JSON.stringify(texts.slack)
    expect(slack).not.toMatch(/<b>|<!|<@/)
    expect(slack).toContain('`Kim @team &lt;b&gt;`')
    expect(JSON.stringify(texts.teams)).not.toMatch(/\[x\]\(http/)
  })
})
