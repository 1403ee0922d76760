import { expect, test } from 'vitest'
import { driftPolicies } from '../../policies/drift-policies.ts'
import { livePolicies } from '../../policies/live/live-policies.ts'
import { mistakesIn, type Configurable } from '../../policies/refuse-config.ts'

const MAIN = driftPolicies() as readonly Configurable[]
const LIVE = livePolicies(() => Promise.reject(new Error('never opened'))) as readonly Configurable[]
const said = (policies: readonly Configurable[], given: Readonly<Record<string, readonly string[]>>) =>
  mistakesIn(new Map(Object.entries(given)), policies)

test('what the packs know passes, and so does a level for all', () => {
  const every = Object.fromEntries(MAIN.map(({ name }) => [name, ['severity_at_least', 'only_touched']]))

  expect(said(MAIN, { ...every, all: [] })).toBeNull()
  expect(said(LIVE, { ...every, 'unreadable-tenant': ['base'], 'unmanaged-api': ['managed_elsewhere'] })).toBeNull()
})

test.for([
  [{ 'signing-alg-drit': [] }, 'there is no policy "signing-alg-drit"; did you mean "signing-alg-drift"?'],
  [{ completely: ['different'] }, 'there is no policy "completely"'],
  [
    { 'id-drift': ['severity_at_lest'] },
    'the policy "id-drift" has no option "severity_at_lest"; did you mean "severity_at_least"?',
  ],
  [{ 'id-drift': ['ignore'] }, 'the policy "id-drift" has no option "ignore"; known: severity_at_least, only_touched'],
  // The base is the live pack's: to the main one it comes from the state.
  [
    { 'unreadable-tenant': ['base'] },
    'the policy "unreadable-tenant" has no option "base"; known: severity_at_least, only_touched',
  ],
  [{ all: ['severity_at_least'] }, '"all" takes only a level, not the option "severity_at_least"'],
] as const)('%j is refused by name', ([given, text]) => {
  expect(said(MAIN, given)).toBe(text)
})

test('all mistakes are said at once, sorted, and what was written cannot break out of its line', () => {
  const text = said(MAIN, { 'b\nc': [], 'a-policy-nobody-has': [] })

  expect(text?.split('\n')).toHaveLength(2)
  expect(text).toMatch(/^there is no policy "a-policy-nobody-has"/)
})
