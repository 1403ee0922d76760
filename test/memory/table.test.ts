import { describe, expect, it } from 'vitest'
import { memoryOf } from '../../src/memory/from-report.ts'
import { MEMORY_SETTINGS } from '../../src/memory/remember.ts'
import { EMPTY } from '../../src/memory/types.ts'
import { cleanReport } from '../report/rich-report.ts'
import { ACCEPTANCE, days, differs, HOUR, ORDERS, START, step, story, unreadable } from './runs.ts'

const stands = { findings: [differs()] }
const accepted = { ignored: [differs()] }
const rule = {
  rule: { resource_server: '*', path: '**', ...ACCEPTANCE },
  state: 'unused',
  hides: 0,
  file: null,
  line: null,
} as const

describe('what a run changes about one place', () => {
  it('1: a run that did not look there leaves it as it is', () => {
    const { words, memory } = story([stands, { standing: { look: 'none' } }, { standing: null }, stands])

    expect(words).toEqual([['opened signing_alg'], [], [], []])
    expect(memory.episodes[0]).toMatchObject({ state: 'open', since: START + HOUR, row: 2 })
  })

  it('1: what is unreadable, or was not compared, was not looked at, nor what lies inside it', () => {
    const nested = differs({ path: 'scopes.read:orders', kind: 'undeclared' })
    const { words } = story([
      { findings: [differs(), nested] },
      { findings: [unreadable({ path: 'signing_alg' }), unreadable({ path: 'scopes', kind: 'not-compared' })] },
    ])

    expect(words[1]).toEqual(['unreadable signing_alg'])
  })

  it('2: what counts opens an episode', () => {
    const { words, memory } = story([stands])

    expect(words).toEqual([['opened signing_alg']])
    expect(memory.episodes[0]).toMatchObject({ state: 'open', since: START + HOUR, first: START + HOUR, returns: 0 })
  })

  it('2: what ended longer ago than recurring_within is new', () => {
    const { words, memory } = story([stands, {}, { ...stands, after: days(31) }])

    expect(words.at(-1)).toEqual(['opened signing_alg'])
    expect(memory.episodes[0]).toMatchObject({ returns: 0, first: memory.episodes[0]?.since })
  })

  it('3: what ended within it came back: since is now, first stays, returns counts', () => {
    const { words, memory } = story([stands, {}, stands])

    expect(words).toEqual([['opened signing_alg'], ['resolved signing_alg mended'], ['reopened signing_alg']])
    expect(memory.episodes[0]).toMatchObject({ since: START + 3 * HOUR, first: START + HOUR, returns: 1 })
  })

  it.each([
    ['the day of the rule is over', { after: days(100), rules: [{ ...rule, state: 'expired' } as const] }, 'day'],
    ['its value changed', { rules: [rule] }, 'value'],
    ['the rule was taken out', { rules: [] }, 'rule'],
  ])('4: what was accepted and counts again expired: %s', (_, more, why) => {
    const { words, memory } = story([stands, accepted, { ...stands, ...more }])

    expect(words.slice(1)).toEqual([['accepted signing_alg'], [`expired signing_alg ${why}`]])
    expect(memory.episodes[0]).toMatchObject({ state: 'open', since: START + HOUR })
  })

  it.each([
    ['another live value', { live: 'PS256' }],
    ['another kind', { kind: 'undeclared' }],
    ['drift that became a conflict', { origin: 'conflict' }],
    ['a severity above the highest so far', { severity: 'critical' }],
  ] as const)('5: %s is told as changed, and since stays', (_, parts) => {
    const { words, memory } = story([stands, { findings: [differs(parts)] }])

    expect(words[1]).toEqual(['changed signing_alg'])
    expect(memory.episodes[0]?.since).toBe(START + HOUR)
  })

  it('5: a severity that goes up and down by a sibling field is told once', () => {
    const worse = { findings: [differs({ severity: 'critical' })] }
    const { words } = story([stands, worse, stands, worse])

    expect(words.slice(1)).toEqual([['changed signing_alg'], ['(noted signing_alg)'], ['(noted signing_alg)']])
  })

  it('5: another example of a key that no version knows is no news', () => {
    const strange = (live: string) => ({
      findings: [differs({ kind: 'unknown-field', identifier: null, path: 'x', live })],
    })

    expect(story([strange('a'), strange('b')]).words).toEqual([['opened (tenant)'], ['(noted (tenant))']])
  })

  it('5: the same again is nothing at all', () => {
    expect(story([stands, stands, stands]).words).toEqual([['opened signing_alg'], [], []])
  })

  it('6: what was accepted from the start is kept and told to nobody; it can expire later', () => {
    const { words, memories } = story([accepted, { ...stands, after: 5 }])

    expect(words).toEqual([['(accepted signing_alg)'], ['expired signing_alg rule']])
    expect(memories[1]?.episodes[0]?.since).toBe(START + HOUR)
  })

  it('7: what is open and accepted is told', () => {
    expect(story([stands, accepted, accepted]).words.slice(1)).toEqual([['accepted signing_alg'], []])
  })

  it.each([
    ['pending', differs({ counts: false, origin: 'pending' })],
    ['a notice', differs({ counts: false, origin: null, kind: 'undeclared' })],
    ['held back', differs({ counts: false })],
  ])('8: present in any form is not ended: %s', (_, present) => {
    const { words, memory } = story([stands, { findings: [present] }])

    expect(words[1]).toEqual([])
    expect(memory.episodes[0]?.state).toBe('open')
  })

  it('8: what never counted is no episode', () => {
    expect(story([{ findings: [differs({ counts: false, origin: 'pending' })] }]).memory.episodes).toEqual([])
  })

  it('9: what goes with its API says nothing of its own; the message of the API says how many went', () => {
    const gone = differs({ kind: 'missing', path: '' })
    const { words, told } = story([{ findings: [differs(), differs({ path: 'name' })] }, { findings: [gone] }])

    expect(words[1]).toEqual(['opened (api)', '(gone name)', '(gone signing_alg)'])
    expect(told[1]?.[0]).toMatchObject({ took: 2 })
  })

  it('9: what goes with the value that it was in says nothing of its own', () => {
    const inner = differs({ path: 'scopes.read:orders.description', kind: 'undeclared' })
    const outer = differs({ path: 'scopes.read:orders' })
    const { words } = story([{ findings: [inner] }, { findings: [outer] }])

    expect(words[1]).toEqual(['opened scopes.read:orders', '(gone scopes.read:orders.description)'])
  })

  it('9: an API about to be made by the code takes nothing with it', () => {
    const pending = differs({ kind: 'missing', path: '', counts: false, origin: 'pending' })

    expect(story([stands, { findings: [pending] }]).words[1]).toEqual([])
  })

  it('10: where nobody watches, its end says so', () => {
    const { words, memory } = story([stands, { standing: { look: 'unwatched', live: 'HS256' } }])

    expect(words[1]).toEqual(['resolved signing_alg unwatched'])
    expect(memory.episodes[0]).toMatchObject({ state: 'ended', ended: START + 2 * HOUR, how: 'unwatched' })
  })

  it.each([
    ['a value', differs(), { look: 'watched', live: 'HS256' }, { look: 'watched', live: 'RS256' }],
    [
      'an absent value',
      differs({ live: undefined } as object),
      { look: 'watched' },
      { look: 'watched', live: 'RS256' },
    ],
    [
      'an API that was gone',
      differs({ kind: 'missing', path: '' }),
      { look: 'watched' },
      { look: 'watched', live: {} },
    ],
    ['an API of nobody', differs({ kind: 'unmanaged', path: '' }), { look: 'watched', live: {} }, { look: 'watched' }],
  ] as const)('11 and 12: the code now says so, or it was set back: %s', (_, found, taken, back) => {
    const ends = [taken, back].map((standing) => story([{ findings: [found] }, { standing }]).memory.episodes[0]?.how)

    expect(ends).toEqual(['adopted', 'mended'])
  })

  it('12: a secret can only have been set back', () => {
    const secret = differs({ path: 'signing_secret', live: { hidden: true } })
    const { memory } = story([{ findings: [secret] }, { standing: { look: 'watched', live: { hidden: true } } }])

    expect(memory.episodes[0]?.how).toBe('mended')
  })

  it('what was accepted and is mended is told as resolved', () => {
    expect(story([accepted, {}]).words[1]).toEqual(['resolved signing_alg mended'])
  })

  it('a place keeps its age where its kind changes and changes back', () => {
    const other = { findings: [differs({ kind: 'undeclared', fingerprint: 'other' })] }
    const { words, memory } = story([stands, other, stands])

    expect(words.flat()).toEqual(['opened signing_alg', 'changed signing_alg', 'changed signing_alg'])
    expect(memory.episodes).toHaveLength(1)
  })

  it('a declaration that became weaker is no episode', () => {
    const weaker = differs({ kind: 'weaker-declaration', counts: false, origin: null })

    expect(story([{ findings: [weaker] }]).memory.episodes).toEqual([])
  })
})

describe('what cannot be read', () => {
  const tenantDark = unreadable({ identifier: null })
  const error = { code: 'unauthorized', message: 'no', advice: 'do' } as const

  it('is told when it comes, in the very first run too, and when a run that looked there can read it', () => {
    const { words, memory } = story([{ findings: [tenantDark] }, { findings: [tenantDark], standing: null }, {}])

    expect(words).toEqual([['unreadable (tenant)'], [], ['readable (tenant)']])
    expect(memory.episodes).toEqual([])
  })

  it('is the tenant where a run compared nothing', () => {
    const { words } = story([stands, { errors: [error], standing: null }, stands])

    expect(words.slice(1)).toEqual([['unreadable (tenant)'], ['readable (tenant)']])
  })

  it('of an API leaves the others as they are: they open and end', () => {
    const other = differs({ identifier: 'https://b/' })
    const { words } = story([
      { findings: [other] },
      { findings: [unreadable(), differs({ identifier: 'https://c/' })] },
    ])

    expect([...(words[1] ?? [])].sort()).toEqual([
      'opened signing_alg',
      'resolved signing_alg mended',
      'unreadable (api)',
    ])
  })

  it('of its APIs is silent while the tenant is, and is told where it is left over', () => {
    const { words } = story([{ findings: [tenantDark, unreadable()] }, { findings: [unreadable()] }, {}])

    expect(words).toEqual([
      ['unreadable (tenant)', '(unreadable (api))'],
      ['readable (tenant)', 'unreadable (api)'],
      ['readable (api)'],
    ])
  })

  it('is not readable because nobody looked', () => {
    const { words } = story([{ findings: [unreadable()] }, { standing: { look: 'none' } }])

    expect(words[1]).toEqual([])
  })

  it('counts the runs in a row', () => {
    const { memories } = story([{ findings: [unreadable()] }, { standing: null }, { findings: [unreadable()] }])

    expect(memories.map(({ dark }) => dark[0]?.row)).toEqual([1, 1, 2])
  })
})

describe('beside the table', () => {
  const reminding = { ...MEMORY_SETTINGS, remindAfter: 24 * HOUR }

  it('reminds of what stands open, once each time', () => {
    const { words } = story([stands, ...Array.from({ length: 50 }, () => stands)], reminding)

    expect(words.flat()).toEqual(['opened signing_alg', 'reminder signing_alg', 'reminder signing_alg'])
  })

  it('reminds as before after a clock that went back a year', () => {
    const back = { ...stands, after: -days(365) }
    const { words, memory } = story([stands, back, ...Array.from({ length: 24 }, () => stands)], reminding)

    expect(words.flat()).toEqual(['opened signing_alg', '(noted signing_alg)', 'reminder signing_alg'])
    expect(memory.episodes[0]?.since).toBe(START + HOUR)
  })

  it('a clock that jumps a year ahead and back ends nothing and opens nothing twice', () => {
    const { words } = story([stands, { ...stands, after: days(365) }, { ...stands, after: -days(365) }, {}])

    expect(words.flat()).toEqual(['opened signing_alg', 'resolved signing_alg mended'])
  })

  it('a new version that judges otherwise is noted, not told place by place', () => {
    const otherwise = [differs({ severity: 'critical' }), differs({ path: 'name', severity: 'critical' })]
    const before = [differs(), differs({ path: 'name' })]
    const { words, told } = story([{ findings: before }, { findings: otherwise, version: '2.0.0' }])

    expect(words[1]).toEqual(['(noted name)', '(noted signing_alg)'])
    expect(told[1]).toMatchObject([{ isRejudged: true }, { isRejudged: true }])
  })

  it('another live value under a new version is news all the same', () => {
    const moved = { findings: [differs({ live: 'PS256' })], version: '2.0.0' }

    expect(story([stands, moved]).words[1]).toEqual(['changed signing_alg'])
  })

  it('equal runs are one stretch; a run that moves something begins another', () => {
    const { memories } = story([{}, {}, {}, stands, stands])

    expect(memories.map(({ run }) => [run?.times, run?.firstAt])).toEqual(
      [1, 2, 3, 1, 2].map((times, index) => [times, START + (index < 3 ? 1 : 4) * HOUR]),
    )
  })

  it('remembers when the tenant was last looked at as a whole', () => {
    const { memories } = story([{}, { covers: 'some' }, { findings: [unreadable()] }, {}])

    expect(memories.map(({ lastComplete }) => lastComplete)).toEqual([1, 1, 1, 4].map((hour) => START + hour * HOUR))
  })

  it('a report before stands in for a memory', () => {
    const before = { ...cleanReport(), findings: [differs()] }

    expect(step(memoryOf(before, START), {}, START + HOUR).transitions).toMatchObject([{ type: 'resolved' }])
    expect(memoryOf(cleanReport(), START)).toMatchObject({ ...EMPTY, run: { times: 1 }, lastComplete: START })
  })

  it('names one API and not its neighbour', () => {
    expect(story([stands]).memory.episodes[0]).toMatchObject({ identifier: ORDERS, path: 'signing_alg' })
  })
})
