import path from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../cli/run.ts'
import { isBuilt, TALKERS } from '../support/built.ts'
import { HOST, nameTenant, startProxy, type Proxy, type ProxyOptions } from '../support/proxied-tenant.ts'
import { IS_WIDE } from '../support/wide.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const PASSWORD = 'pass/word@1'

/** A tenant that only a proxy leads to, the folder of a project, and the environment of a job. */
async function world(options: Omit<ProxyOptions, 'to'> = {}) {
  const tenant = await tenantWith({ apis: 120 })
  const named = await nameTenant(tenant)
  const proxy = await startProxy({ to: named.port, ...options })
  const cwd = folderWith({
    'declared/a.json': { resource_servers: [] },
    'Pulumi.yaml': 'name: shop\nruntime: nodejs\n',
  })
  writeFileSync(path.join(cwd, 'ca.pem'), `${named.ca}\n${proxy.ca ?? ''}`)
  const env = {
    AUTH0_DOMAIN: HOST,
    AUTH0_CLIENT_ID: tenant.client_id,
    AUTH0_CLIENT_SECRET: tenant.client_secret,
    AUTH0_AUDIENCE: tenant.audience,
    NODE_EXTRA_CA_CERTS: path.join(cwd, 'ca.pem'),
    TENANT_DRIFT_DEADLINE: '10s',
  }
  return { tenant, named, proxy, cwd, env }
}

const withAccount = (proxy: Proxy, account: string): string => proxy.url.replace('://', `://${account}@`)

describe.skipIf(!isBuilt).each(Object.entries(TALKERS))(
  'the built %s (skipped where dist/ was not built)',
  (name, ask) => {
    /** All three take their way to the tenant from one room: in `npm test` the command meets all cases, and the others the first of each table. */
    const some = <Case>(...cases: readonly Case[]): readonly Case[] =>
      IS_WIDE || name === 'command' ? cases : cases.slice(0, 1)

    it.each(some('HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'))(
      'reads a tenant through %s',
      async (variable) => {
        const { proxy, cwd, env } = await world()
        expect(await ask(cwd, { ...env, [variable]: proxy.url })).toMatchObject({ status: 'read' })
        expect(new Set(proxy.seen)).toEqual(new Set([`CONNECT ${HOST}:443`]))
      },
    )

    it('reads a tenant through a proxy that is written without a scheme, over HTTP/2', async () => {
      const { named, proxy, cwd, env } = await world()
      expect(await ask(cwd, { ...env, HTTPS_PROXY: proxy.url.replace('http://', '') })).toMatchObject({
        status: 'read',
      })
      expect(new Set(named.versions)).toEqual(new Set(['2.0']))
    })

    it('reads a tenant through a proxy of https with a certificate of NODE_EXTRA_CA_CERTS and a password', async () => {
      const { proxy, cwd, env } = await world({ tls: true, account: `me:${PASSWORD}` })
      const url = withAccount(proxy, `me:${encodeURIComponent(PASSWORD)}`)
      expect(await ask(cwd, { ...env, HTTPS_PROXY: url })).toMatchObject({ status: 'read' })
    })

    it.each(
      some<{ options: Omit<ProxyOptions, 'to'>; account: string; words: RegExp }>(
        {
          options: { account: `me:${PASSWORD}` },
          account: 'me:wrong-password',
          words: /user and a password, or refused those that it was given.*407/,
        },
        { options: { account: `me:${PASSWORD}` }, account: '', words: /The proxy asks for a user and a password.*407/ },
        { options: { status: 403 }, account: '', words: /The proxy does not let requests to this tenant through.*403/ },
      ),
    )('names the proxy that refuses ($options, "$account"), and asks it once', async ({ options, account, words }) => {
      const { proxy, cwd, env } = await world(options)
      const said = await ask(cwd, { ...env, HTTPS_PROXY: withAccount(proxy, account) })
      expect(said).toMatchObject({ status: 'unreadable', code: 'unreachable', text: expect.stringMatching(words) })
      expect(said.text).not.toContain('wrong-password')
      expect(proxy.seen).toEqual([`CONNECT ${HOST}:443`])
    })

    it('names the proxy that is not there, whose certificate nobody knows, or that cannot reach the tenant', async () => {
      const { cwd, env } = await world()
      const gone = await ask(cwd, { ...env, HTTPS_PROXY: 'http://127.0.0.1:1' })
      expect(gone.text).toMatch(/The proxy could not be reached.*ECONNREFUSED/)
      const untrusted = await world({ tls: true })
      const said = await ask(untrusted.cwd, {
        ...untrusted.env,
        NODE_EXTRA_CA_CERTS: '',
        HTTPS_PROXY: untrusted.proxy.url,
      })
      expect(said.text).toMatch(/The certificate of the proxy is not trusted/)
      const lost = await world({ status: 502 })
      expect((await ask(lost.cwd, { ...lost.env, HTTPS_PROXY: lost.proxy.url })).text).toMatch(
        /The proxy could not reach the tenant.*502/,
      )
    })

    it('goes past the proxy to what NO_PROXY names', async () => {
      const { named, proxy, cwd, env } = await world()
      const map = path.join(cwd, 'names.mjs')
      // What the resolver of a company does: this name is a machine of ours.
      writeFileSync(
        map,
        `import dns from 'node:dns'
      const { lookup } = dns
      dns.lookup = (host, options, done) => lookup(host === '${HOST}' ? '127.0.0.1' : host, options, done)`,
      )
      const settings = {
        ...env,
        AUTH0_DOMAIN: `${HOST}:${named.port}`,
        NODE_OPTIONS: `--import=${map}`,
        HTTPS_PROXY: proxy.url,
      }
      expect(await ask(cwd, { ...settings, NO_PROXY: 'localhost,.test' })).toMatchObject({ status: 'read' })
      expect(proxy.seen).toEqual([])
      expect(named.versions.length).toBeGreaterThan(0)
    })

    it.each(
      some<readonly [string, RegExp]>(
        ['http://proxy:port-of-9443-secret', /HTTPS_PROXY is not the URL of a proxy/],
        ['http://', /HTTPS_PROXY is not the URL of a proxy/],
        ['socks5://me:sesame-9443-secret@127.0.0.1:1', /HTTPS_PROXY has a scheme other than http and https/],
        ['http://me:100%-9443-secret@127.0.0.1:1', /HTTPS_PROXY has a user or a password with a bare %/],
      ),
    )('calls a proxy like %s a mistake of the setting, and does not repeat it', async (url, words) => {
      const { cwd, env } = await world()
      const said = await ask(cwd, { ...env, HTTPS_PROXY: url })
      expect(said.text).toMatch(words)
      expect(said.text).not.toMatch(/9443-secret|could not be reached/)
    })

    it('gives up with the deadline where the proxy, or the tenant behind it, never answers', async () => {
      const silent = await world({ status: 0 })
      const settings = { TENANT_DRIFT_DEADLINE: '2s', HTTPS_PROXY: silent.proxy.url }
      expect(await ask(silent.cwd, { ...silent.env, ...settings })).toMatchObject({ code: 'timed_out' })
      const hanging = await world()
      hanging.tenant.setFault({ kind: 'hang' })
      const begun = performance.now()
      const said = await ask(hanging.cwd, { ...hanging.env, ...settings, HTTPS_PROXY: hanging.proxy.url })
      expect(said).toMatchObject({ code: 'timed_out' })
      expect(performance.now() - begun).toBeLessThan(8000)
    })

    it('calls an error of its own a bug, once, and never a fault of the network', async () => {
      const { proxy, cwd, env } = await world()
      const broken = path.join(cwd, 'broken.mjs')
      writeFileSync(
        broken,
        `import net from 'node:net'
      import tls from 'node:tls'
      net.connect = tls.connect = () => { console.error('connecting'); throw new TypeError('nothing.connect is no function') }`,
      )
      for (const way of [{ HTTPS_PROXY: proxy.url }, {}]) {
        const said = await ask(cwd, { ...env, ...way, NODE_OPTIONS: `--import=${broken}` })
        expect(said.status).toBe('no report')
        expect(said.text.match(/^connecting$/gm)).toHaveLength(1)
        expect(said.text).toContain('nothing.connect is no function')
        expect(said.text).not.toMatch(/could not be reached|AUTH0_DOMAIN/)
      }
    })
  },
)
