import type { Context, Hono } from 'hono'
import * as z from 'zod'
import type { StoredEpisode } from '../history/front.ts'
import { episodeView, runView } from '../history/view.ts'
import { timeOf } from '../schema/clock.ts'
import { noneOfAny, SEVERITIES } from '../schema/finding.ts'
import { historySchema } from '../schema/history-view.ts'
import { time, verdict } from '../schema/shapes.ts'
import type { WatchEnv } from './env.ts'
import { checkNow, fleetLineOf, ownEpisode, ownRun, pageOf, SEARCHED, searchFor, searchText } from './find.ts'
import { openApiDocument, type ApiRoute } from './openapi.ts'
import { fleetOf, type FleetLine, type Service } from './service.ts'
import type { FollowState } from './types.ts'

const episodeShape = historySchema.shape.episodes.element.extend({ id: z.int().describe('Number of the episode.') })
const runShape = historySchema.shape.tenants.element.shape.runs.element.extend({
  id: z.int().nullable(),
  covers: z.enum(['all', 'some']),
  requests: z.int().nullable(),
  waits: z.int().nullable(),
  commit: z.string().nullable().describe('Commit that was judged; null where none is known.'),
})
const tenantShape = z.object({
  name: z.string(),
  address: z.string().describe('Address of the tenant; name:NAME where no domain is known.'),
  verdict: verdict.nullable().describe('Of the last run; null before the first.'),
  open: z.object(Object.fromEntries(SEVERITIES.map((each) => [each, z.int()] as const))),
  oldest: time.nullable().describe('Since when the oldest open difference has been there.'),
  unreadable: z.int().describe('Places that cannot be read.'),
  lastRun: time.nullable(),
  lastComplete: time.nullable(),
  schedule: z.string(),
  nextRun: time.nullable(),
  follows: z
    .object({
      repository: z.string(),
      branch: z.string(),
      commit: z.string().nullable().describe('Tip of the branch, as it was last fetched.'),
      fetched: time.nullable().describe('When that was; null where this process never fetched it.'),
      fault: z.string().nullable().describe('Why the last fetch failed; null where it succeeded.'),
    })
    .nullable()
    .describe('Branch that says what is declared; null where none is followed.'),
})
const errorShape = z.object({ error: z.string() })
const many = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), page: z.int(), pages: z.int(), total: z.int() })

/** Every route of `/api/v1`: what is served, and what the document says of it. */
const ROUTES = {
  tenants: {
    method: 'get',
    path: '/tenants',
    says: 'All tenants, drifted ones first.',
    answer: many(tenantShape),
    query: ['page'],
  },
  tenant: { method: 'get', path: '/tenants/{name}', says: 'One tenant.', answer: tenantShape },
  runs: {
    method: 'get',
    path: '/tenants/{name}/runs',
    says: 'Its runs, the newest first. Runs in a row that said the same are one entry.',
    answer: z.object({ items: z.array(runShape) }),
  },
  open: {
    method: 'get',
    path: '/tenants/{name}/episodes',
    says: 'Its open and accepted differences.',
    answer: z.object({ items: z.array(episodeShape) }),
  },
  check: {
    method: 'post',
    path: '/tenants/{name}/check',
    says: 'Check it now. Changes nothing in the tenant.',
    status: 202,
    answer: z.object({ ready: time.describe('When the check will start.') }),
  },
  episode: { method: 'get', path: '/episodes/{id}', says: 'One difference.', answer: episodeShape },
  run: { method: 'get', path: '/runs/{id}', says: 'One run.', answer: runShape },
  report: {
    method: 'get',
    path: '/runs/{id}/report',
    says: 'The JSON report of a run, where it is kept (`tenant-drift schema report` has its schema).',
    answer: z.looseObject({ schemaVersion: z.literal(1) }),
  },
  search: {
    method: 'get',
    path: '/search',
    says: `Differences by ${SEARCHED}.`,
    answer: z.object({ items: z.array(episodeShape) }),
    query: ['q'],
  },
} as const satisfies Readonly<Record<string, ApiRoute>>

export function addApiRoutes(app: Hono<WatchEnv>, service: Service): void {
  const { store } = service
  const missing = (c: Context<WatchEnv>) => c.json(errorShape.parse({ error: 'not found' }), 404)
  const at = ({ path }: ApiRoute): string => `/api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

  app.get('/api/v1/openapi.json', (c) => c.json(openApiDocument(ROUTES, errorShape, service)))
  app.get(at(ROUTES.tenants), async (c) => {
    const lines = await fleetOf(service)
    const { page, pages, shown } = pageOf(lines, c.req.query('page'))
    return c.json({ items: shown.map(fleetTenantView), page, pages, total: lines.length })
  })
  app.get(at(ROUTES.tenant), async (c) => {
    const line = await fleetLineOf(service, c.req.param('name'))
    return line === null ? missing(c) : c.json(fleetTenantView(line))
  })
  app.get(at(ROUTES.runs), async (c) => {
    const line = await fleetLineOf(service, c.req.param('name'))
    if (line === null) return missing(c)
    const id = line.standing?.tenant.id
    const runs = id === undefined ? [] : await store.use((history) => history.overview.runsOf(id, 100))
    return c.json({ items: runs.map(wholeRun) })
  })
  app.get(at(ROUTES.open), async (c) => {
    const line = await fleetLineOf(service, c.req.param('name'))
    if (line === null) return missing(c)
    const id = line.standing?.tenant.id
    const episodes = id === undefined ? [] : await store.use((history) => history.overview.standingOf(id))
    return c.json({ items: episodes.map(wholeEpisode) })
  })
  app.post(at(ROUTES.check), async (c) => {
    const ready = await checkNow(service, c.req.param('name') ?? '')
    return ready === null ? missing(c) : c.json({ ready: timeOf(ready) }, 202)
  })
  app.get(at(ROUTES.episode), async (c) => {
    const episode = await ownEpisode(service, c.req.param('id'))
    return episode === null ? missing(c) : c.json(wholeEpisode(episode))
  })
  app.get(at(ROUTES.run), async (c) => {
    const found = await ownRun(service, c.req.param('id'))
    return found === null ? missing(c) : c.json(wholeRun(found.run))
  })
  app.get(at(ROUTES.report), async (c) => {
    const id = (await ownRun(service, c.req.param('id')))?.run.id ?? null
    const report = id === null ? null : await store.use((history) => history.report(id))
    return report === null ? missing(c) : c.body(report, 200, { 'content-type': 'application/json; charset=utf-8' })
  })
  app.get(at(ROUTES.search), async (c) => {
    const found = await searchFor(service, searchText(c.req.query('q')))
    return c.json({ items: found.map(([episode]) => wholeEpisode(episode)) })
  })
}

function fleetTenantView({ tenant, standing, waiting }: FleetLine): z.infer<typeof tenantShape> {
  const when = (ms: number | null | undefined): string | null => (typeof ms === 'number' ? timeOf(ms) : null)
  return {
    name: tenant.name,
    address: tenant.key.address,
    verdict: standing?.run?.verdict ?? null,
    open: standing?.open ?? noneOfAny(),
    oldest: when(standing?.oldest),
    unreadable: standing?.unreadable ?? 0,
    lastRun: when(standing?.run?.lastAt),
    lastComplete: when(standing?.lastComplete),
    schedule: tenant.schedule.text,
    nextRun: when(waiting?.ready),
    follows: followView(tenant.follows?.() ?? null),
  }
}

function followView(state: FollowState | null): z.infer<typeof tenantShape>['follows'] {
  if (state === null) return null
  const { at, ...rest } = state
  return { ...rest, fetched: at === null ? null : timeOf(at) }
}

function wholeEpisode(episode: StoredEpisode): z.infer<typeof episodeShape> {
  return { ...episodeView(episode), id: episode.id }
}

function wholeRun(run: Parameters<typeof runView>[0]): z.infer<typeof runShape> {
  const { id, covers, requests, waits, commit } = run
  return { ...runView(run), id, covers, requests, waits, commit }
}
