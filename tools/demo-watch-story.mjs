// The story of `npm run demo:watch`: a tenant, `tenant-drift serve`, a receiver of messages, and somebody in the dashboard.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readDeclared } from '../src/sources/front.ts'
import { onStage, scene } from './demo-stage.mjs'
import { deploy, ORDERS } from './demo-tenant.mjs'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, say } from './run.mjs'

const COMMAND = join(ROOT, 'dist', 'bin', 'tenant-drift.js')
const STREAM_TOKEN = randomBytes(24).toString('base64url')
const HOOK_SECRET = `whsec_${randomBytes(32).toString('base64')}`
const STAYS = process.argv.includes('--stay')
const PATIENCE_MS = 60_000

const port = await freePort()
const receiver = await receive()

await onStage(
  async (tenant, folder, expect) => {
    const declared = await readDeclared(['declared/*.yaml'], { cwd: ROOT, variables: {} })
    deploy(tenant, declared)
    const project = join(folder, 'acme')
    const env = { ...cleanEnvironment(), ACME_TOKEN: tenant.token, ACME_STREAM: STREAM_TOKEN, HOOK_SECRET }
    const init = await run(NODE_24, [COMMAND, 'init', 'acme'], {
      cwd: folder,
      env: { ...env, AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token },
    })
    expect('tenant-drift init acme', init, { exit: 0, has: ['acme'] })
    appendFileSync(join(project, 'tenant-drift.yaml'), configuration(tenant.domain))

    scene(1, `A tenant with ${declared.apis.length} APIs, declared as it stands, and the service that watches it.`)
    say('   $ tenant-drift serve')
    const service = serve(project, env)
    try {
      await service.line(({ event, verdict }) => event === 'checked' && verdict === 'in-sync')
      say(`    in sync; the page is at http://127.0.0.1:${port}/`)

      scene(2, 'Somebody flips a switch in the dashboard: tokens for orders are signed with HS256 from now on.')
      const began = performance.now()
      const seen = service.line(({ event, verdict }) => event === 'checked' && verdict === 'drifted')
      tenant.edit(ORDERS, { signing_alg: 'HS256' })
      await seen
      const noticed = performance.now() - began
      const message = await receiver.next()
      const told = performance.now() - began
      say(
        `    noticed after ${(noticed / 1000).toFixed(1)} s, reported after ${(told / 1000).toFixed(1)} s: ${message}`,
      )
      say('    (two of these seconds wait for more changes, because pipelines write many settings at once)')
      say(`    http://127.0.0.1:${port}/tenants/acme shows what changed, since when and how to put it back`)
      expect(
        'the message',
        { code: 0, output: message, outOfTime: false },
        { exit: 0, has: ['difference.opened', 'signing_alg'] },
      )

      if (STAYS) {
        say('')
        say('The service keeps running, so that you can look at the page. Press Enter to stop it.')
        await once(process.stdin, 'data')
      }
      scene(3, 'The change is set back.')
      tenant.edit(ORDERS, { signing_alg: 'RS256' })
      const end = await receiver.next()
      say(`    told: ${end}`)
      expect(
        'the second message',
        { code: 0, output: end, outOfTime: false },
        { exit: 0, has: ['difference.resolved'] },
      )
    } finally {
      const code = await service.stop()
      expect('tenant-drift serve', { code, output: '', outOfTime: false }, { exit: 0, has: [] })
      process.stdin.destroy()
      receiver.close()
    }
  },
  (seconds) => `The service ran as expected, in ${seconds} s.`,
  { logStream: { url: `http://127.0.0.1:${port}/hooks/auth0/acme`, token: STREAM_TOKEN } },
)

/** @param {string} domain */
function configuration(domain) {
  return `
notify:
  - webhook: { url: ${receiver.url}, secret_variable: HOOK_SECRET }
tenants:
  acme:
    domain: ${domain}
    credentials: { api_token: ACME_TOKEN }
    recorded: tenant-drift.recorded.json
    log_stream: { token_variable: ACME_STREAM }
`
}

/**
 * The service as a process; its log is read line by line.
 * @param {string} cwd
 * @param {Record<string, string>} env
 */
function serve(cwd, env) {
  const child = spawn(NODE_24, [COMMAND, 'serve', '--listen', `127.0.0.1:${port}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  process.once('exit', () => child.kill('SIGKILL'))
  /** @type {Set<(line: Record<string, unknown> | null) => void>} */
  const listeners = new Set()
  const tell = (/** @type {Record<string, unknown> | null} */ line) => {
    for (const listener of listeners) listener(line)
  }
  createInterface({ input: child.stdout }).on('line', (text) => tell(JSON.parse(text)))
  void exited.then(() => tell(null))
  return {
    /** @param {(line: Record<string, unknown>) => boolean} test */
    line: (test) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error('the service did not log what the demo waits for')),
          PATIENCE_MS,
        )
        /** @type {(line: Record<string, unknown> | null) => void} */
        const listener = (line) => {
          if (line !== null && !test(line)) return
          clearTimeout(timer)
          listeners.delete(listener)
          if (line === null) reject(new Error('the service ended'))
          else resolve(line)
        }
        listeners.add(listener)
      }),
    async stop() {
      child.kill('SIGTERM')
      const [code] = /** @type {[number | null]} */ (await exited)
      return code ?? 1
    },
  }
}

/** Takes CloudEvents, and says of each what it was about. */
async function receive() {
  /** @type {string[]} */
  const arrived = []
  /** @type {((text: string) => void) | null} */
  let waiting = null
  const server = createServer((incoming, outgoing) => {
    let text = ''
    incoming.on('data', (chunk) => (text += String(chunk)))
    incoming.on('end', () => {
      outgoing.writeHead(204).end()
      const { type, subject } = JSON.parse(text)
      const said = `${type} ${subject}`
      if (waiting === null) arrived.push(said)
      else waiting(said)
      waiting = null
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${address.port}/`,
    /** @returns {Promise<string>} */
    next: () =>
      new Promise((resolve) => {
        const first = arrived.shift()
        if (first === undefined) waiting = resolve
        else resolve(first)
      }),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', () => resolve(null)))
  const { port: free } = /** @type {import('node:net').AddressInfo} */ (probe.address())
  await new Promise((resolve) => probe.close(resolve))
  return free
}
