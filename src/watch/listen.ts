import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { TenantDriftError } from '../schema/errors.ts'
import type { WatchEnv } from './env.ts'

export interface ListeningService {
  readonly url: string
  /** Takes no new connection, and drops those that are open. */
  readonly close: () => Promise<void>
}

const MOST_CONNECTIONS = 1000

/** @throws TenantDriftError `invalid_config` where the address cannot be had */
export async function listenAsService(host: string, port: number, app: Hono<WatchEnv>): Promise<ListeningService> {
  const listener = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false })
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5000, maxHeaderSize: 16_384 },
    (incoming, outgoing) => void listener(incoming, outgoing),
  )
  server.maxConnections = MOST_CONNECTIONS
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new TenantDriftError(
          'invalid_config',
          `listen: ${host}:${port} cannot be used (${error.code ?? 'error'})`,
          'Give another address (--listen), or stop the program that uses this one.',
          { cause: error },
        ),
      ),
    )
    server.listen(port, host, () => resolve())
  })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
