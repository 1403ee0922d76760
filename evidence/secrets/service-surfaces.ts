import type { JsonObject } from '../../src/schema/json.ts'
import { startServe } from '../serving.ts'
import { FIRST_NAME } from './planted-tenant.ts'
import { heardBy, isWritten, named, type Said, type Surface } from './surface.ts'
import { filesIn, type World } from './world.ts'

const FIRST = ['/', '/metrics', '/healthz', '/readyz', '/search?q=orders', '/api/v1/search?q=orders', '/api/v1/tenants']
const API_OF_A_TENANT = ['', '/runs', '/episodes']
const MOST_PAGES = 200

/** The service as it is shipped: a check, an event of the log stream and one that is not understood, every page that leads from one to the next, its log, what it told and what it left. */
function serves(title: string, shows: RegExp, settings: string, asked: (said: Said) => Said = (said) => said): Surface {
  return {
    group: 'the service',
    title,
    shows,
    async run(world) {
      world.write('tenant-drift.yaml', configOf(world, settings))
      const running = await startServe({ cwd: world.folder, env: world.env })
      const isChecked = ({ event }: JsonObject): boolean => event === 'checked'
      await running.line(isChecked)
      const again = running.next(isChecked)
      const [event] = world.tenant.logs()
      for (const body of [
        JSON.stringify([{ log_id: event?.log_id, data: event }]),
        world.secret('a literal in a file'),
      ])
        await fetch(`${running.url}/hooks/auth0/acme`, {
          method: 'POST',
          headers: { authorization: world.env['STREAM'] ?? '' },
          body,
        })
      await again
      const pages = await crawl(running.url)
      await running.end('SIGTERM')
      const { out, err } = running.said()
      return [
        ...asked([...pages, ...filesIn(world.folder, isWritten)]),
        ['log', out],
        ['stderr', err],
        ...heardBy(world),
      ]
    },
  }
}

export const service: readonly Surface[] = [
  serves('pages, API, log and channels', /deploy-prod/, 'who: true\naffected: true\n'),
  serves('the same with persons', new RegExp(FIRST_NAME), 'who: full\naffected: true\n', named),
]

const configOf = (world: World, settings: string): string => `declared: declared/*.json
history: .tenant-drift/history.db
schedule: every 1d
${settings}notify:
  - webhook: { url_variable: HOOK, secret_variable: HOOK_KEY }
tenants:
  acme:
    domain: ${world.tenant.domain}
    credentials: { api_token: AUTH0_API_TOKEN }
    log_stream: { token_variable: STREAM }
`

/** Every page that a link of another one leads to, and its twin of the API. */
async function crawl(url: string): Promise<Said> {
  const said: (readonly [string, string])[] = []
  const waiting = [...FIRST, ...API_OF_A_TENANT.map((path) => `/api/v1/tenants/acme${path}`)]
  const known = new Set(waiting)
  for (let path = waiting.shift(); path !== undefined && said.length < MOST_PAGES; path = waiting.shift()) {
    const page = await (await fetch(url + path)).text()
    said.push([path, page])
    const links = [...page.matchAll(/href="(\/[^"#]*)"/g)].flatMap(([, link = '']) => {
      const [, kind, id] = /^\/(episodes|runs)\/(\d+)$/.exec(link) ?? []
      return kind === undefined ? [link] : [link, `/api/v1/${kind}/${id ?? ''}`, `/api/v1/runs/${id ?? ''}/report`]
    })
    for (const link of links) {
      if (known.has(link)) continue
      known.add(link)
      waiting.push(link)
    }
  }
  return said
}
