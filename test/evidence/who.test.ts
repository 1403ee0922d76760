import { describe, expect, it } from 'vitest'
import { readDocs } from '../../evidence/section.ts'
import { changerAt, liveAt, makeHistory, PATHS, unchangedShare, valueAt } from '../../evidence/who/histories.ts'
import { measure, NOTHING, sum } from '../../evidence/who/measure.ts'
import { LEAST_KNOWN, readWho, withWhoFigures, worseWho, type WhoResults } from '../../evidence/who/results.ts'

describe('a part of the histories', { timeout: 120_000 }, () => {
  it('nobody is accused wrongly, and who can be known is known', async () => {
    const seed = Date.now() % 1_000_000
    console.log(`histories from TENANT_DRIFT_SEED=${seed}`)
    const histories = Array.from({ length: 120 }, (_, index) => makeHistory(seed + index))
    const all = sum(await Promise.all(histories.map((history, index) => measure(history, `history ${seed + index}`))))

    expect([all.certainWrong, ...all.lines.filter((line) => line.includes(': certain '))]).toEqual([0])
    expect(all.certain).toBeGreaterThan(1000)
    // Of so few histories one that stays open weighs much: one part in forty lies below what all of them must reach.
    expect(all.provableKnown / all.provable).toBeGreaterThanOrEqual(LEAST_KNOWN - 0.03)
    expect(unchangedShare(histories)).toBeGreaterThan(0.4)
  })
})

describe('the truth of a history', () => {
  it('names for each place the write after which it stood as it stands, and before which it did not', () => {
    const history = makeHistory(7)
    const now = history.runs.at(-1) ?? 0
    const changers = PATHS.map((path) => ({ path, found: changerAt(history, path, now) })).filter(
      ({ found }) => found !== null,
    )
    expect(changers.length).toBeGreaterThan(3)
    for (const { path, found } of changers) {
      const { changer, before } = found ?? {}
      const after = valueAt(changer?.after ?? null, path)
      expect(after).toEqual(valueAt(liveAt(history, now), path))
      expect(after).not.toEqual(valueAt(before === null ? liveAt(history, -Infinity) : (before?.after ?? null), path))
    }
  })
})

describe('the committed figures', () => {
  const results = readWho()

  it('are those of the page, and hold what they must', () => {
    expect(results).not.toBeNull()
    expect(withWhoFigures(readDocs('evidence.md'), results as WhoResults)).toBe(readDocs('evidence.md'))
    expect(results).toMatchObject({ histories: 5000, certainWrong: 0 })
    expect(worseWho(null, results as WhoResults)).toEqual([])
  })

  it('a wrong accusation, and less that is known, are worse', () => {
    const { lines: _lines, ...nothing } = NOTHING
    const good: WhoResults = { ...nothing, histories: 10, provable: 100, provableKnown: 99, unchanged: 0.5, late: [] }
    expect(worseWho(good, good)).toEqual([])
    expect(worseWho(good, { ...good, certainWrong: 1 })).toHaveLength(1)
    expect(worseWho(good, { ...good, provableKnown: 98 })).toHaveLength(1)
    expect(worseWho(good, { ...good, provableKnown: 97 })).toHaveLength(2)
    expect(worseWho(good, { ...good, histories: 9 })).toHaveLength(1)
    const late = { minutes: 60, certain: 9, certainWrong: 2, certainWrongFilled: 1 }
    expect(worseWho(good, { ...good, late: [{ ...late, certainWrongFilled: 0 }] })).toEqual([])
    expect(worseWho(good, { ...good, late: [late] })).toHaveLength(1)
  })
})
