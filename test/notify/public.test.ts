import { expect, it } from 'vitest'
import type { Report } from '../../src/schema/report.ts'
import { githubIssues, TOKEN } from './issues-stand-in.ts'
import { finding, HOUR, outage, report, START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor, command, openTemporary } from './world.ts'

/** Everything that a tenant, its code or its people call by a name of their own. */
const WORDS = {
  identifier: 'https://orders-of-acme.example.com/',
  other: 'urn:acme:billing',
  setting: 'allow_offline_access',
  scope: 'delete:invoices-of-acme',
  declared: 'declared-value-4711',
  live: 'live-value-0815',
  message: 'a sentence that names an application and ann@example.com',
} as const

const { identifier, other, setting, scope, declared, live, message } = WORDS
const GRAVE = finding(identifier, 'name', { declared, live, message })
const OTHER = finding(other, setting, { severity: 'medium', declared: false, live: true, message })
const SCOPE = finding(other, `scopes["${scope}"]`, { severity: 'high', live, message })
const GONE = finding(other, '', { kind: 'missing', severity: 'high', declared, message })

const STORY: readonly (readonly [hours: number, report: Report])[] = [
  [0, report([GRAVE])],
  [1, report([GRAVE, OTHER, SCOPE])],
  [2, report([GRAVE, { ...OTHER, severity: 'critical', live }, SCOPE])],
  [3, outage('unauthorized')],
  [4, report([GRAVE, SCOPE])],
  [5, report([])],
  [30, report([GRAVE, GONE])],
  [24 * 40, report([GRAVE])],
]

it.each([
  ['public', 'public', true],
  ['internal', 'internal', true],
  ['private', 'private', false],
])('a standing issue in a %s place', async (_, visibility, isOpenToOthers) => {
  const [history, to, github] = [await openTemporary(), await services(), await githubIssues()]
  Object.assign(to, { visibility })
  github.visibility = visibility === 'internal' ? 'public' : visibility
  const channels = channelsFor(
    to,
    [
      { github_issue: { repository: 'o/r', token_variable: 'GITHUB', api_url: github.url } },
      { gitlab_issue: { project: 'g/p', token_variable: 'GITLAB' } },
    ],
    { GITHUB: TOKEN },
  )
  const said: string[] = []
  for (const [hours, stands] of STORY) {
    expect(await command(history, to, channels, stands, START + hours * HOUR)).toEqual([])
    for (const { title, body, comments } of github.issues) said.push(title, body, ...comments)
    for (const { description, notes } of to.gitlab) said.push(description, ...notes)
  }
  const found = Object.values(WORDS).filter((word) => said.some((text) => text.includes(word)))
  expect(found).toEqual(isOpenToOthers ? [] : [identifier, other, setting, scope, declared, live])
  // What everybody may read says how grave it is, and since when.
  expect(said.some((text) => /1 critical, 1 high, 1 medium/.test(text))).toBe(true)
  expect(said.some((text) => /1 Nov 2026/.test(text))).toBe(true)
  expect(to.gitlab.every(({ confidential }) => confidential)).toBe(isOpenToOthers)
})
