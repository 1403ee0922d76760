import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { SimulatorEnv } from './serve-request.ts'

export interface ListeningTenant {
  readonly port: number
  readonly ca: string | null
  /** Answers by an app from now on; until then requests are refused with 503. */
  serve(app: Hono<SimulatorEnv>): void
  /** Ends at once: connections are dropped, whatever they wait for. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** Listens on loopback. The app comes when the port is known, because the tenant's address is part of what it answers. */
export async function listenAsTenant(port: number, tls: boolean): Promise<ListeningTenant> {
  const certificate = tls ? await makeCertificate() : null
  let app: Hono<SimulatorEnv> | null = null
  // Global Request and Response stay those of Node: the program around may have others in hand.
  const listener = getRequestListener(
    (request, env) => app?.fetch(request, env) ?? new Response(null, { status: 503 }),
    {
      overrideGlobalObjects: false,
    },
  )
  const server: Server =
    certificate === null
      ? createServer((incoming, outgoing) => void listener(incoming, outgoing))
      : createSecureServer(
          { key: certificate.key, cert: certificate.cert, allowHTTP1: true },
          (incoming, outgoing) => void listener(incoming, outgoing),
        )
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    ca: certificate?.cert ?? null,
    serve(given) {
      app = given
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Loaded only with TLS. An RSA key would take a third of a second. */
async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const { generate } = await import('selfsigned')
  // A name of its own: of several authorities with one name, OpenSSL trusts only the first.
  const name = [
    { name: 'commonName', value: HOST },
    { name: 'organizationName', value: randomUUID() },
  ]
  const { private: key, cert } = await generate(name, {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: HOST },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  })
  // As a file of certificates has it: with the newline, without which the next one would begin in its last line.
  return { key, cert: `${cert.replaceAll('\r\n', '\n').trimEnd()}\n` }
}
