import { expect, it, onTestFinished } from 'vitest'
import type { StoredEpisode } from '../../src/history/front.ts'
import { episodePage } from '../../src/watch/page/views.ts'
import { KEY, record, sqliteStore } from '../history/stores.ts'
import { differs, type Told } from '../memory/runs.ts'

/** The only difference after these runs. */
async function episodeAfter(...runs: readonly Told[]): Promise<StoredEpisode> {
  const place = await sqliteStore()
  onTestFinished(() => place.close())
  const history = await place.open()
  for (const [index, each] of runs.entries()) await record(history, each, index)
  const [episode] = await history.episodes({ all: true })
  await history.close()
  return episode as StoredEpisode
}

async function commandsOf(episode: StoredEpisode, tenant = 'acme'): Promise<readonly string[]> {
  const page = { episode, tenant, isAlone: false, moves: [], told: [], affected: null, now: 0 }
  const text = String(await episodePage(page))
  return [...text.matchAll(/tenant-drift (\w+[^<]*)</g)].map(([, command = '']) => command)
}

it('the page of a difference names the ways back that reports name for its kind, and none where it is over', async () => {
  const changed = { findings: [differs({ fingerprint: 'f1' })] }
  const missing = { findings: [differs({ kind: 'missing', path: '', fingerprint: 'f2' })] }
  const accept = (name: string) =>
    `accept --tenant acme ${name} --reason &quot;...&quot; --owner you --expires YYYY-MM-DD`
  const way = (command: string, name: string) => `${command} --tenant acme --only ${name}`
  expect(await commandsOf(await episodeAfter(changed))).toEqual([way('repair', 'f1'), way('adopt', 'f1'), accept('f1')])
  expect(await commandsOf(await episodeAfter(missing))).toEqual([way('adopt', 'f2'), accept('f2')])
  expect(await commandsOf(await episodeAfter(changed, {}))).toEqual([])
  expect((await commandsOf(await episodeAfter(changed), 'a $(b)'))[0]).toBe('repair --only f1')
})

it('a tenant’s differences come the gravest first, and of equal ones the oldest', async () => {
  const place = await sqliteStore()
  onTestFinished(() => place.close())
  const history = await place.open()
  const of = (severity: 'low' | 'high' | 'critical', path: string) => differs({ severity, path, fingerprint: path })
  await record(history, { findings: [of('low', 'a'), of('high', 'z')] }, 0)
  await record(history, { findings: [of('low', 'a'), of('high', 'b'), of('high', 'z'), of('critical', 'c')] }, 1)
  const [tenant] = await history.tenants()
  const paths = (await history.overview.standingOf(tenant?.tenant.id ?? 0)).map((each) => each.path)
  await history.close()
  expect([tenant?.tenant.address, paths]).toEqual([KEY.address, ['c', 'z', 'b', 'a']])
})
