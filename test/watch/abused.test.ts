import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { tenantWith } from '../tenant/with-tenant.ts'
import { acmeEnv, acmeFolder, served } from './served.ts'

const TOKEN = 'the-token-of-this-service'

async function guarded() {
  const tenant = await tenantWith({ apis: 0 })
  tenant.create({ identifier: 'urn:a', name: 'a', signing_alg: 'RS256' })
  const service = await served(acmeFolder(tenant), { ...acmeEnv(tenant), TENANT_DRIFT_SERVE_TOKEN: TOKEN })
  await service.line(({ event }) => event === 'checked')
  return service
}

it('keeps no stream open for those who ask for its head alone', async () => {
  const service = await guarded()
  const headers = { authorization: `Bearer ${TOKEN}` }
  const heads = await Promise.all(
    Array.from({ length: 210 }, () => service.get('/events', { method: 'HEAD', headers }).then(({ status }) => status)),
  )
  expect(new Set(heads)).toEqual(new Set([200]))
  const events = await service.get('/events', { headers })
  expect([events.status, events.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  await events.body?.cancel()
  expect(await service.stop()).toBe(0)
})

it('takes a form that breaks off for none, and not for a mistake of its own', async () => {
  const service = await guarded()
  const { port } = new URL(service.url)
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST /login HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n')
  // The server has the head, and waits for the form.
  await once(socket, 'data')
  socket.write('token=')
  socket.destroy()
  await once(socket, 'close')
  const refused = async () => /tokens_refused_total (\d+)/.exec(await metrics())?.[1]
  const metrics = () => service.text('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })
  await expect.poll(refused, { timeout: 10_000 }).toBe('1')
  expect(service.lines.filter(({ level }) => level === 'error')).toEqual([])
})
