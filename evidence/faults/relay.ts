import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What a line does to what the tenant says. `after` counts the bytes that still come through. */
export type Spoil =
  | { readonly how: 'reset' | 'close' | 'silence'; readonly after: number }
  /** Something that is no HTTP, and then the end. */
  | { readonly how: 'noise' }

const HOST = '127.0.0.1'
const NOISE = 'SSH-2.0-OpenSSH_9.9\r\n'

/** A line to a tenant, of bytes: it knows neither HTTP nor TLS, so what it does looks the same over both. */
export interface Relay {
  readonly port: number
  /** How often it has spoiled something. */
  hits(): number
  /** Spoils what comes next on each connection that is open now. */
  spoil(spoil: Spoil): void
  /** Drops all connections; new ones lead to that port, or are refused (null). */
  leadTo(port: number | null): Promise<void>
  close(): Promise<void>
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
  spoil: Spoil | null
}

export async function startRelay(target: number): Promise<Relay> {
  const pairs = new Set<Pair>()
  let goal = target
  let hits = 0
  let server: Server | null = await listen(0, accept)
  const { port } = server.address() as AddressInfo

  function accept(near: Socket): void {
    const pair: Pair = { near, far: connect(goal, HOST), spoil: null }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      pair.near.destroy()
      pair.far.destroy()
    }
    for (const socket of [near, pair.far]) {
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', end)
    }
    near.on('data', (chunk) => pair.far.write(chunk))
    pair.far.on('data', (chunk) => pass(pair, chunk))
  }

  function pass(pair: Pair, chunk: Buffer): void {
    const { spoil } = pair
    if (spoil === null) {
      pair.near.write(chunk)
      return
    }
    if (spoil.how === 'noise') {
      hits += 1
      pair.near.end(NOISE)
      return
    }
    if (chunk.length <= spoil.after) {
      pair.spoil = { ...spoil, after: spoil.after - chunk.length }
      pair.near.write(chunk)
      return
    }
    hits += 1
    pair.near.write(chunk.subarray(0, spoil.after), () => {
      if (spoil.how === 'reset') pair.near.resetAndDestroy()
      if (spoil.how === 'close') pair.near.end()
    })
    pair.spoil = { ...spoil, how: 'silence', after: 0 }
  }

  async function stop(): Promise<void> {
    const stopped = server
    server = null
    for (const { near } of pairs) near.resetAndDestroy()
    if (stopped !== null) await new Promise<void>((resolve) => void stopped.close(() => resolve()))
  }

  return {
    port,
    hits: () => hits,
    spoil(spoil) {
      for (const pair of pairs) pair.spoil = spoil
    },
    async leadTo(next) {
      hits += 1
      await stop()
      if (next === null) return
      goal = next
      server = await listen(port, accept)
    },
    close: stop,
  }
}

function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept)
    server.once('error', reject)
    server.listen(port, HOST, () => resolve(server))
  })
}
