import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import { Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Answer } from './answers.ts'

type Bindings = Partial<HttpBindings | Http2Bindings>

/** Drops the connection without an answer. Over h2 the whole session goes, as it does when a real connection is lost. */
export function resetConnection(env: Bindings): void {
  const { outgoing } = env
  if (outgoing === undefined) throw new Error('a fault of the connection needs a connection')
  if (outgoing instanceof Http2ServerResponse) {
    outgoing.stream.session?.destroy()
    return
  }
  drop(outgoing.socket)
}

/** Announces the whole body, sends half of it and drops the connection. */
export async function cutAfter(env: Bindings, answer: Answer): Promise<void> {
  const { outgoing } = env
  if (outgoing === undefined) throw new Error('a fault of the connection needs a connection')
  const body = Buffer.from(answer.body ?? '')
  const headers = { ...answer.headers, 'content-length': String(body.length) }
  const half = body.subarray(0, Math.floor(body.length / 2))
  if (outgoing instanceof Http2ServerResponse) outgoing.writeHead(answer.status, headers)
  else outgoing.writeHead(answer.status, headers)
  const stream: Writable = outgoing instanceof Http2ServerResponse ? outgoing.stream : outgoing
  await new Promise<void>((resolve) => {
    stream.write(half, () => resolve())
  })
  resetConnection(env)
}

/** `resetAndDestroy` sends RST, and throws on a TLS socket. */
function drop(socket: Socket | null): void {
  if (socket === null) return
  if (socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
