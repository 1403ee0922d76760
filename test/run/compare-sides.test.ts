import { expect, it, onTestFinished } from 'vitest'
import { compareSides, type Scope } from '../../src/run/compare-sides.ts'
import type { DeclaredApi } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Look, TenantReader } from '../../src/schema/snapshot.ts'
import { bareApi, IDENTIFIER } from '../support/corpus.ts'
import { declaredApi, PROOF, said, snapshotOf, TENANT } from '../support/scenes.ts'

const state = (...apis: readonly DeclaredApi[]) => ({ tenant: null, apis, managedElsewhere: [], warnings: [] })
const OTHER = 'https://other.example.com/'

/** A reader of these APIs, and the names of those whose secrets were asked for. */
function readerOf(...items: readonly JsonObject[]) {
  const asked: string[] = []
  const lookAt = (identifier: string): Look => {
    const live = items.find((item) => item.identifier === identifier)
    return live === undefined ? { status: 'missing' } : { status: 'read', live }
  }
  const reader: TenantReader = {
    tenant: TENANT,
    inventory: () => Promise.resolve({ ok: true, snapshot: snapshotOf(items) }),
    find: (identifiers) => Promise.resolve(new Map(identifiers.map((each) => [each, lookAt(each)]))),
    secretDigests: (identifiers) => {
      asked.push(...identifiers)
      return Promise.resolve(new Map(identifiers.map((each) => [each, { status: 'read', digest: null }])))
    },
    fresh: () => reader,
    proof: () => PROOF,
    close: () => Promise.resolve(),
  }
  return { reader, asked }
}

const SCOPES: readonly (readonly [string, Scope])[] = [
  ['a tenant', { includes: null }],
  ['one API', { includes: null, only: IDENTIFIER }],
]

it.each(SCOPES)('of %s, the secret of an API that is gone is not asked for', async (_, scope) => {
  const { reader, asked } = readerOf({ ...bareApi(), identifier: OTHER })
  const declared = state(declaredApi({ identifier: IDENTIFIER, signing_secret: 'a-secret-of-16-chars' }))

  const { comparison } = await compareSides(reader, { declared, base: null, recorded: null }, scope)

  expect(asked).toEqual([])
  expect(comparison.findings.map(({ kind }) => kind)).toContain('missing')
})

it.each(SCOPES)('of %s, the secret of an API that is there is asked for', async (_, scope) => {
  const { reader, asked } = readerOf(bareApi())
  const declared = state(declaredApi({ identifier: IDENTIFIER, signing_secret: null }))

  await compareSides(reader, { declared, base: null, recorded: null }, scope)

  expect(asked).toEqual([IDENTIFIER])
})

it.each(SCOPES)(
  'of %s, a field whose value is not known yet is neither taken away nor hidden from a base that knows it',
  async (_, scope) => {
    const { reader } = readerOf({ ...bareApi(), token_lifetime: 3600 })
    const declared = state(declaredApi({ identifier: IDENTIFIER }))
    const base = state(declaredApi({ identifier: IDENTIFIER, token_lifetime: 60 }, { holdsComputed: true }))
    const notYet = new Map([[IDENTIFIER, new Set(['token_lifetime'])]])

    const { comparison } = await compareSides(reader, { declared, base, recorded: null }, { ...scope, notYet })

    expect(said(comparison.findings.filter(({ path }) => path !== ''))).toContain('changed drift token_lifetime')
    expect(comparison.findings.map(({ kind }) => kind)).not.toContain('weaker-declaration')
  },
)

it('of one API says nothing of any other', async () => {
  const { reader } = readerOf(bareApi(), { ...bareApi(), identifier: OTHER })
  const declared = state(declaredApi({ identifier: IDENTIFIER }))
  const scope = { includes: null, only: IDENTIFIER }

  const { comparison } = await compareSides(reader, { declared, base: null, recorded: null }, scope)

  expect(new Set(comparison.findings.map(({ identifier }) => identifier)).has(OTHER)).toBe(false)
  expect(comparison.findings.every(({ identifier }) => identifier === IDENTIFIER)).toBe(true)
})

it('of many APIs leaves others their turns', async () => {
  const scopes = Array.from({ length: 200 }, (_, index) => ({ value: `s${index}`, description: `d${index}` }))
  const named = Array.from({ length: 1500 }, (_, index) => `urn:api:${index}`)
  const { reader } = readerOf(...named.map((identifier) => ({ ...bareApi(), identifier, scopes })))
  const declared = state(...named.map((identifier) => declaredApi({ identifier, scopes: scopes.toReversed() })))
  let turns = 0
  const count = setInterval(() => (turns += 1), 0)
  onTestFinished(() => clearInterval(count))

  const { comparison } = await compareSides(reader, { declared, base: null, recorded: null }, { includes: null })

  expect(comparison.summary.declared).toBe(named.length)
  expect(turns).toBeGreaterThan(1)
})
