import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { turn } from '../../src/declared/turn.ts'

/** Keeps the processor, as parsing a large file does. */
function work(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

describe('a turn', () => {
  it('is long enough for what arrived on a socket, also right after a file was read', async () => {
    const server = createServer((socket) => socket.on('data', (bytes) => socket.end(bytes)).resume())
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(socket, 'connect')
    let isAnswered = false
    socket.on('data', () => {
      isAnswered = true
    })

    await readFile(import.meta.filename)
    socket.write('ping')
    // One turn for the server, which lives in this process, and one for the answer.
    for (let part = 0; part < 2; part++) {
      work(20)
      await turn()
    }

    expect(isAnswered).toBe(true)
  })
})
