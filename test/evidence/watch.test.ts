import { describe, expect, it } from 'vitest'
import { readDocs } from '../../evidence/section.ts'
import { astray, beliefs, mixedIds, outOfTurn, type Told } from '../../evidence/told.ts'
import { outagesOf, wronglyToldOutages } from '../../evidence/watch/judge.ts'
import { readWatchResults, withWatchFigures, worseWatch, type WatchResults } from '../../evidence/watch/results.ts'

let made = 0
const told = (type: string, tenant = 'one', live: unknown = null): Told => ({
  id: String((made += 1)),
  type,
  tenant,
  subject: type.endsWith('readable') ? '' : 'urn:a#signing_alg',
  time: '2026-11-30T00:00:00Z',
  live,
})
const checked = (verdict: string, remembered = true) => ({ tenant: 'one', verdict, remembered })

describe('the judge of what was told', () => {
  it('is silent where each beginning has its end, and what comes again has its old id', () => {
    const first = told('opened')
    expect(
      outOfTurn([
        first,
        told('unreadable'),
        first,
        told('readable'),
        told('changed'),
        told('resolved'),
        told('reopened'),
      ]),
    ).toEqual([])
  })

  it('sees what is told twice under another id, and an end of what does not stand', () => {
    expect(outOfTurn([told('opened'), told('opened')])).toHaveLength(1)
    expect(outOfTurn([told('unreadable'), told('unreadable')])).toHaveLength(1)
    expect(outOfTurn([told('resolved'), told('readable'), told('changed')])).toHaveLength(3)
    expect(outOfTurn([told('opened', 'one'), told('opened', 'two')])).toEqual([])
  })

  it('sees one thing under two ids, and one id for two things', () => {
    const [one, two] = [told('opened', 'one'), told('opened', 'two')]
    expect(mixedIds([one, two, one, told('resolved')])).toEqual([])
    expect(mixedIds([one, { ...one, id: 'other' }])).toEqual([expect.stringContaining('two ids')])
    expect(mixedIds([one, { ...two, id: one.id }])).toEqual([expect.stringContaining('two things')])
  })

  it('knows what a receiver believes', () => {
    expect([
      ...beliefs([told('opened', 'one', 'HS256'), told('changed', 'one', 'PS256'), told('opened', 'two', 1)]),
    ]).toEqual([
      ['one urn:a#signing_alg', 'PS256'],
      ['two urn:a#signing_alg', 1],
    ])
    expect(beliefs([told('opened'), told('resolved')]).size).toBe(0)
  })

  it('sees what a receiver believes otherwise than it is', () => {
    const believed = [told('opened', 'one', 'HS256'), told('opened', 'two', 'HS256'), told('unreadable', 'three')]
    const [one, two] = ['one urn:a#signing_alg', 'two urn:a#signing_alg']
    expect(astray(believed.slice(0, 1), new Map([[one, 'HS256']]))).toEqual([])
    expect(
      astray(
        believed,
        new Map([
          [two, 'PS256'],
          ['three urn:a#signing_alg', 'HS256'],
        ]),
      ),
    ).toEqual([
      'one urn:a#signing_alg is in sync, and "HS256" was told last',
      'two urn:a#signing_alg is "PS256", and "HS256" was told last',
      'three is in sync, and null was told last',
      'three urn:a#signing_alg is "HS256", and in sync was told last',
    ])
  })

  it('counts outages by the checks that were remembered, and compares what was told of them', () => {
    const lines = ['in-sync', 'incomplete', 'incomplete', 'in-sync', 'incomplete'].map((verdict) => checked(verdict))
    expect(outagesOf([checked('incomplete', false), ...lines], 'one')).toEqual({ begun: 2, over: 1 })
    expect(wronglyToldOutages([told('unreadable'), told('readable'), told('unreadable')], lines, 'one')).toEqual([])
    expect(wronglyToldOutages([told('unreadable')], lines, 'one')).toHaveLength(2)
    expect(wronglyToldOutages([], lines, 'two')).toEqual([])
  })
})

describe('the committed figures of the watch', () => {
  const results = readWatchResults()

  it('are those of the page, and nothing is wrong in them', () => {
    if (results === null) throw new Error('npm run evidence:watch comes first')
    expect(withWatchFigures(readDocs('evidence.md'), results)).toBe(readDocs('evidence.md'))
    expect(worseWatch(null, results)).toEqual([])
  })

  it('may not get worse, and not be of less', () => {
    const faults = { tenant: 1, store: 1, channel: 1, hook: 1 }
    const day = { checks: 9, faults, heard: 4, wrong: 0, bugs: 0, memoryMb: [100, 119] as const }
    const kills = { kills: 20, tenants: 9, heard: 4, longestGap: 1.5, late: 0, wrong: 0, bugs: 0 }
    const good: WatchResults = { seed: 1, seconds: 600, day, kills }
    expect(worseWatch(good, good)).toEqual([])
    expect(worseWatch(null, { ...good, day: { ...day, wrong: 1, bugs: 2, memoryMb: [100, 121] } })).toHaveLength(3)
    expect(worseWatch(null, { ...good, kills: { ...kills, late: 1, wrong: 1, bugs: 1 } })).toHaveLength(3)
    expect(worseWatch(good, { ...good, seconds: 60, kills: { ...kills, kills: 19 } })).toHaveLength(2)
  })
})
