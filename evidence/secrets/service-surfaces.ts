import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { COMMAND } from '../shipped.ts'
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
      const running = await start(world)
      await running.until('checked')
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
      await running.until('checked')
      const pages = await crawl(running.url)
      const log = await running.stop()
      return [
        ...asked([...pages, ...filesIn(world.folder, isWritten)]),
        ['log', log.out],
        ['stderr', log.err],
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

interface Running {
  readonly url: string
  /** Waits for the next line of the log with that event. */
  readonly until: (event: string) => Promise<void>
  readonly stop: () => Promise<{ readonly out: string; readonly err: string }>
}

async function start({ folder, env }: World): Promise<Running> {
  const child = spawn(process.execPath, [COMMAND, 'serve', '--listen', '127.0.0.1:0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [exited, err] = [once(child, 'exit'), text(child.stderr)]
  const lines: string[] = []
  const log = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (event: string): Promise<Readonly<Record<string, unknown>>> => {
    for (;;) {
      const { done, value } = await log.next()
      if (done === true) throw new Error(`serve ended: ${await err}\n${lines.join('\n')}`)
      lines.push(value)
      const line = JSON.parse(value) as Readonly<Record<string, unknown>>
      if (line['event'] === event) return line
    }
  }
  const { url } = await next('listening')
  return {
    url: String(url),
    until: async (event) => void (await next(event)),
    async stop() {
      child.kill('SIGTERM')
      for (let each = await log.next(); each.done !== true; each = await log.next()) lines.push(String(each.value))
      await exited
      return { out: lines.join('\n'), err: await err }
    },
  }
}

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
