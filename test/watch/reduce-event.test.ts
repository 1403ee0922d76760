import { describe, expect, it } from 'vitest'
import { itemsIn, reduceEvent } from '../../src/watch/reduce-event.ts'
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

  it('is kept without people, addresses and secrets', () => {
    const event = reduceEvent(sapi('900', { signing_alg: 'HS256', signing_secret: 'very-secret-value', name: 'a' }))
    expect(event).toMatchObject({ id: '900', identifier: 'urn:a' })
    expect(event?.redacted).toContain('HS256')
    expect(event?.redacted).not.toMatch(/very-secret|Ann Person|192\.0\.2\.7|auth0\|somebody/)
  })

  it.each([
    ['a sign-in', { log_id: '1', data: { type: 's', date: '2026-11-30T08:00:00Z' } }],
    [
      'a write of something else',
      {
        log_id: '1',
        data: {
          type: 'sapi',
          date: '2026-11-30T08:00:00Z',
          details: { request: { method: 'patch', path: '/api/v2/users/1' } },
        },
      },
    ],
    [
      'an API by a name that only begins so',
      {
        log_id: '1',
        data: {
          type: 'sapi',
          date: '2026-11-30T08:00:00Z',
          details: { request: { method: 'patch', path: '/api/v2/resource-servers-x/1' } },
        },
      },
    ],
    ['one without a number', { data: { type: 'sapi' } }],
    ['a text', 'x'],
    ['null', null],
  ])('is passed over: %s', (_, item) => {
    expect(reduceEvent(item)).toBeNull()
  })
})
