import { spawn } from 'node:child_process'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server on loopback that writes down what it hears. */
export interface Host {
  readonly url: string
  readonly heard: Heard[]
  close(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>

export async function startHost(answer: Answer): Promise<Host> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      const { method = '', url = '', headers } = request
      heard.push({
        method,
        path: url,
        authorization: headers.authorization ?? '',
        headers,
        body: body.toString('utf8'),
      })
      await answer(request, response, body)
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Hands a request to `git http-backend`, as a web server before repositories does. */
export function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { root, pathname, query }: { readonly root: string; readonly pathname: string; readonly query: string },
): Promise<void> {
  const { headers, method = 'GET' } = request
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: pathname,
      QUERY_STRING: query,
      REQUEST_METHOD: method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(body.length),
      ...(headers['content-encoding'] === undefined ? {} : { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
      ...(typeof headers['git-protocol'] === 'string' ? { GIT_PROTOCOL: headers['git-protocol'] } : {}),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stdin.on('error', () => {}).end(body)
    child.on('error', reject)
    child.on('close', () => {
      const whole = Buffer.concat(chunks)
      const end = whole.indexOf('\r\n\r\n')
      const lines = whole.toString('latin1', 0, end).split('\r\n')
      const fields = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
      const status = Number.parseInt(fields.find(([name]) => name === 'Status')?.[1] ?? '200', 10)
      response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== 'Status')) as never)
      response.end(whole.subarray(end + 4))
      resolve()
    })
  })
}
