import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { streamSSE } from 'hono/streaming'
import { bugText, TenantDriftError } from '../schema/errors.ts'
import { addApiRoutes } from './api.ts'
import {
  COOKIE,
  isCookie,
  isKnownHost,
  isSameOrigin,
  isSameSecret,
  makeCookie,
  sentToken,
  SESSION_MS,
} from './doors.ts'
import type { WatchEnv } from './env.ts'
import { answerHook } from './hook.ts'
import { createLimit } from './limit.ts'
import { metricsText } from './metrics.ts'
import { loginPage, LOGIN_POLICY } from './page/login.ts'
import { addPageRoutes } from './page/routes.ts'
import { notFoundPage, troublePage } from './page/shell.ts'
import { troubles, type Service } from './service.ts'

/** Everything of ours and nothing else, and no page of others may show it within itself. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  // With `no-referrer` a browser sends `Origin: null` with our forms, and they would be refused.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

const PING_MS = 20_000
const MOST_STREAMS = 200
/** A page that is open for that long asks anew: a token that was changed holds for it as well. */
const STREAM_MS = 3_600_000

export function watchApp(service: Service): Hono<WatchEnv> {
  const { doors, now, counters, store } = service
  const app = new Hono<WatchEnv>()
  const mayAsk = createLimit(300, 30, now)
  const mayRefuse = createLimit(20, 0.5, now)
  const fromOf = (c: Context<WatchEnv>): string => c.env.incoming?.socket.remoteAddress ?? ''

  app.use('*', async (c: Context<WatchEnv>, next) => {
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
    await next()
  })

  // Open, and without details: what probes a machine has no token.
  app.get('/healthz', (c) => c.text('ok\n'))
  app.get('/readyz', async (c) => {
    const isReady = (await troubles(service)).length === 0
    return c.text(isReady ? 'ready\n' : 'not ready\n', isReady ? 200 : 503)
  })

  app.use('*', async (c: Context<WatchEnv>, next) => {
    if (!isKnownHost(c.req.header('host'), doors))
      return c.text('This service does not answer to this host name.\n', 421)
    return next()
  })

  // Log streams have tokens of their own, so this stands before the door.
  app.post('/hooks/auth0/:tenant', (c: Context<WatchEnv>) =>
    answerHook(c, service, () => mayRefuse(`hook ${fromOf(c)}`)),
  )

  app.use('*', async (c: Context<WatchEnv>, next) => {
    const header = (name: string) => c.req.header(name)
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !isSameOrigin(header, header('host'), doors))
      return c.text('This request did not come from a page of this service.\n', 403)
    return next()
  })

  app.post('/login', async (c: Context<WatchEnv>) => {
    if (doors.token === null) return c.redirect('/', 303)
    const form = await smallForm(c).catch(() => null)
    if (isSameSecret(form?.get('token') ?? '', doors.token)) {
      const isSecure = doors.pageUrl?.startsWith('https:') === true
      setCookie(c, COOKIE, makeCookie(doors.token, now()), {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        secure: isSecure,
        maxAge: SESSION_MS / 1000,
      })
      return c.redirect('/', 303)
    }
    return refuse(c, true)
  })

  const refuse = async (c: Context<WatchEnv>, isTold: boolean): Promise<Response> => {
    counters.tokensRefused += isTold ? 1 : 0
    if (isTold && !mayRefuse(fromOf(c))) return c.text('Too many wrong tokens: wait a minute.\n', 429)
    c.header('www-authenticate', 'Bearer')
    const isPerson = (c.req.header('accept') ?? '').includes('text/html') && doors.token !== null
    if (!isPerson) return c.text('A token is needed.\n', 401)
    c.header('content-security-policy', LOGIN_POLICY)
    return c.html(await loginPage(isTold), 401)
  }

  app.use('*', async (c: Context<WatchEnv>, next) => {
    const { token, userHeader } = doors
    if (token === null && userHeader === null) return mayAsk(fromOf(c)) ? next() : c.text('Too many requests.\n', 429)
    const sent = sentToken(c.req.header('authorization'))
    const cookie = getCookie(c, COOKIE)
    const isKnown =
      (token !== null && sent !== null && isSameSecret(sent, token)) ||
      (token !== null && cookie !== undefined && isCookie(cookie, token, now())) ||
      (userHeader !== null && userHeader.isTrusted(fromOf(c)) && (c.req.header(userHeader.name) ?? '').trim() !== '')
    if (!isKnown) return refuse(c, sent !== null)
    return mayAsk(fromOf(c)) ? next() : c.text('Too many requests.\n', 429)
  })

  app.get('/metrics', async (c) => {
    c.header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    return c.body(await metricsText(service))
  })
  app.get('/events', (c: Context<WatchEnv>) => events(c, service))
  addApiRoutes(app, service)
  addPageRoutes(app, service)

  app.notFound((c: Context<WatchEnv>) =>
    c.req.path.startsWith('/api/') ? c.json({ error: 'not found' }, 404) : notFoundPage(c, 'There is no such page.'),
  )
  app.onError(async (error, c: Context<WatchEnv>) => {
    if (!(error instanceof TenantDriftError)) {
      service.log({ level: 'error', event: 'bug', path: c.req.path, message: bugText(error) })
      return c.text('The service failed; its log says how.\n', 500)
    }
    const why = store.fault() ?? error.message
    if (c.req.path.startsWith('/api/')) return c.json({ error: service.hide(why, 'text') }, 503)
    return troublePage(c, service.hide(why, 'text'))
  })
  return app
}

/** A form of one field; null for anything longer. Throws where it does not come whole. */
async function smallForm(c: Context<WatchEnv>): Promise<URLSearchParams | null> {
  if (Number(c.req.header('content-length') ?? Infinity) > 4096) return null
  return new URLSearchParams(await c.req.text())
}

function events(c: Context<WatchEnv>, { changed }: Service): Response {
  // A HEAD request reads no stream, and would never end one.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
  if (changed.count() >= MOST_STREAMS) return c.text('Too many pages are open.\n', 503)
  // Tells nginx not to buffer: events would not arrive.
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async (stream) => {
    const over = Promise.withResolvers<void>()
    stream.onAbort(over.resolve)
    const waiting = new Set<string>()
    let isWriting = false
    // For a client that does not read, at most one event of each kind waits.
    const say = (event: string): void => {
      waiting.add(event)
      if (!isWriting) write().catch(over.resolve)
    }
    const write = async (): Promise<void> => {
      isWriting = true
      for (const event of waiting) {
        waiting.delete(event)
        await stream.writeSSE({ event, data: '' })
      }
      isWriting = false
    }
    const end = changed.listen(() => say('changed'))
    const ping = setInterval(() => say('ping'), PING_MS)
    const last = setTimeout(over.resolve, STREAM_MS)
    say('open')
    await over.promise
    end()
    clearInterval(ping)
    clearTimeout(last)
  })
}
