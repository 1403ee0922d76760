import { describe, expect, it } from 'vitest'
import { messageOf } from '../../src/words/finding.ts'
import { helpOf } from '../../src/words/stakes.ts'
import { linkOf } from '../../src/words/told.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import type { Finding, FindingKind, Origin } from '../../src/schema/finding.ts'
import { FINDING_INFO } from '../../src/words/kinds.ts'
import { finding } from '../report/rich-report.ts'

type Parts = Partial<Finding> & Pick<Finding, 'kind'>
const urn = 'urn:a'
const changed = { kind: 'changed', identifier: urn, path: 'signing_alg', declared: 'RS256', live: 'HS256' } as const

const CASES: readonly (readonly [Parts, string])[] = [
  [changed, 'signing_alg of urn:a is "HS256" in the tenant and "RS256" in the code.'],
  [
    { ...changed, origin: 'pending' },
    'signing_alg of urn:a is "HS256" in the tenant and "RS256" in the code: applying the code will make it so.',
  ],
  [
    { ...changed, origin: 'drift', base: 'HS256' },
    'signing_alg of urn:a is "HS256" in the tenant and "RS256" in the code. The base also has "HS256", but the record does not: a refresh or an apply wrote it there, so it does not count as a base.',
  ],
  [
    { ...changed, origin: 'drift', base: 'RS256' },
    'signing_alg of urn:a is "HS256" in the tenant and "RS256" in the code.',
  ],
  [
    {
      kind: 'changed',
      origin: 'drift',
      identifier: urn,
      path: 'signing_secret',
      declared: { hidden: true },
      base: { hidden: true },
      live: { hidden: true },
    },
    'signing_secret of urn:a is (hidden) in the tenant and (hidden) in the code.',
  ],
  [
    { ...changed, origin: 'conflict', base: 'PS256' },
    'signing_alg of urn:a is "HS256" in the tenant and "RS256" in the code, and was "PS256" when last applied: both changed.',
  ],
  [
    { kind: 'changed', identifier: urn, path: 'token_encryption', declared: null, live: { format: 'x' } },
    'token_encryption of urn:a is {"format":"x"} in the tenant and null in the code.',
  ],
  [
    { kind: 'changed', identifier: urn, path: 'name', base: 'A', live: 'B' },
    'name of urn:a is "B" in the tenant and no longer declared (before: "A").',
  ],
  [
    { kind: 'changed', identifier: urn, path: 'signing_secret', declared: { hidden: true }, live: { hidden: true } },
    'signing_secret of urn:a is (hidden) in the tenant and (hidden) in the code.',
  ],
  [
    {
      kind: 'changed',
      identifier: urn,
      path: 'name',
      declared: `${'x'.repeat(300)}a${'x'.repeat(300)}`,
      live: `${'x'.repeat(300)}b${'x'.repeat(300)}`,
    },
    `name of urn:a is "${'x'.repeat(119)}…(443 more)…${'x'.repeat(39)}" in the tenant and "${'x'.repeat(119)}…(443 more)…${'x'.repeat(39)}" in the code (they differ in a part that is not shown here).`,
  ],
  [{ kind: 'missing', identifier: urn, declared: {} }, 'urn:a is declared and gone from the tenant.'],
  [{ kind: 'missing', identifier: urn, base: {} }, 'urn:a is recorded and gone from the tenant.'],
  [
    { kind: 'missing', identifier: urn, origin: 'pending', declared: {} },
    'urn:a is new in the code and not yet in the tenant.',
  ],
  [
    { kind: 'missing', identifier: urn, origin: 'conflict', declared: {} },
    'urn:a was edited in the code and is gone from the tenant.',
  ],
  [{ kind: 'unmanaged', identifier: urn, live: { name: 'A' } }, 'urn:a ("A") is in the tenant and declared nowhere.'],
  [
    { kind: 'unmanaged', identifier: urn, origin: 'pending' },
    'urn:a was taken out of the code and is still in the tenant.',
  ],
  [
    { kind: 'unmanaged', identifier: urn, origin: 'conflict' },
    'urn:a was taken out of the code, and somebody changed it in the tenant.',
  ],
  [
    { kind: 'undeclared', identifier: urn, path: 'name', origin: null, live: 'A' },
    'name of urn:a is "A" in the tenant, declared nowhere.',
  ],
  [
    { kind: 'undeclared', identifier: urn, path: 'name', base: 'A' },
    'name of urn:a is not set in the tenant, recorded as "A" and declared nowhere.',
  ],
  [
    { kind: 'unknown-field', identifier: null, path: 'x', live: 1, apis: 2 },
    'x, on 2 APIs, is a field that this version does not know: 1 in the tenant.',
  ],
  [
    { kind: 'unreadable', identifier: null, code: 'timed_out' },
    'The tenant could not be read (timed_out): the tenant did not answer within the deadline.',
  ],
  [{ kind: 'unreadable', identifier: urn, path: 'name' }, 'name of urn:a could not be read: no reason is known.'],
  [
    { kind: 'weaker-declaration', identifier: urn, path: 'signing_alg', declared: 'HS256', base: 'RS256' },
    'signing_alg of urn:a is now declared as "HS256", and was "RS256" before.',
  ],
  [
    { kind: 'weaker-declaration', identifier: urn, path: 'signing_alg', base: 'RS256' },
    'signing_alg of urn:a is no longer declared (before: "RS256").',
  ],
  [{ kind: 'weaker-declaration', identifier: urn }, 'urn:a is now listed under managed_elsewhere.'],
]

describe('a message', () => {
  it.each(CASES)('of %j says: %s', (parts, message) => {
    expect(messageOf(finding(parts))).toBe(message)
  })
})

const KINDS = Object.keys(FINDING_INFO) as FindingKind[]
const ORIGINS: readonly (Origin | null)[] = ['drift', 'pending', 'conflict', null]

describe.each(KINDS)('the help of %s', (kind) => {
  it.each(ORIGINS)('with origin %s says what it means and what to do', (origin) => {
    for (const path of ['', ...FIELDS.map((row) => row.path)]) {
      const help = helpOf(finding({ kind, path, origin, declared: 1, live: 2 }))
      expect(help).toMatch(/^[A-Z][^\n]*[^.]\. [A-Z][^\n]*\.$/)
      expect(help).not.toMatch(/undefined|null|\[object/)
    }
  })
})

it.each(FIELDS.map((row) => row.path))('the link of %s is an address of the reference', (path) => {
  expect(linkOf({ path })).toMatch(/^https:\/\/auth0\.com\/docs\//)
})
