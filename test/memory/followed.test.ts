import { describe, expect, it } from 'vitest'
import { basesOf, followedAfter, lastJudged, NOT_FOLLOWED, type Followed } from '../../src/memory/followed.ts'

const HOUR = 60

/** Commits judged one after the other, `p` behind those that were proven, at minutes. */
function after(...steps: readonly (readonly [commit: string, at: number, isProven?: true])[]): Followed {
  return steps.reduce<Followed>(
    (before, [commit, at, isProven = false]) => followedAfter(before, { commit, isProven }, at, HOUR),
    NOT_FOLLOWED,
  )
}

describe('the base of a branch that is followed', () => {
  it('is none before anything was proven', () => {
    expect(basesOf(NOT_FOLLOWED, 'a', 0, HOUR)).toEqual({ base: null, isOverdue: false, between: [] })
    expect(basesOf(after(['a', 0]), 'a', 1, HOUR)).toEqual({ base: null, isOverdue: false, between: [] })
  })

  it('is the last commit that was proven, for as long as applying may take', () => {
    const followed = after(['a', 0, true], ['b', 10], ['c', 20])
    expect(basesOf(followed, 'c', 69, HOUR)).toEqual({ base: 'a', isOverdue: false, between: ['b'] })
    // b ought to be applied: what it says may stand, what a says may not.
    expect(basesOf(followed, 'c', 70, HOUR)).toEqual({ base: 'a', isOverdue: true, between: ['b'] })
    expect(basesOf(followed, 'c', 80, HOUR)).toEqual({ base: 'a', isOverdue: true, between: [] })
    expect(basesOf(followed, 'd', 80, HOUR)).toEqual({ base: 'a', isOverdue: true, between: ['c'] })
  })

  it('moves on with what is proven', () => {
    const followed = after(['a', 0, true], ['b', 10], ['b', 500, true])
    expect(followed).toEqual({ inSync: 'b', tips: [{ commit: 'b', at: 10 }] })
    expect(basesOf(followed, 'c', 900, HOUR)).toEqual({ base: 'b', isOverdue: false, between: [] })
  })

  it('is not what was never judged, and no clock that was set back makes it wait for longer', () => {
    const followed = after(['a', 0, true], ['b', 5000])
    expect(basesOf(followed, 'b', 100, HOUR).isOverdue).toBe(false)
    expect(basesOf(followedAfter(followed, { commit: 'b', isProven: false }, 100, HOUR), 'b', 160, HOUR)).toEqual({
      base: 'a',
      isOverdue: true,
      between: [],
    })
  })

  it('does not grow with merges, and forgets none that is overdue', () => {
    const many = Array.from({ length: 500 }, (_, index): readonly [string, number] => [`c${index}`, 1 + index / 100])
    const followed = after(['a', 0, true], ...many)
    expect(followed.tips.length).toBeLessThan(60)
    expect(basesOf(followed, 'z', 6, HOUR).between.length).toBeLessThan(10)
    expect(basesOf(followed, 'z', 66, HOUR)).toMatchObject({ base: 'a', isOverdue: true, between: ['c499'] })
  })

  it('knows what stood when waiting began, however many merges came since', () => {
    const merges = Array.from({ length: 12 }, (_, index): readonly [string, number] => [`c${index}`, 90 + index])
    const followed = after(['old', 0], ...merges)
    const { between } = basesOf(followed, 'z', 103, HOUR)
    expect(between).toHaveLength(8)
    expect(between.at(0)).toBe('c11')
    expect(between.at(-1)).toBe('old')
  })

  it('has the last one that was judged for a tip that cannot be', () => {
    expect([NOT_FOLLOWED, after(['a', 0, true]), after(['a', 0, true], ['b', 1])].map(lastJudged)).toEqual([
      null,
      'a',
      'b',
    ])
  })
})
