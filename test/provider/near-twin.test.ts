import { expect, test } from 'vitest'
import { checkOnce, startProcess, tenantWith } from '../support/checks.ts'

const WRITTEN = 'https://orders.example.com/'

test.for([
  ['server', 'https://orders.example.com'],
  ['server', 'https://ORDERS.example.com/'],
  ['inline', 'https://orders.example.com'],
] as const)('%s: an API that the tenant has as %s is one difference, which names it', async ([form, live]) => {
  const tenant = await tenantWith()
  tenant.create({ identifier: live, name: 'Orders' })
  const api = { identifier: WRITTEN, name: 'Orders' }
  const program = form === 'server' ? api : { resource_servers: [api] }

  const { drift } = await checkOnce(startProcess(tenant), form, program)

  const differences = form === 'server' ? { [WRITTEN]: drift } : drift
  expect(differences).toMatchObject({ [WRITTEN]: { identifier: { kind: 'missing', live: { identifier: live } } } })
  expect(Object.keys(differences)).toEqual([WRITTEN])
})
