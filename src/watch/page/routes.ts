import type { Context, Hono } from 'hono'
import { affectedByFingerprint } from '../../notify/front.ts'
import type { Report } from '../../schema/report.ts'
import type { WatchEnv } from '../env.ts'
import {
  checkNow,
  fleetLineOf,
  MOST_FOUND,
  nameOfTenant,
  ownEpisode,
  ownRun,
  pageOf,
  searchFor,
  searchText,
} from '../find.ts'
import { fleetOf, troublesOf, waitingIn, type FleetLine, type Service } from '../service.ts'
import { STRIP_MS } from './parts.ts'
import { notFoundPage, shell, type PageParts } from './shell.ts'
import { ICON, PAGE_SCRIPT, PAGE_STYLE } from './style.ts'
import { episodePage, fleetPage, runPage, searchPage, tenantPage } from './views.ts'

export function addPageRoutes(app: Hono<WatchEnv>, service: Service): void {
  const { store, now, hide } = service
  const page = async (c: Context<WatchEnv>, parts: PageParts) => c.html(hide(await shell(parts), 'markup'))
  const asset = (path: string, type: string, text: string) =>
    app.get(path, (c) => c.body(text, 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' }))
  asset('/style.css', 'text/css', PAGE_STYLE)
  asset('/page.js', 'text/javascript', PAGE_SCRIPT)
  asset('/icon.svg', 'image/svg+xml', ICON)

  app.get('/', async (c) => {
    const lines = await fleetOf(service)
    const { page: number, pages, shown } = pageOf(lines, c.req.query('page'))
    const ids = shown.flatMap(({ standing }) => standing?.tenant.id ?? [])
    const strips = await store.use((history) => history.overview.stretches(ids, now() - STRIP_MS))
    const of = (test: (line: FleetLine) => boolean) => lines.filter(test).length
    const view = {
      lines: shown,
      total: lines.length,
      drifted: of(({ standing }) => standing?.run?.verdict === 'drifted'),
      inSync: of(({ standing }) => standing?.run?.verdict === 'in-sync'),
      page: number,
      pages,
      strips,
      troubles: troublesOf(service, waitingIn(lines)),
      now: now(),
    }
    return page(c, { title: 'Tenants', main: fleetPage(view) })
  })

  app.get('/tenants/:name', async (c) => {
    const line = await fleetLineOf(service, c.req.param('name'))
    if (line === null) return notFoundPage(c, 'This service has no tenant with this name.')
    const id = line.standing?.tenant.id ?? null
    const run = line.standing?.run
    const [text, open, moves, runs, strips] =
      id === null
        ? [null, [], [], [], new Map<number, never>()]
        : await store.use(async (history) => [
            run?.verdict === 'incomplete' && run.id !== null ? await history.report(run.id) : null,
            await history.overview.standingOf(id),
            await history.overview.movesOf(id, 50),
            await history.overview.runsOf(id, 30),
            await history.overview.stretches([id], now() - STRIP_MS),
          ])
    const main = tenantPage({
      line,
      open,
      moves,
      runs,
      stretches: strips.get(id ?? -1) ?? [],
      errors: reportIn(text)?.errors ?? [],
      hasStream: line.tenant.streamToken() !== null,
      now: now(),
    })
    return page(c, { title: line.tenant.name, main })
  })

  app.post('/tenants/:name/check', async (c) => {
    const name = c.req.param('name')
    if ((await checkNow(service, name)) === null) return notFoundPage(c, 'This service has no tenant with this name.')
    return c.redirect(`/tenants/${name}`, 303)
  })

  app.get('/episodes/:id', async (c) => {
    const episode = await ownEpisode(service, c.req.param('id'))
    const tenant = episode === null ? null : nameOfTenant(service, episode.tenant)
    if (episode === null || tenant === null) return notFoundPage(c, 'The history has no such difference.')
    const [moves, told, text] = await store.use(async (history) => {
      const [run] = await history.overview.runsOf(episode.tenant.id, 1)
      return [
        await history.transitions([episode.id]),
        await history.overview.toldOf(episode.id),
        run?.id === null || run === undefined ? null : await history.report(run.id),
      ] as const
    })
    const report = reportIn(text)
    const affected = report === null ? null : (affectedByFingerprint([report]).get(episode.fingerprint) ?? null)
    const main = episodePage({
      episode,
      tenant,
      isAlone: service.tenants.length === 1,
      moves: moves.toReversed(),
      told,
      affected,
      now: now(),
    })
    return page(c, { title: `Difference in ${tenant}`, main })
  })

  app.get('/fingerprints/:fingerprint', async (c) => {
    const wanted = c.req.param('fingerprint')
    const [first] = await searchFor(service, wanted)
    return first?.[0].fingerprint !== wanted
      ? notFoundPage(c, 'The history has no difference with this fingerprint.')
      : c.redirect(`/episodes/${first[0].id}`, 302)
  })

  app.get('/runs/:id', async (c) => {
    const found = await ownRun(service, c.req.param('id'))
    const tenant = found === null ? null : nameOfTenant(service, found.tenant)
    const id = found?.run.id ?? null
    if (found === null || tenant === null || id === null) return notFoundPage(c, 'The history has no such run.')
    const [moves, text] = await store.use(async (history) => [
      await history.overview.movesOfRun(id),
      await history.report(id),
    ])
    const main = runPage({ found, tenant, moves, report: reportIn(text) })
    return page(c, { title: `Run ${id} of ${tenant}`, main })
  })

  app.get('/search', async (c) => {
    const text = searchText(c.req.query('q'))
    const found = await searchFor(service, text)
    return page(c, { title: 'Search', main: searchPage(text, found, MOST_FOUND, now()), query: text })
  })
}

/** One that we kept ourselves; null where it is not kept. */
function reportIn(text: string | null): Report | null {
  return text === null ? null : (JSON.parse(text) as Report)
}
