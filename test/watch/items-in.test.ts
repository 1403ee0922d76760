import { describe, expect, it } from 'vitest'
import { itemsIn } from '../../src/watch/items-in.ts'
import { sapi } from './served.ts'

describe('what a log stream brings', () => {
  it.each([
    ['a list', JSON.stringify([sapi('1'), sapi('2')]), 2],
    ['one object', JSON.stringify(sapi('1')), 1],
    ['lines', `${JSON.stringify(sapi('1'))}\n${JSON.stringify(sapi('2'))}\r\n\n`, 2],
    ['an empty list', '[]', 0],
  ])('is read as %s', (_, text, count) => {
    expect(itemsIn(text)).toHaveLength(count)
  })

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['a number', '7'],
    ['half of it', '[{"log_id":'],
    ['a deep one', '['.repeat(100) + ']'.repeat(100)],
  ])('is not understood: %s', (_, text) => {
    expect(itemsIn(text)).toBeNull()
  })
})
