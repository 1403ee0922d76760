// What the service takes and how soon it tells: `node bench/watch.ts [ROUNDS|--quick]`. First single PATCHes of one tenant (as many as ROUNDS): wall time from the
// arrival of the log event at the hook to the message at a webhook. Then a fleet of 1,000 tenants of 10 APIs (one process stands for all): CPU of a check, memory,
// and how long its pages take.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeMachine, median, roundsFrom, verdict } from './measure.ts'
import { declare, sections, serve, STREAM_TOKEN } from './serve-process.ts'
import { startTenant } from './tenant-process.ts'

const FLEET = 1000
const PAGES = ['/', '/episodes/1', '/search?q=signing_alg'] as const

const rounds = roundsFrom(process.argv, 100)
process.env.BENCH_STREAM = STREAM_TOKEN
describeMachine()
const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-bench-'))
try {
  await latency()
  await fleet()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** One change at a time: at the hook, through the two seconds in which more may come, to the message. */
async function latency(): Promise<void> {
  const messages = await receiver()
  const port = await freePort()
  // What stands before the service notes when an event arrives.
  const gate = await passOn(port)
  const stream = ['--log-stream', `${gate.url}/hooks/auth0/acme`, '--log-stream-token-variable', 'BENCH_STREAM']
  const tenant = await startTenant(['--apis', '10', ...stream])
  const project = join(folder, 'one')
  await declare(tenant, project)
  const notify = `notify:\n  - webhook: { url: ${messages.url}, secret_variable: HOOK_SECRET }\n`
  writeFileSync(join(project, 'tenant-drift.yaml'), `schedule: every 1d\n${notify}${sections(tenant, ['acme'])}`)
  const service = await serve(project, tenant, {}, `127.0.0.1:${port}`)
  await service.checks(1)
  const [first] = await tenant.declarable()
  const identifier = typeof first?.identifier === 'string' ? first.identifier : ''
  const took: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const heard = messages.next()
    const arrived = gate.next()
    await tenant.control('edit', { identifier, patch: { signing_alg: round % 2 === 0 ? 'PS256' : 'RS256' } })
    const at = await arrived
    await heard
    took.push(performance.now() - at)
  }
  await service.stop()
  await tenant.stop()
  messages.close()
  gate.close()
  const worst = Math.max(...took)
  console.log(
    `from the hook to the webhook, ${rounds} single PATCHes: median ${median(took).toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
  )
  verdict('median from the hook to the webhook, in seconds', median(took) / 1000, 3)
  verdict('worst from the hook to the webhook, in seconds', worst / 1000, 6)
}

async function fleet(): Promise<void> {
  const tenant = await startTenant(['--apis', '10'])
  const project = join(folder, 'fleet')
  await declare(tenant, project)
  const names = Array.from({ length: FLEET }, (_, index) => `tenant-${String(index).padStart(4, '0')}`)
  writeFileSync(join(project, 'tenant-drift.yaml'), `schedule: every 15m\n${sections(tenant, names)}`)
  const service = await serve(project, tenant)
  await service.checks(FLEET)
  const { cpuMs, residentMb } = service.usage()
  const each = cpuMs / FLEET
  console.log(
    `${FLEET} tenants of 10 APIs, all looked at once: ${each.toFixed(1)} ms of CPU a check (start included), ${residentMb.toFixed(0)} MB resident`,
  )
  // Of one core, where each is looked at every 15 minutes.
  verdict(`${FLEET} tenants every 15 minutes, per cent of a core`, ((each * FLEET) / 900_000) * 100, 5)
  verdict('resident, in MB', residentMb, 250)
  for (const path of PAGES) {
    const took: number[] = []
    let bytes = 0
    for (let round = 0; round < 20; round += 1) {
      const began = performance.now()
      bytes = (await (await fetch(service.url + path)).text()).length
      took.push(performance.now() - began)
      await sleep(20)
    }
    console.log(`${path}: median ${median(took).toFixed(0)} ms, ${(bytes / 1000).toFixed(0)} kB`)
    verdict(`${path}, in ms`, median(took), 50)
    verdict(`${path}, in kB`, bytes / 1000, 100)
  }
  await service.stop()
  await tenant.stop()
}

/** Takes messages, whatever they say. */
async function receiver() {
  let heard = (): void => {}
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    incoming.on('end', () => {
      outgoing.writeHead(204).end()
      heard()
    })
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    next: () =>
      new Promise<void>((resolve) => {
        heard = resolve
      }),
    close: () => server.close(),
  }
}

/** Hands requests on to a port, and says when one came. */
async function passOn(to: number) {
  let came = (_at: number): void => {}
  const server = createServer((incoming, outgoing) => {
    const at = performance.now()
    const onward = request(
      {
        host: '127.0.0.1',
        port: to,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, host: `127.0.0.1:${to}` },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502)
        answer.pipe(outgoing)
        came(at)
      },
    )
    onward.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    next: () =>
      new Promise<number>((resolve) => {
        came = resolve
      }),
    close: () => server.close(),
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const probe = createServer()
  const port = await listen(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}
