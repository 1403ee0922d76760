import { getCACertificates } from 'node:tls'
import { Agent, Pool, ProxyAgent } from 'undici'
import type { Dispatcher } from 'undici'
import { isBug } from './error-chain.ts'
import { ProxyError } from './proxy-error.ts'
import type { ProxyWay } from './proxy.ts'

const CONNECT_TIMEOUT_MS = 10_000

export interface Manner {
  /** Over HTTP/1.1, at once. */
  readonly connections: number
  /** How long whoever asks waits in all. */
  readonly patienceMs: number
  /** A certificate authority that is trusted besides those of Node, in PEM. */
  readonly ca?: string | undefined
}

/** Connections to whoever is asked, through a proxy where there is one; null: directly. Opens nothing yet. */
export function createDispatcher(proxy: ProxyWay | null, { connections, patienceMs, ca }: Manner): Dispatcher {
  // Without `ca` Node's own defaults apply, and NODE_EXTRA_CA_CERTS among them; naming any replaces them all, so they are named again.
  const trust = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }
  // Closing waits for a handshake that somebody leaves unanswered, so that must not outlast the deadline.
  const timeout = Math.min(CONNECT_TIMEOUT_MS, patienceMs)
  const tls = { timeout, ...trust }
  const options = { connections, connect: tls }
  if (proxy === null) return new Agent(options)
  return new ProxyAgent({
    ...options,
    uri: proxy.url,
    // CONNECT through HTTP/2 is rare, and not every proxy that offers HTTP/2 knows it.
    proxyTls: { ...tls, allowH2: false },
    requestTls: tls,
    clientFactory: (door, settings) => doorOf(door, { ...settings, headersTimeout: timeout }),
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
