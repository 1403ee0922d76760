// The official SDK as a user's program has it: a process of its own, which trusts the tenant by NODE_EXTRA_CA_CERTS. Prints its steps as JSON.
import { ManagementClient } from 'auth0'
import type { Step } from './step.ts'

const {
  DOMAIN: domain = '',
  ID: clientId = '',
  SECRET: clientSecret = '',
  NARROW: narrow = '',
  APIS = '',
} = process.env
const client = new ManagementClient({ domain, clientId, clientSecret })
const apis = Number(APIS)
const made = 'https://made.example.com/'
const steps: Step[] = []

async function step(call: string, expected: string, act: () => Promise<unknown>): Promise<void> {
  let got: string
  try {
    got = String(await act())
  } catch (error) {
    const { statusCode, name } = error as { readonly statusCode?: number; readonly name?: string }
    got = `error ${statusCode ?? name}`
  }
  steps.push({ call, expected, got })
}

async function countAll(perPage?: number): Promise<number> {
  const seen = new Set<string | undefined>()
  for await (const api of await client.resourceServers.list(perPage === undefined ? {} : { per_page: perPage }))
    seen.add(api.identifier)
  return seen.size
}

async function main(): Promise<void> {
  const { data } = await client.resourceServers.list({ per_page: 3 })
  const [, first, second] = data
  const identifiers = [first?.identifier ?? '', second?.identifier ?? '']
  let id = ''
  await step('list, 50 a page', String(apis), () => countAll())
  await step('list, 100 a page', String(apis), () => countAll(100))
  await step('list, by two identifiers', identifiers.toSorted().join(), async () => {
    const page = await client.resourceServers.list({ identifiers })
    return page.data
      .map(({ identifier }) => identifier ?? '')
      .toSorted()
      .join()
  })
  await step(
    'get, by id',
    identifiers[0] ?? '',
    async () => (await client.resourceServers.get(first?.id ?? '')).identifier,
  )
  await step(
    'get, by identifier',
    first?.id ?? '',
    async () => (await client.resourceServers.get(identifiers[0] ?? '')).id,
  )
  await step('create', 'RS256 86400', async () => {
    const api = await client.resourceServers.create({ identifier: made, name: 'Made' })
    id = api.id ?? ''
    return `${api.signing_alg} ${api.token_lifetime}`
  })
  await step('create, an identifier that is there', 'error 409', () =>
    client.resourceServers.create({ identifier: made }),
  )
  await step('create, a lifetime that is none', 'error 400', () =>
    client.resourceServers.create({ identifier: 'urn:other', token_lifetime: -1 }),
  )
  await step('update', 'HS256 true', async () => {
    const change = { signing_alg: 'HS256', scopes: [{ value: 'read:made' }] } as const
    const api = await client.resourceServers.update(
      id,
      change as unknown as Parameters<typeof client.resourceServers.update>[1],
    )
    return `${api.signing_alg} ${(api.signing_secret ?? '').length >= 16}`
  })
  await step('update, then null', 'dpop undefined', async () => {
    const pop = await client.resourceServers.update(id, { proof_of_possession: { mechanism: 'dpop', required: true } })
    const none = await client.resourceServers.update(id, { proof_of_possession: null })
    return `${pop.proof_of_possession?.mechanism} ${none.proof_of_possession?.mechanism}`
  })
  await step('delete', 'undefined', () => client.resourceServers.delete(id))
  await step('get, of what is deleted', 'error 404', () => client.resourceServers.get(id))
  await step('update, of what is deleted', 'error 404', () => client.resourceServers.update(id, { name: 'Gone' }))
  await step('delete, the Management API', 'error 400', () => client.resourceServers.delete(data[0]?.id ?? ''))
  await step('list, with a token that may not', 'error 403', () =>
    new ManagementClient({ domain, token: narrow }).resourceServers.list(),
  )
  await step('list, with no token of this tenant', 'error 401', () =>
    new ManagementClient({ domain, token: 'a.b.c' }).resourceServers.list(),
  )
  process.stdout.write(JSON.stringify(steps))
}

await main()
