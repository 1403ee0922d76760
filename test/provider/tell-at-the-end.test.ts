import pulumi from '@pulumi/pulumi'
import { beforeEach, expect, test, vi } from 'vitest'
import type * as Front from '../../src/provider/front.ts'
import type { JsonObject } from '../../src/schema/json.ts'

const DRIFT: JsonObject = { signing_alg: { kind: 'changed', severity: 'critical' } }

/** What an engine would answer, by the identifier that the program gives; null: it refuses the resource. */
const answers = new Map<string, { observed: JsonObject; drift: JsonObject } | null>()
const lines: string[] = []
let checks: typeof Front

beforeEach(async () => {
  answers.clear()
  lines.length = 0
  vi.spyOn(console, 'warn').mockImplementation((line: string) => lines.push(line))
  vi.resetModules()
  checks = await import('../../src/provider/front.ts')
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => {
      const answer = answers.get((inputs as JsonObject).identifier as string)
      if (answer === null) throw new Error('refused')
      return { id: name, state: { ...(inputs as JsonObject), ...answer } }
    },
  })
})

function check(identifier: string, observed: JsonObject, drift: JsonObject) {
  answers.set(identifier, { observed, drift })
  return new checks.ResourceServerCheck(identifier, { identifier, signing_alg: 'RS256' })
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 100))

test('a program says one line, once all of its checks have answered', async () => {
  check('https://a', { status: 'read' }, DRIFT)
  check('https://b', { status: 'unreadable', code: 'unauthorized' }, {})
  check('https://c', { status: 'read' }, {})
  await settled()

  expect(lines).toEqual([expect.stringMatching(/1 of 3 checks could not compare \(unauthorized.*1 difference/)])
})

test('a check that comes later says the new sum, and none where it changes nothing', async () => {
  check('https://a', { status: 'read' }, DRIFT)
  await settled()
  check('https://b', { status: 'read' }, {})
  await settled()
  check('https://c', { status: 'read' }, DRIFT)
  await settled()

  expect(lines.map((line) => /\d differences?/.exec(line)?.[0])).toEqual(['1 difference', '2 differences'])
})

test('a program that is in sync says nothing', async () => {
  check('https://a', { status: 'read' }, {})
  new checks.TenantCheck('tenant', { resource_servers: [] })
  await settled()

  expect(lines).toEqual([])
})

test('a check that is to be imported is refused in a sentence of ours', () => {
  const make = () => new checks.ResourceServerCheck('a', { identifier: 'https://a' }, { import: 'https://a' })
  const makeAll = () => new checks.TenantCheck('t', { resource_servers: [] }, { import: 'acme.eu.auth0.com' })

  expect(make).toThrow('a: a check cannot be imported')
  expect(makeAll).toThrow('t: a check cannot be imported')
})
