import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { affectedBy } from '../../src/affected/affected-by.ts'
import { AFFECTED_BECAUSE } from '../../src/schema/affected-schema.ts'
import type { Affected, Applications } from '../../src/schema/affected.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { affectedCounts, affectedText, applicationTexts, jointAffected } from '../../src/words/affected.ts'

const affected = (ids: readonly string[], parts: Partial<Affected> = {}): Affected => ({
  applications: ids.map((id) => ({ client_id: id, name: id.toUpperCase(), why: 'grant' })),
  total: ids.length,
  allFirstParty: false,
  thirdPartyByDefault: false,
  defaultAudience: false,
  verifiers: false,
  unknown: [],
  ...parts,
})

describe('whom a difference hits, in words', () => {
  it.each<[string, Affected, string]>([
    ['one', affected(['a']), 'Hits 1 application: A.'],
    [
      'more than are named',
      affected(['a', 'b', 'c', 'd'], { total: 30 }),
      'Hits 30 applications: A, B, C and 27 more.',
    ],
    ['nobody, where all is known', affected([]), 'Hits no known application.'],
    [
      'everything that can be said beside it',
      affected(['a'], { allFirstParty: true, thirdPartyByDefault: true, defaultAudience: true, verifiers: true }),
      'Hits 1 application: A; first-party applications need no grant; third-party applications have a grant by default; it is the default audience; services that check its tokens are hit, too.',
    ],
    [
      'nothing at all',
      affected([], { total: null, unknown: [{ what: 'grants', because: 'no-scope' }] }),
      'Which applications it hits is not known: which applications have a grant (needs read:client_grants).',
    ],
    [
      'at least those that need no grant',
      affected(['a'], { unknown: [{ what: 'grants', because: 'not-readable' }] }),
      'Hits at least 1 application: A. Not known: which applications have a grant (the answer of the tenant cannot be used).',
    ],
    [
      'those among whom they are',
      affected(['a', 'b'], { unknown: [{ what: 'applications', because: 'no-scope' }] }),
      'Hits up to 2 applications: A, B. Not known: what the applications can do (needs read:clients).',
    ],
  ])('%s', (_title, whom, text) => {
    expect(affectedText(whom)).toBe(text)
  })

  it('names each application once on request, and counts the rest', () => {
    expect(applicationTexts(affected(['a', 'b'], { total: 5 }))).toEqual([
      'A (a): it has a grant',
      'B (b): it has a grant',
      'and 3 more applications',
    ])
  })
})

describe('several differences together', () => {
  it('count an application once', () => {
    expect(affectedText(jointAffected([affected(['a', 'b']), affected(['b', 'c'])]))).toBe(
      'Hits 3 applications: A, B, C.',
    )
  })

  it('say what they are at least where not all are named', () => {
    const joint = jointAffected([affected(['a', 'b'], { total: 9 }), affected(['b', 'c'], { total: 4 })])
    expect(affectedCounts(joint)).toBe('Hits at least 9 applications')
    expect(affectedCounts(jointAffected([affected(['a'], { total: 9 })]))).toBe('Hits 9 applications')
  })

  it('do not know what one of them does not', () => {
    const joint = jointAffected([
      affected(['a']),
      affected([], { total: null, unknown: [{ what: 'grants', because: 'no-scope' }] }),
    ])
    expect(affectedText(joint)).toMatch(/^Hits at least 1 application: A\. Not known: /)
  })
})

describe('silence', () => {
  const because = fc.constantFrom(...AFFECTED_BECAUSE)
  const unlearnt = because.map((each) => ({ ok: false, because: each }) as const)
  const anyLearnt: fc.Arbitrary<Applications> = fc.record({
    grants: fc.oneof(unlearnt, fc.constant({ ok: true, value: [] } as const)),
    clients: fc.oneof(
      unlearnt,
      fc.constantFrom('whole', 'summary').map((depth) => ({ ok: true, value: { depth, list: [] } }) as const),
    ),
    defaultAudience: fc.oneof(unlearnt, fc.constant({ ok: true, value: '' } as const)),
  })

  it('is never nobody, whatever the field and whatever could not be learnt', () => {
    fc.assert(
      fc.property(
        anyLearnt,
        // Another id is another API: the grants of the one before it went with it.
        fc.constantFrom(...FIELDS.map(({ path }) => path.replace('.*', '.x')).filter((path) => path !== 'id')),
        fc.constantFrom('weakened', 'strengthened', 'neutral'),
        (learnt, path, direction) => {
          const finding = { kind: 'changed', identifier: 'urn:a', path, direction } as const
          const whom = affectedBy({ finding, api: {} }, learnt)
          const knowsAll = whom.unknown.every(({ what }) => what === 'default-audience')
          expect(whom.total).toBe(knowsAll ? 0 : null)
          expect(whom.defaultAudience === null).toBe(!learnt.defaultAudience.ok)
          const whats = whom.unknown.map(({ what }) => what)
          expect([whats.includes('grants'), whats.includes('names')]).toEqual([!learnt.grants.ok, !learnt.clients.ok])
        },
      ),
    )
  })
})
