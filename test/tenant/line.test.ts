import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
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
        advice: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
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

  it("are never undici's global ones", async () => {
    const before = getGlobalDispatcher()
    const tenant = await tenantWith({ apis: 1 })
    await readerOf(tenant).inventory()
    expect(getGlobalDispatcher()).toBe(before)
  })
})
