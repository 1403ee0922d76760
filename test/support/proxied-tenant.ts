import { once } from 'node:events'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { generate } from 'selfsigned'
import { onTestFinished } from 'vitest'
import type { Simulator } from '../../src/simulator/front.ts'

/** A name that no network knows: only a proxy (or a test's own map of names) leads to it. */
export const HOST = 'acme.test'

/** An authority for one host name or 127.0.0.1; each with a name of its own, for OpenSSL trusts only the first of two alike. */
async function certificateFor(host: string) {
  const altNames = host === '127.0.0.1' ? [{ type: 7 as const, ip: host }] : [{ type: 2 as const, value: host }]
  const { private: key, cert } = await generate([{ name: 'commonName', value: `${host} ${Math.random()}` }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { key, cert }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

export interface Named {
  readonly port: number
  readonly ca: string
  /** HTTP versions of what was asked: `1.1`, `2.0`. */
  readonly versions: string[]
}

/** The tenant under `acme.test`, over TLS with a certificate for that name; over HTTP/2 where it is wanted. */
export async function nameTenant(tenant: Simulator): Promise<Named> {
  const { key, cert } = await certificateFor(HOST)
  const versions: string[] = []
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (incoming, outgoing) => {
    versions.push(incoming.httpVersion)
    void (async () => {
      let body = ''
      for await (const chunk of incoming) body += String(chunk)
      const { method, headers } = incoming
      const type = headers['content-type']
      const authorization = headers['authorization']
      const answer = await fetch(`${tenant.url}${incoming.url}`, {
        method,
        headers: { ...(type && { 'content-type': type }), ...(authorization && { authorization }) },
        ...(method === 'POST' && { body }),
      })
      outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      outgoing.end(await answer.text())
      // A tenant that hangs is closed with its test.
    })().catch(() => outgoing.destroy())
  })
  return { port: await listening(server), ca: cert, versions }
}

export interface Proxy {
  /** Without user and password. */
  readonly url: string
  /** Its own certificate, where it is reached over TLS. */
  readonly ca: string | null
  /** `CONNECT acme.test:443`, and whatever else it was asked. */
  readonly seen: string[]
}

export interface ProxyOptions {
  /** Where every CONNECT leads: a port of loopback. */
  readonly to: number
  readonly tls?: boolean
  /** `user:password` that it wants. */
  readonly account?: string
  /** What it answers to CONNECT; 200 unless given, and 0 is never anything. */
  readonly status?: number
}

export async function startProxy({ to, tls = false, account, status = 200 }: ProxyOptions): Promise<Proxy> {
  const seen: string[] = []
  const certificate = tls ? await certificateFor('127.0.0.1') : null
  const server = certificate === null ? createServer() : createTlsServer(certificate)
  server.on('request', (incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    outgoing.writeHead(502).end()
  })
  const open = new Set<{ destroy(): void }>()
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
  })
  server.on('connect', (request, socket, head) => {
    seen.push(`CONNECT ${request.url}`)
    open.add(socket)
    socket.on('error', () => undefined)
    const wanted = account === undefined ? undefined : `Basic ${Buffer.from(account).toString('base64')}`
    const answer = wanted === undefined || request.headers['proxy-authorization'] === wanted ? status : 407
    if (answer === 0) return
    if (answer !== 200) {
      socket.end(`HTTP/1.1 ${answer} No\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    open.add(onward)
    onward.on('error', () => socket.destroy())
  })
  const port = await listening(server)
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, ca: certificate?.cert ?? null, seen }
}
