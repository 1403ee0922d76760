import { expect, it } from 'vitest'
import { parseAddress } from '../../src/schema/tenant-address.ts'

it.each([
  ['a token', `${'a'.repeat(90)}.${'b'.repeat(200)}.${'c'.repeat(80)}`],
  ['a client secret', 'S'.repeat(64)],
  ['many labels', `${'a.'.repeat(130)}com`],
])('%s is no domain, although it is a host to a URL, and is not said again', (_, text) => {
  const address = parseAddress(text)

  expect(address).toEqual({ mistake: expect.stringContaining('too long for a domain') })
  expect(JSON.stringify(address)).not.toContain(text.slice(0, 8).toLowerCase())
})

it.each(['acme.eu.auth0.com', `${'a'.repeat(63)}.example.com`, 'login.acme.example'])('%s is one', (text) => {
  expect(parseAddress(text)).toMatchObject({ tenant: text })
})
