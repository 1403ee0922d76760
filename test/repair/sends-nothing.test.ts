import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import cruiser from '../../.dependency-cruiser.mjs'
import { run } from '../cli/run.ts'
import { tenantWith } from '../tenant/with-tenant.ts'
import { sceneOf } from './script.ts'

const ROOT = path.join(import.meta.dirname, '..', '..')

it('asks what a check asks, and sends nothing else, whatever is printed', async () => {
  const tenant = await tenantWith({ apis: 3 })
  tenant.create({ identifier: 'urn:orders', name: 'Other', token_lifetime: 99, signing_secret: 'another-secret-22' })
  const { cwd } = sceneOf(tenant, [
    { identifier: 'urn:orders', name: 'Orders', token_lifetime: 60, signing_secret: 'a-declared-secret-1' },
    { identifier: 'urn:gone', name: 'Gone' },
  ])
  const seen: string[] = []
  tenant.onRequest(({ method, path: at }) => void seen.push(`${method} ${at}`))
  const env = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.client_id,
    AUTH0_CLIENT_SECRET: tenant.client_secret,
  }
  const before = tenant.list()

  for (const format of ['text', 'json', 'sh', 'auth0'])
    for (const flags of [[], ['--include-breaking', '--accept-weakened'], ['--inverse']])
      expect((await run(['repair', '--quiet', '--output', format, ...flags], { cwd, env })).code).toBe(2)

  expect(seen.length).toBeGreaterThan(0)
  expect(seen.filter((request) => !/^GET \/api\/v2\/|^POST \/oauth\/token$/.test(request))).toEqual([])
  expect(tenant.list()).toEqual(before)
})

it('is kept from every way to a tenant but the one of a reading', () => {
  const rule = cruiser.forbidden.find(({ name }) => name === 'repair-sends-nothing')
  if (rule === undefined) throw new Error('the rule is gone')
  const [from, to] = [new RegExp(textOf(rule.from.path)), new RegExp(textOf(rule.to.path))]
  const own = globSync('src/{repair/*.ts,cli/repair*.ts}', { cwd: ROOT })
  expect(own.length).toBeGreaterThan(10)
  expect(own.filter((file) => !from.test(file))).toEqual([])
  for (const way of [
    'src/way/send.ts',
    'src/tenant/front.ts',
    'node:http',
    'node:child_process',
    'node_modules/undici/index.js',
  ])
    expect([way, to.test(way)]).toEqual([way, true])
})

it('reaches the network through the reading of a tenant alone, which knows GET, and POST for its token', () => {
  const reached = reachedFrom('src/cli/repair.ts')
  expect(reached.has('src/tenant/session.ts')).toBe(true)
  const senders = [...reached].filter((file) =>
    /from '(undici|node:(net|http|https|http2|tls|dgram))'|\bfetch\(/.test(read(file)),
  )
  expect(senders.filter((file) => !/^src\/(way|tenant)\//.test(file))).toEqual([])
  const methods = [...reached]
    .filter((file) => file.startsWith('src/tenant/'))
    .flatMap((file) =>
      [...read(file).matchAll(/(?<!readonly )method: '(\w+)'/g)].map(([, method]) => `${file} ${method}`),
    )
  expect(methods.toSorted()).toEqual(['src/tenant/session.ts GET', 'src/tenant/token.ts POST'])
})

/** Files of ours that load with this one, or when it needs them. */
function reachedFrom(entry: string): ReadonlySet<string> {
  const reached = new Set([entry])
  for (const file of reached)
    for (const [, name = ''] of read(file).matchAll(/(?:from|import\() ?'(\.[^']+\.ts)'/g))
      reached.add(path.posix.join(path.posix.dirname(file), name))
  return reached
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

function textOf(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : ''
}
