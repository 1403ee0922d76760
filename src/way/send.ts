import type { Dispatcher } from 'undici'
import type { Environment } from '../schema/environment.ts'
import { isLoopback } from '../schema/loopback.ts'
import { HOPELESS, TIMEOUT, wordsFor } from './codes.ts'
import { createDispatcher } from './dispatcher.ts'
import { chainOf, codeOf, isBug } from './error-chain.ts'
import { ProxyError } from './proxy-error.ts'
import { proxyFor } from './proxy.ts'
import { timeLimit } from './time-limit.ts'

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** A whole answer, whatever its status. Redirects are answers: none is followed. */
export interface Reply {
  readonly status: number
  /** Lower-case name. */
  readonly header: (name: string) => string | null
  /** At most `MOST_BYTES`; longer bodies, and what is no JSON, are null. */
  readonly json: unknown
}

/** No answer came. The words are ours: nothing of an address, a credential or an answer is in them. */
export class WireFault extends Error {
  /** False where the same request fails again. */
  readonly mayPass: boolean
  /** True where it was under way: somebody may have heard it all the same. */
  readonly mayBeHeard: boolean
  /** True where the proxy is the reason, and not who was asked. */
  readonly isProxy: boolean

  constructor(message: string, mayPass: boolean, { mayBeHeard = false, isProxy = false } = {}) {
    super(message)
    this.mayPass = mayPass
    this.mayBeHeard = mayBeHeard
    this.isProxy = isProxy
  }
}

export type Send = (request: Outgoing, timeoutMs: number) => Promise<Reply>

export interface Sender {
  readonly send: Send
  /** Ends its connections. */
  readonly close: () => Promise<void>
}

/** Connections to one service, and the variable of the proxy that they go through; empty where they go straight. */
interface Line {
  readonly dispatcher: Dispatcher
  readonly proxy: string
}

/** Ten issues of 60,000 characters each, in JSON, a hundred to a page. */
const MOST_BYTES = 32 * 1024 * 1024
const CONNECT_MS = 10_000
/** To one service: as many as are sent side by side. */
const CONNECTIONS = 4

/**
 * Sends requests, straight or by the proxy variables, and follows no redirect. A service is connected to once.
 * `send` throws a WireFault where no answer came.
 */
export function createSender(env: Environment): Sender {
  const lines = new Map<string, Line>()
  const lineTo = ({ origin, hostname }: URL): Line => {
    const known = lines.get(origin)
    if (known !== undefined) return known
    const proxy = proxyFor(origin, isLoopback(hostname), env)
    if (proxy !== null && 'mistake' in proxy) throw new WireFault(proxy.mistake, false, { isProxy: true })
    const dispatcher = createDispatcher(proxy, { connections: CONNECTIONS, patienceMs: CONNECT_MS })
    const line = { dispatcher, proxy: proxy?.variable ?? '' }
    lines.set(origin, line)
    return line
  }
  return {
    async send({ method, url, headers, body }, timeoutMs) {
      const to = new URL(url)
      const line = lineTo(to)
      const { signal: timeout, clear } = timeLimit(timeoutMs)
      try {
        const response = await line.dispatcher.request({
          origin: to.origin,
          path: to.pathname + to.search,
          method,
          headers: { 'user-agent': 'tenant-drift', ...headers },
          body,
          signal: timeout,
        })
        const text = await bodyText(response.body as AsyncIterable<Buffer>)
        return {
          status: response.statusCode,
          header: (name) => {
            const value = response.headers[name]
            return value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
          },
          json: jsonOf(text),
        }
      } catch (error) {
        if (isBug(error)) throw error
        throw faultOf(error, timeout.aborted, line.proxy)
      } finally {
        clear()
      }
    },
    async close() {
      // `destroy`, not `close`: a service that hangs must not hold up the end of the program.
      await Promise.all([...lines.values()].map(({ dispatcher }) => dispatcher.destroy()))
    },
  }
}

function faultOf(error: unknown, isTimedOut: boolean, variable: string): WireFault {
  const code = codeOf(error)
  const proxy = chainOf(error).find((each) => each instanceof ProxyError)
  if (proxy !== undefined)
    return new WireFault(
      `the proxy of ${variable} ${proxy.status === null ? 'could not be reached' : `answered HTTP ${proxy.status}`}: check it and NO_PROXY`,
      proxy.status === null || proxy.status >= 500,
      { isProxy: true },
    )
  if (isTimedOut || TIMEOUT.test(code)) return new WireFault('it did not answer in time', true, { mayBeHeard: true })
  const isConnected = !HOPELESS.test(code) && !/^(ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code)
  return new WireFault(wordsFor(code), !HOPELESS.test(code), { mayBeHeard: isConnected })
}

async function bodyText(body: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > MOST_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string | null): unknown {
  if (text === null || text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
