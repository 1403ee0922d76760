import { getCACertificates } from 'node:tls'
import { Agent, Pool, ProxyAgent } from 'undici'
import type { Dispatcher } from 'undici'
import type { TenantConfig } from './config.ts'
import { isBug } from './connection-fault.ts'
import type { Clocks, ReaderOptions } from './options.ts'
import { ProxyError } from './proxy-error.ts'
import { createRateLimit } from './rate-limit.ts'
import type { RateLimit } from './rate-limit.ts'

/** Requests side by side, and connections over HTTP/1.1. */
export const SIDE_BY_SIDE = 10
const CONNECT_TIMEOUT_MS = 10_000

/** The connections to one tenant and what was learned of its rate limit. Readers begun afresh share it; the last one closes it. */
export interface Line {
  readonly dispatcher: Dispatcher
  readonly rateLimit: RateLimit
  lease(): void
  release(): Promise<void>
}

/** Opens nothing yet. Never undici's global dispatcher: that belongs to the program we may be loaded into. */
export function createLine(config: TenantConfig, clocks: Clocks, options: ReaderOptions): Line {
  const dispatcher = createDispatcher(config, options.ca)
  if (options.onConnect !== undefined) dispatcher.once('connect', options.onConnect)
  let leases = 1
  return {
    dispatcher,
    rateLimit: createRateLimit(clocks),
    lease() {
      leases += 1
    },
    async release() {
      leases -= 1
      // `destroy`, not `close`: a tenant that hangs must not hold up the end of the program.
      if (leases === 0) await dispatcher.destroy()
    },
  }
}

function createDispatcher(config: TenantConfig, ca: string | undefined): Dispatcher {
  // Without `ca` Node's own defaults apply, and NODE_EXTRA_CA_CERTS among them; naming any replaces them all, so they are named again.
  const trust = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }
  // Closing waits for a handshake that somebody leaves unanswered, so that must not outlast the deadline.
  const timeout = Math.min(CONNECT_TIMEOUT_MS, config.deadlineMs)
  const tls = { timeout, ...trust }
  const options = { connections: SIDE_BY_SIDE, connect: tls }
  if (config.proxy === null) return new Agent(options)
  return new ProxyAgent({
    ...options,
    uri: config.proxy.url,
    // CONNECT through HTTP/2 is rare, and not every proxy that offers HTTP/2 knows it.
    proxyTls: { ...tls, allowH2: false },
    requestTls: tls,
    clientFactory: (proxy, settings) => doorOf(proxy, { ...settings, headersTimeout: timeout }),
  })
}

/** The connections to a proxy. What fails here is the proxy's, and says so: afterwards nothing tells it from a failure of the tenant's. */
function doorOf(proxy: URL, settings: object): Dispatcher {
  const pool = new Pool(proxy, settings)
  const ask: (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = pool.connect.bind(pool)
  const connect = async (options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const answer = await ask(options).catch((error: unknown) => {
      throw isBug(error) ? error : new ProxyError(null, error)
    })
    if (answer.statusCode === 200) return answer
    answer.socket.on('error', () => undefined).destroy()
    throw new ProxyError(answer.statusCode)
  }
  return Object.assign(pool, { connect })
}
