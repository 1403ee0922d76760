import { ManagementClient } from 'auth0'
import { Agent, fetch as undiciFetch } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasDocument, judgeByDocument, type WireAnswer } from '../../evidence/fidelity/document.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_PEMS, SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { tenantWith } from '../tenant/with-tenant.ts'

const WRITER = ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:resource_servers`)

/** The official SDK against a tenant over TLS, and every answer that it got, as it came. */
async function sdk(apis: number): Promise<{
  readonly tenant: Simulator
  readonly servers: ManagementClient['resourceServers']
  readonly answers: readonly WireAnswer[]
}> {
  const tenant = await tenantWith({ tls: true, apis, scopes: WRITER })
  const dispatcher = new Agent({ connect: { ca: tenant.ca ?? '' } })
  onTestFinished(() => dispatcher.close())
  const answers: WireAnswer[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input)
    const answer = await undiciFetch(url, { ...(init as object), dispatcher })
    const text = await answer.clone().text()
    const body = text === '' ? null : (JSON.parse(text) as Json)
    const method = init?.method ?? 'GET'
    answers.push({ method, path: url.pathname, status: answer.status, body })
    return answer
  }
  const { resourceServers: servers } = new ManagementClient({ domain: tenant.domain, token: tenant.token, fetch })
  return { tenant, servers, answers }
}

const ENCRYPTION = {
  format: 'compact-nested-jwe',
  encryption_key: { name: 'key', alg: 'RSA-OAEP-256', pem: SAMPLE_PEMS[0] },
} as const

/** Everything the SDK can do with one API, on a tenant of its own. */
async function lifeOfOne() {
  const { tenant, servers, answers } = await sdk(0)
  const created = await servers.create({
    identifier: 'https://orders.example.com/',
    name: 'Orders',
    scopes: [{ value: 'read:orders', description: 'See orders' }],
    token_encryption: ENCRYPTION,
  })
  const id = created.id ?? ''
  const got = await servers.get(id)
  const updated = await servers.update(id, {
    signing_alg: 'PS256',
    token_encryption: null,
    proof_of_possession: { mechanism: 'dpop', required: true },
  })
  await servers.delete(id)
  const gone = await servers.get(id).then(
    () => null,
    (error: unknown) => error,
  )
  return { tenant, created, got, updated, gone, answers }
}

async function all(pages: AsyncIterable<{ readonly identifier?: string | undefined }>): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { identifier } of pages) found.push(identifier ?? '')
  return found
}

describe('the official SDK on the embedded tenant over TLS', () => {
  it.each([
    // It goes on until a page is empty.
    ['with its own paging', {}, 7],
    ['with 100 a page', { per_page: 100 }, 3],
  ])('lists every API once %s', async (_how, parameters, requests) => {
    const { tenant, servers, answers } = await sdk(250)

    const listed = await all(await servers.list(parameters))

    const expected = tenant.list().map(({ identifier }) => identifier)
    expect(expected).toHaveLength(251)
    expect(listed).toEqual(expected)
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: requests }, () => 200))
  })

  it('creates, gets, updates and deletes an API, and is told by its own error that it is gone', async () => {
    const { tenant, created, got, updated, gone, answers } = await lifeOfOne()

    expect(created).toMatchObject({ signing_alg: 'RS256', token_lifetime: 86_400, scopes: [{ value: 'read:orders' }] })
    expect(created.token_encryption?.encryption_key).toEqual({
      name: 'key',
      alg: 'RSA-OAEP-256',
      thumbprint_sha256: SAMPLE_THUMBPRINTS[0],
    })
    expect(got).toEqual(created)
    expect(updated).toMatchObject({ signing_alg: 'PS256', proof_of_possession: { mechanism: 'dpop', required: true } })
    expect(updated).not.toHaveProperty('token_encryption')
    expect(gone).toMatchObject({ name: 'NotFoundError', statusCode: 404 })
    expect(tenant.list().map(({ is_system }) => is_system)).toEqual([true])
    expect(answers.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'POST 201',
      'GET 200',
      'PATCH 200',
      'DELETE 204',
      'GET 404',
    ])
  })
})

describe.skipIf(!hasDocument)('what the official SDK is answered (skipped without ../shared/data)', () => {
  it('is what the OpenAPI document says, with the corrections that the recorded traffic calls for', async () => {
    const [life, paged] = await Promise.all([lifeOfOne(), sdk(12)])
    await all(await paged.servers.list({ per_page: 5 }))
    const bodies = [...life.answers, ...paged.answers].filter(({ status }) => status < 300 && status !== 204)

    const wrong = bodies.map(judgeByDocument()).filter((fault) => fault !== null)

    expect(bodies).toHaveLength(6)
    expect(wrong).toEqual([])
  })

  it('would not pass with a key that the document does not know, or a value of another type', () => {
    const judge = judgeByDocument()
    const got = (body: JsonObject) => judge({ method: 'GET', path: '/api/v2/resource-servers/1', status: 200, body })

    expect(got({ id: '1', identifier: 'urn:a' })).toBeNull()
    expect(got({ id: '1', identifier: 'urn:a', brand_new: true })).toContain('brand_new')
    expect(got({ id: '1', identifier: 'urn:a', token_lifetime: '60' })).toContain('token_lifetime')
  })
})
