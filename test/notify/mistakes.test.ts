import { expect, it } from 'vitest'
import { report, START } from './reports.ts'
import { services } from './services.ts'
import { channelsFor, command, openTemporary } from './world.ts'

const SAYS = 'declared/<!channel> `x` @everyone [y](https://evil.example) <https://evil.example|z>.yaml:3: no such key'

it('a mistake is told with its place, whose name mentions and links nobody', async () => {
  const [history, to] = [await openTemporary(), await services()]
  const errors = [{ code: 'invalid_declaration', message: SAYS, advice: 'mend it' }] as const
  const unread = report([], { verdict: 'incomplete', exitCode: 1, errors })
  expect(await command(history, to, channelsFor(to), unread, START)).toEqual([])
  const [slack, teams] = [to.bodies.slack, to.bodies.teams].map((body) => JSON.stringify(body))
  expect(slack).toMatch(/the declared state has mistakes: `declared\/[^`]*no such key`/)
  expect(slack?.replaceAll(/`[^`]*`/g, '')).not.toMatch(/evil|everyone/)
  expect(slack).not.toMatch(/<!channel>|<https:\/\/evil/)
  expect(teams).toMatch(/the declared state has mistakes: declared.*no such key/)
  expect(teams).not.toMatch(/[^\\]\[y\]\(|<!channel>/)
  expect(to.bodies.webhook).toMatchObject([{ data: { message: `the declared state has mistakes: ${SAYS}` } }])
})
