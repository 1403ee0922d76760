import { describe, expect, it } from 'vitest'
import { keepReportIssue } from '../../src/notify/report-issue.ts'
import { tellAll } from '../../src/notify/tell-all.ts'
import type { Affected } from '../../src/schema/affected.ts'
import type { IssueDetails } from '../../src/notify/issue-text.ts'
import type { Report } from '../../src/schema/report.ts'
import { githubIssues, TOKEN, type Issues } from './issues-stand-in.ts'
import { finding, HOUR, report, START } from './reports.ts'
import { services, type Services } from './services.ts'
import { channelsFor, openTemporary, rememberRun } from './world.ts'

const AFFECTED: Affected = {
  applications: [
    { client_id: 'client-of-the-shop', name: 'Shop', why: 'grant' },
    {
      client_id: 'client-of-the-till',
      name: '<!channel> `Till` @everyone | [x](https://evil.example)',
      why: 'first-party',
    },
  ],
  total: 7,
  allFirstParty: true,
  thirdPartyByDefault: false,
  defaultAudience: false,
  verifiers: true,
  unknown: [],
}
const ALG = finding('https://orders.example.com/', 'signing_alg', { affected: AFFECTED })
const NAMES = /Shop|client-of-the/

describe('the living issue', () => {
  const keep = (github: Issues, of: Report, details: IssueDetails | null, at = START) =>
    keepReportIssue(
      of,
      {
        place: { repository: 'o/r', apiUrl: github.url, token: TOKEN, author: 'github-actions[bot]' },
        labels: [],
        severityAtLeast: 'low',
        details,
        link: null,
      },
      {},
      () => at,
    )

  it('says in one line whom a difference hits, and names the applications at a click', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), null)
    const body = github.issues[0]?.body ?? ''
    expect(body).toContain(
      '<details><summary>row 1: Hits 7 applications; first-party applications need no grant; services that check its tokens are hit, too</summary>',
    )
    expect(body).toContain('- `Shop (client-of-the-shop): it has a grant`')
    expect(body).toContain('- `and 5 more applications`')
    const outside = body.replaceAll(/(`+)[^]*?\1/g, '')
    expect(outside).not.toMatch(/@everyone|evil\.example|<!channel/)
  })

  it('names no application where everybody can read it, in body and comments', async () => {
    const github = await githubIssues()
    github.visibility = 'public'
    await keep(github, report([ALG]), null)
    await keep(github, report([ALG, { ...ALG, fingerprint: 'f'.repeat(32), path: 'name' }]), null, START + HOUR)
    const said = [github.issues[0]?.body ?? '', ...(github.issues[0]?.comments ?? [])].join('\n')
    expect(said).toContain('Auth0 differs from the code')
    expect(said).not.toMatch(NAMES)
    expect(said).not.toContain('Hits')
  })

  it('is written again where others are hit, and sends no mail for it', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), null)
    await keep(github, report([ALG]), null, START + HOUR)
    expect(github.writes).toHaveLength(1)
    await keep(github, report([{ ...ALG, affected: { ...AFFECTED, total: 8 } }]), null, START + 2 * HOUR)
    expect(github.writes).toHaveLength(2)
    expect(github.issues[0]?.body).toContain('Hits 8 applications')
    expect(github.issues[0]?.comments).toEqual([])
  })
})

describe('channels', () => {
  async function told(affected: ReadonlyMap<string, Affected>): Promise<{ to: Services; memory: string }> {
    const [history, to] = [await openTemporary(), await services()]
    to.now = START
    await rememberRun(history, report([ALG]), START)
    const warnings = await tellAll(
      channelsFor(to).map((channel) => ({ channel, isJudged: true })),
      history,
      {},
      () => START,
      { affected },
    )
    expect(warnings).toEqual([])
    const { episodes } = await history.memory({ address: 'acme.eu.auth0.com', view: 'default' })
    return { to, memory: JSON.stringify(episodes) }
  }

  it('say whom a difference hits, with names that mention and link nobody', async () => {
    const { to } = await told(new Map([[ALG.fingerprint, AFFECTED]]))
    const [slack, teams, alert] = [to.bodies.slack, to.bodies.teams, to.bodies.pagerduty].map((body) =>
      JSON.stringify(body),
    )
    expect(slack).toContain('Hits 7 applications: Shop, ')
    expect(slack).not.toMatch(/<!channel>/)
    expect(teams).toContain('Hits 7 applications: Shop, ')
    expect(teams).not.toMatch(/[^\\]\[x\]\(/)
    expect(alert).toContain('Hits 7 applications: Shop, ')
    expect(to.bodies.webhook[0]).toMatchObject({ data: { affected: { total: 7, verifiers: true } } })
    expect(to.gitlab[0]?.description).toContain('Hits 7 applications')
  })

  it('say nothing of it where the run did not ask, and the memory never keeps it', async () => {
    const { to, memory } = await told(new Map())
    expect(JSON.stringify([to.bodies, to.gitlab])).not.toMatch(/Hits|affected/)
    expect(memory).toContain('signing_alg')
    expect(memory).not.toMatch(NAMES)
  })
})
