import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outOfTurn, stories, wrongIn } from '../../evidence/memory/stories.ts'
import { holds, PATIENCE } from './seed.ts'

describe('a tenant that anything happens to, run after run', () => {
  it(
    'is told no falsehood; its transitions give its memory; a second process remembers the same',
    { timeout: PATIENCE },
    () => {
      holds(
        fc.property(stories, (story) => {
          expect(wrongIn(story)).toEqual([])
        }),
        150,
      )
    },
  )

  it('is told, per place, an end only after a beginning, and neither twice in a row', { timeout: PATIENCE }, () => {
    holds(
      fc.property(stories, (story) => {
        expect(outOfTurn(story)).toEqual([])
      }),
      100,
    )
  })
})
