import { describe, expect, it } from 'vitest'
import { keepReportIssue, type ReportIssue } from '../../src/notify/report-issue.ts'
import { markerOf } from '../../src/notify/issue-text.ts'
import type { Report } from '../../src/schema/report.ts'
import { githubIssues, issueOf, TOKEN, type Issues } from './issues-stand-in.ts'
import { DAY, finding, HOUR, outage, report, START } from './reports.ts'

const ALG = finding('https://orders.example.com/', 'signing_alg')
const OFFLINE = finding('urn:billing', 'allow_offline_access', { severity: 'medium', declared: false, live: true })
const MARKER = markerOf('acme.eu.auth0.com')

function keep(github: Issues, of: Report, at: number, more: Partial<ReportIssue> = {}) {
  const place = { repository: 'o/r', apiUrl: github.url, token: TOKEN, author: 'github-actions[bot]' }
  const settings = {
    place,
    labels: [],
    severityAtLeast: 'low' as const,
    details: null,
    link: 'https://github.example/run/1',
  }
  return keepReportIssue(of, { ...settings, ...more }, {}, () => at)
}

describe('the living issue, with no memory but its own', () => {
  it('is opened by the first difference, and says where and since when', async () => {
    const github = await githubIssues()
    const kept = await keep(github, report([ALG, OFFLINE]), START, { labels: ['drift'] })

    expect(kept).toMatchObject({
      done: ['created'],
      warnings: [],
      fault: null,
      url: 'https://github.example/o/r/issues/1',
    })
    expect(github.issues[0]).toMatchObject({
      title: 'acme.eu.auth0.com differs from the code',
      labels: ['drift'],
      comments: [],
    })
    expect(github.issues[0]?.body).toMatchInlineSnapshot(`
      "<!-- tenant-drift issue v1 acme.eu.auth0.com -->
      \`acme.eu.auth0.com\`**&#x20;differs from the code in 2 places on 2 APIs: 1 critical, 1 medium.** As of 1 November 2026, 00:07 UTC ([run](https://github.example/run/1)). Checks that find the same do not edit this text.

      | severity | API | setting | declared | live | since |
      | - | - | - | - | - | - |
      | critical | \`https://orders.example.com/\` | \`signing_alg\` | \`"RS256"\` | \`"HS256"\` | 1 Nov 2026 |
      | medium | \`urn:billing\` | \`allow_offline_access\` | \`false\` | \`true\` | 1 Nov 2026 |

      Put the tenant back (\`tenant-drift repair\`), take the live values into the code (\`tenant-drift adopt\`), or accept them for a while (\`tenant-drift accept\`). This issue closes itself once a complete check finds nothing. Closing it by hand hides nothing.
      <!-- tenant-drift memory v1 Y2SAASYGhlWL39jZHL-S7v30nP3-td7zGE9IHwdhBvbfgpO_SLM-tJxUw73X4qnqA7gMKwA -->"
    `)
  })

  it('is never made where nothing differs', async () => {
    const github = await githubIssues()
    await keep(github, report([]), START)
    expect(github.writes).toEqual([])
  })

  it('is not written by a run that finds the same, and keeps its dates', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    const before = github.issues[0]?.body
    for (let hour = 1; hour <= 3; hour += 1) await keep(github, report([ALG]), START + hour * HOUR)
    expect(github.writes).toEqual(['POST /repos/o/r/issues'])
    expect(github.issues[0]?.body).toBe(before)
  })

  it('is told what is new, what is graver, and that it is over; then it closes', async () => {
    const github = await githubIssues()
    await keep(github, report([OFFLINE]), START)
    await keep(github, report([{ ...OFFLINE, severity: 'high' }, ALG]), START + DAY)
    await keep(github, report([]), START + 3 * DAY)

    expect(github.issues).toHaveLength(1)
    expect(github.issues[0]).toMatchObject({ state: 'closed', reason: 'completed' })
    expect(github.issues[0]?.comments).toMatchInlineSnapshot(`
      [
        "**New, critical:** \`signing_alg\` of \`https://orders.example.com/\` is \`"HS256"\`, declared is \`"RS256"\`. Anyone who holds the shared secret can forge tokens for this API, and every service that checks tokens holds it. Seen 2 November 2026, 00:07 UTC ([run](https://github.example/run/1)).

      **More severe, now high:** \`allow_offline_access\` of \`urn:billing\` is \`true\`, declared is \`false\`. Clients get refresh tokens: a stolen one lives on long after the access token has expired. Seen 2 November 2026, 00:07 UTC ([run](https://github.example/run/1)).",
        "**In sync again.** The check of 4 November 2026, 00:07 UTC read all 42 APIs. 2 differences ended. The longest lasted 3 days. ([run](https://github.example/run/1))",
      ]
    `)
    expect(github.issues[0]?.body).toMatch(/is in sync with the code/)
  })

  it('keeps quiet below the severity asked for, and is edited all the same', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START, { severityAtLeast: 'high' })
    await keep(github, report([ALG, OFFLINE]), START + HOUR, { severityAtLeast: 'high' })
    expect(github.issues[0]?.comments).toEqual([])
    expect(github.issues[0]?.body).toMatch(/in 2 places/)
  })

  it('says what came back, and how often', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    await keep(github, report([]), START + DAY)
    await keep(github, report([ALG]), START + 2 * DAY)
    expect(github.issues).toHaveLength(1)
    expect(github.issues[0]).toMatchObject({ state: 'open' })
    expect(github.issues[0]?.comments.at(-1)).toMatch(/^\*\*Back for the second time, critical:\*\*/)
    expect(github.issues[0]?.body).toMatch(/3 Nov 2026, came back once/)
  })

  it('is opened by a tenant that cannot be judged, once, and ends no difference by that', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    for (let hour = 1; hour <= 3; hour += 1) await keep(github, outage(), START + hour * HOUR)
    expect(github.issues[0]?.comments).toHaveLength(1)
    expect(github.issues[0]?.comments[0]).toMatch(/^\*\*Could not be judged\*\* since 1 November 2026, 01:07 UTC/)
    expect(github.issues[0]?.body).toMatch(
      /\n> \*\*Could not be judged since 1 November 2026, 01:07 UTC\*\*.*What follows is from the last complete check\.\n\n.*differs from the code in 1 place/,
    )
    await keep(github, report([ALG]), START + 5 * HOUR)
    expect(github.issues[0]?.body).not.toMatch(/Could not be judged/)
    expect(github.issues[0]?.body).toMatch(/1 Nov 2026/)
    expect(github.issues[0]?.comments.at(-1)).toMatch(/^\*\*Judged again\.\*\*/)

    const alone = await githubIssues()
    await keep(alone, outage(), START)
    await keep(alone, outage(), START + HOUR)
    expect(alone.writes).toEqual(['POST /repos/o/r/issues'])
    await keep(alone, report([]), START + 2 * HOUR)
    expect(alone.issues[0]).toMatchObject({ state: 'closed' })
  })

  it('is opened again where somebody closed it while something stands, at most once a day', async () => {
    const github = await githubIssues()
    const close = () => Object.assign(github.issues[0] ?? {}, { state: 'closed', reason: 'not_planned' })
    await keep(github, report([ALG]), START)
    close()
    await keep(github, report([ALG]), START + HOUR)
    expect(github.issues[0]).toMatchObject({ state: 'open' })
    expect(github.issues[0]?.comments).toEqual([
      expect.stringMatching(
        /^\*\*Opened again:\*\* it was closed while 1 difference was open\..*`tenant-drift accept`/,
      ),
    ])
    close()
    await keep(github, report([ALG]), START + 2 * HOUR)
    expect(github.issues[0]).toMatchObject({ state: 'closed' })
    await keep(github, report([ALG]), START + 26 * HOUR)
    expect(github.issues[0]).toMatchObject({ state: 'open' })
    expect(github.issues).toHaveLength(1)
  })
})

describe('whose issue it is', () => {
  it('leaves one alone that somebody of the house wrote, and says so', async () => {
    const github = await githubIssues()
    github.issues.push(issueOf(1, `${MARKER}\nx`, { user: { login: 'alice', type: 'User' }, association: 'MEMBER' }))
    const kept = await keep(github, report([ALG]), START)
    expect(kept.warnings).toEqual([expect.stringMatching(/an issue of alice begins like/)])
    expect(github.writes).toEqual([])
  })

  it("ignores a stranger's, another line, and what is a pull request", async () => {
    const github = await githubIssues()
    github.issues.push(
      issueOf(1, `${MARKER}\nx`, { user: { login: 'mallory', type: 'User' } }),
      issueOf(2, `${markerOf('other.eu.auth0.com')}\nx`),
      issueOf(3, `hello\n${MARKER}`),
      issueOf(4, `${MARKER}\nx`, { isPull: true }),
    )
    await keep(github, report([ALG]), START)
    expect(github.issues).toHaveLength(5)
  })

  it('closes the one just made where another run was quicker', async () => {
    const github = await githubIssues()
    github.beforeCreate = () => github.issues.push(issueOf(1, `${MARKER}\nx`))
    await keep(github, report([ALG]), START)
    expect(github.issues.map(({ number, state, reason, comments }) => [number, state, reason, comments])).toEqual([
      [1, 'open', null, []],
      [2, 'closed', 'not_planned', ['Duplicate of #1']],
    ])
  })

  it('goes on with the older of two, and names the other one', async () => {
    const github = await githubIssues()
    github.issues.push(issueOf(3, `${MARKER}\nx`), issueOf(7, `${MARKER}\nx`))
    const kept = await keep(github, report([ALG]), START)
    expect(kept.warnings).toContainEqual(expect.stringMatching(/2 open issues of this tenant: #7/))
    expect(github.issues[0]?.body).toMatch(/differs from the code/)
    expect(github.issues[1]?.body).toBe(`${MARKER}\nx`)
  })

  it('leaves one alone that was converted to a discussion, which is closed and locked', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    Object.assign(github.issues[0] ?? {}, { state: 'closed', locked: true })
    await keep(github, report([ALG]), START + HOUR)
    expect(github.issues.map(({ number, state }) => [number, state])).toEqual([
      [1, 'closed'],
      [2, 'open'],
    ])
  })

  it('begins ages again where the last line was edited, and says so', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    const [issue] = github.issues
    if (issue !== undefined) issue.body = issue.body.replace(/memory v1 \S+/, 'memory v1 AAAA')
    const kept = await keep(github, report([ALG]), START + 5 * DAY)
    expect(kept.warnings).toEqual([expect.stringMatching(/memory in the last line/)])
    expect(issue?.body).toMatch(/6 Nov 2026/)
  })
})

describe('what a service refuses', () => {
  const failing = async (
    of: (method: string, path: string) => { status: number; headers?: Record<string, string> } | null,
  ) => {
    const github = await githubIssues()
    github.fail = of
    return { github, kept: await keep(github, report([ALG]), START, { labels: ['drift'] }) }
  }

  it('labels: the issue is there, and a warning', async () => {
    const { github, kept } = await failing((_, path) => (path.endsWith('/labels') ? { status: 403 } : null))
    expect(kept).toMatchObject({
      done: ['created'],
      fault: null,
      warnings: [expect.stringMatching(/without its labels/)],
    })
    expect(github.issues).toHaveLength(1)
  })

  it.each([
    ['no right', { status: 403 }, /issues: write/],
    ['a dead token', { status: 401 }, /not valid, or has expired/],
    ['issues switched off', { status: 410 }, /switched off/],
    ['moved', { status: 301, headers: { location: 'https://evil.example/' } }, /redirect/],
  ])('%s: said, and nothing of the answer', async (_, answer, words) => {
    const { github, kept } = await failing(() => answer)
    expect(kept.fault).toMatchObject({ why: expect.stringMatching(words), afterMs: null })
    expect(JSON.stringify(kept)).not.toMatch(/hostile|evil|token-of-the-job/)
    expect(github.issues).toEqual([])
  })

  it('a secondary limit is a limit, and no missing right', async () => {
    const { kept } = await failing((method) =>
      method === 'POST' ? { status: 403, headers: { 'retry-after': '120' } } : null,
    )
    expect(kept.fault).toMatchObject({ afterMs: 120_000, why: expect.stringMatching(/a rate limit/) })
  })

  it('an issue that cannot be opened again: a new one names it', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    Object.assign(github.issues[0] ?? {}, { state: 'closed' })
    github.fail = (method, path) => (method === 'PATCH' && path.endsWith('/issues/1') ? { status: 422 } : null)
    await keep(github, report([ALG]), START + HOUR)
    expect(github.issues[1]?.comments).toEqual(['Continues #1, which cannot be opened again.'])
  })

  it('a comment on what is locked: the text is written all the same', async () => {
    const github = await githubIssues()
    await keep(github, report([ALG]), START)
    Object.assign(github.issues[0] ?? {}, { locked: true })
    const kept = await keep(github, report([ALG, OFFLINE]), START + HOUR)
    expect(kept.warnings).toEqual([expect.stringMatching(/a comment on issue #1 was refused/)])
    expect(github.issues[0]?.body).toMatch(/in 2 places/)
  })
})

describe('who can read it', () => {
  it('says numbers and dates alone where everybody can, unless asked for more', async () => {
    const github = await githubIssues()
    github.visibility = 'public'
    await keep(github, report([ALG, OFFLINE]), START)
    await keep(github, report([ALG, OFFLINE, finding('urn:new', 'name', { severity: 'low' })]), START + HOUR)
    const all = JSON.stringify(github.issues)
    expect(all).not.toMatch(/orders|billing|urn:new|signing_alg|allow_offline|HS256|differs in/)
    expect(github.issues[0]?.body).toMatch(
      /Auth0 differs from the code: 1 critical, 1 medium, 1 low, the oldest since 1 Nov 2026/,
    )
    expect(github.issues[0]?.comments).toEqual([expect.stringMatching(/^\*\*1 new difference: 1 low\.\*\*/)])

    const open = await githubIssues()
    open.visibility = 'public'
    await keep(open, report([ALG]), START, { details: 'full' })
    expect(open.issues[0]?.body).toMatch(/signing_alg/)
  })

  it('takes a repository for public where nobody says what it is', async () => {
    const github = await githubIssues()
    github.fail = (_, path) => (path === '/repos/o/r' ? { status: 404 } : null)
    await keep(github, report([ALG]), START)
    expect(github.issues[0]?.body).not.toMatch(/signing_alg/)
  })
})

describe('what stands in it', () => {
  it('holds no more than a service takes, the gravest first, and equal changes in one row', async () => {
    const github = await githubIssues()
    const many = Array.from({ length: 300 }, (_, index) =>
      finding(
        `https://api-${String(index).padStart(3, '0')}.example.com/`,
        index % 2 === 0 ? 'allow_offline_access' : `scopes.s${index}`,
        {
          severity: index === 298 ? 'critical' : 'medium',
          live: index % 2 === 0 ? true : 'x'.repeat(5000),
        },
      ),
    )
    await keep(github, report(many), START)
    const body = github.issues[0]?.body ?? ''
    expect(Buffer.byteLength(body)).toBeLessThan(60_000)
    expect(body).toMatch(/in 300 places on 300 APIs: 1 critical, 299 medium/)
    expect(body).toMatch(/\| critical/)
    expect(body).toMatch(/149 APIs: .* and 146 more/)
    expect(body).toMatch(/more are in the report of the run/)
    // All of it is remembered: the next run tells nothing again.
    await keep(github, report(many), START + HOUR)
    expect(github.writes).toHaveLength(1)
  })

  it('shows texts of a tenant as code, where nothing is a mention, a link, an order or HTML', async () => {
    const github = await githubIssues()
    const hostile =
      '/close\n@everyone <!channel> <script>x</script> `code` | --> <!-- tenant-drift memory v1 AAAA --> #12 \u202e [x](https://evil.example)'
    await keep(github, report([finding(hostile, 'name', { live: hostile, declared: hostile })]), START)
    await keep(
      github,
      report([
        finding(hostile, 'name', { live: hostile, declared: hostile, severity: 'critical' }),
        finding(`${hostile}2`, 'name', { live: hostile }),
      ]),
      START + HOUR,
    )
    const [issue] = github.issues
    for (const text of [issue?.body ?? '', ...(issue?.comments ?? [])]) {
      expect(text).not.toMatch(/^\s*\/close/m)
      expect(text).not.toMatch(/\u202e/)
      const outside = text.replaceAll(/(`+)[^]*?\1/g, '')
      expect(outside).not.toMatch(/@everyone|<script|evil\.example|<!channel/)
    }
    expect(issue?.body.match(/^<!-- tenant-drift memory v1/gm)).toHaveLength(1)
    expect(github.issues).toHaveLength(1)
  })
})
