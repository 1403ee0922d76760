import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect, createServer as createSocketServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { getGlobalDispatcher } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTenantReader, tenantConfig } from '../../src/tenant/front.ts'
import { QUICK, readerOf, tenantWith } from './with-tenant.ts'

/** A proxy that counts, and leads every CONNECT to one port of loopback. */
async function proxyTo(port: number) {
  const seen: string[] = []
  const proxy = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    outgoing.writeHead(502).end()
  })
  proxy.on('connect', (request, socket, head) => {
    seen.push(`CONNECT ${request.url}`)
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(async () => {
    proxy.closeAllConnections()
    await new Promise<void>((resolve) => {
      proxy.close(() => resolve())
    })
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen }
}

const CREDENTIALS = { AUTH0_API_TOKEN: 'opaque' }

describe('a connection', () => {
  it.each([false, true])('is told of once, before there is an answer (TLS: %s)', async (tls) => {
    const tenant = await tenantWith({ tls, apis: 250, latencyMs: 50 })
    const order: string[] = []
    const reader = readerOf(tenant, { onConnect: () => void order.push('connected') })
    await reader.inventory()
    order.push('read')
    expect(order).toEqual(['connected', 'read'])
    await reader.close()
  })
})

describe('proxies', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])(
    '%s is used for a tenant that is not on loopback',
    async (name) => {
      const tenant = await tenantWith({ tls: true, apis: 1 })
      const proxy = await proxyTo(Number(new URL(tenant.url).port))
      const env = { ...CREDENTIALS, AUTH0_DOMAIN: 'acme.invalid', [name]: proxy.url, TENANT_DRIFT_DEADLINE: '5s' }
      const reader = createTenantReader(tenantConfig({ env }), { ...QUICK, ca: tenant.ca })
      onTestFinished(() => reader.close())
      // The certificate is for loopback, so the handshake behind the proxy fails: it got that far, and is not repeated.
      await expect(reader.inventory()).resolves.toMatchObject({
        ok: false,
        code: 'unreachable',
        message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
        advice: expect.stringMatching(/AUTH0_DOMAIN.*another name/),
      })
      expect(proxy.seen).toEqual(['CONNECT acme.invalid:443'])
    },
  )

  it('are bypassed for what NO_PROXY names', async () => {
    const proxy = await proxyTo(1)
    const env = {
      ...CREDENTIALS,
      AUTH0_DOMAIN: 'acme.invalid',
      HTTPS_PROXY: proxy.url,
      NO_PROXY: '.invalid',
      TENANT_DRIFT_DEADLINE: '5s',
    }
    const reader = createTenantReader(tenantConfig({ env }), QUICK)
    onTestFinished(() => reader.close())
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code: 'unreachable' })
    expect(proxy.seen).toEqual([])
  })

  it.each([{ tls: false }, { tls: true }])('are bypassed for loopback (TLS: $tls)', async ({ tls }) => {
    const tenant = await tenantWith({ tls, apis: 1 })
    const proxy = await proxyTo(1)
    const reader = readerOf(tenant, {}, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url })
    await expect(reader.inventory()).resolves.toMatchObject({ ok: true })
    expect(proxy.seen).toEqual([])
  })
})

describe('TLS', () => {
  it('distrusts a certificate nobody vouches for, at once and with advice', async () => {
    const tenant = await tenantWith({ tls: true, apis: 1 })
    const reader = readerOf(tenant, { ca: undefined })
    await expect(reader.inventory()).resolves.toMatchObject({
      ok: false,
      code: 'unreachable',
      advice: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
    expect(reader.proof()).toMatchObject({ requests: { token: 1 }, retries: 0 })
  })

  it.each([
    { days: [-30, -1], code: 'CERT_HAS_EXPIRED', words: 'has expired' },
    { days: [1, 30], code: 'CERT_NOT_YET_VALID', words: 'is not valid yet' },
  ] as const)('names the clock where a certificate is out of its time ($code)', async ({ days, code, words }) => {
    const [from, to] = days.map((day) => new Date(Date.now() + day * 86_400_000))
    const { private: key, cert } = await generate([{ name: 'commonName', value: code }], {
      keyType: 'ec',
      ...(from && { notBeforeDate: from }),
      ...(to && { notAfterDate: to }),
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    })
    const server = createTlsServer({ key, cert })
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => void server.close())
    const env = { ...CREDENTIALS, AUTH0_DOMAIN: `127.0.0.1:${(server.address() as AddressInfo).port}` }
    const reader = createTenantReader(tenantConfig({ env }), { ...QUICK, ca: cert })
    onTestFinished(() => reader.close())
    await expect(reader.inventory()).resolves.toMatchObject({
      ok: false,
      code: 'unreachable',
      message: expect.stringContaining(`${words} (${code})`),
      advice: expect.stringMatching(/clock of this machine.*renew/),
    })
  })

  it('trusts what NODE_EXTRA_CA_CERTS names', async () => {
    const tenant = await tenantWith({ tls: true, apis: 120 })
    const folder = await mkdtemp(join(tmpdir(), 'tenant-drift-ca-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const ca = join(folder, 'ca.pem')
    await writeFile(ca, tenant.ca ?? '')
    const front = new URL('../../src/tenant/front.ts', import.meta.url).href
    const program = `
      const { createTenantReader, tenantConfig } = await import(${JSON.stringify(front)})
      const reader = createTenantReader(tenantConfig({ env: process.env }))
      const reading = await reader.inventory()
      console.log(reading.ok && reading.snapshot.items.length)
      await reader.close()`
    const env = {
      ...process.env,
      NODE_EXTRA_CA_CERTS: ca,
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
    }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env })
    expect(stdout.trim()).toBe('121')
  })
})

describe('connections', () => {
  it('that are refused, or whose name nobody knows, are unreachable', async () => {
    const tenant = await tenantWith()
    const { domain } = tenant
    await tenant.close()
    for (const [name, advice] of [
      [domain, 'proxy variables'],
      ['acme.invalid', 'AUTH0_DOMAIN'],
    ] as const) {
      const reader = createTenantReader(tenantConfig({ env: { ...CREDENTIALS, AUTH0_DOMAIN: name } }), QUICK)
      onTestFinished(() => reader.close())
      await expect(reader.inventory()).resolves.toMatchObject({
        ok: false,
        code: 'unreachable',
        advice: expect.stringContaining(advice),
      })
    }
  })

  it('end with close(), even while the tenant hangs, and what is asked afterwards is unreadable', async () => {
    const tenant = await tenantWith({ apis: 1 })
    tenant.setFault({ kind: 'hang' })
    const reader = readerOf(tenant)
    const reading = reader.inventory()
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    await reader.close()
    await expect(reading).resolves.toMatchObject({ ok: false, code: 'unreachable' })
    await reader.close()
    await expect(reader.find(['urn:a'])).resolves.toEqual(
      new Map([['urn:a', expect.objectContaining({ status: 'unreadable' })]]),
    )
  })

  it('that nobody answers are given up with the deadline, and closing waits no longer either', async () => {
    const silent = createSocketServer()
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve)
    })
    const sockets: Socket[] = []
    silent.on('connection', (socket) => sockets.push(socket))
    onTestFinished(() => {
      silent.close()
      for (const socket of sockets) socket.destroy()
    })
    const domain = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const env = { ...CREDENTIALS, AUTH0_DOMAIN: domain, TENANT_DRIFT_DEADLINE: '500ms' }
    const reader = createTenantReader(tenantConfig({ env }), QUICK)
    const begun = performance.now()
    await expect(reader.inventory()).resolves.toMatchObject({ ok: false, code: 'timed_out' })
    await reader.close()
    // Undici counts the time of a handshake in seconds.
    expect(performance.now() - begun).toBeLessThan(4000)
  })

  it("are never undici's global ones", async () => {
    const before = getGlobalDispatcher()
    const tenant = await tenantWith({ apis: 1 })
    await readerOf(tenant).inventory()
    expect(getGlobalDispatcher()).toBe(before)
  })
})
