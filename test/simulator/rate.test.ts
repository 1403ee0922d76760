import { describe, expect, it } from 'vitest'
import { call, LIST, start } from './call.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
const NOON_SECONDS = NOON / 1000

describe('the rate limit', () => {
  it('is a bucket: headers count it down, reset is when it is full again, then 429 as recorded', async () => {
    let now = NOON
    const simulator = await start({ rate: { burst: 3, perSecond: 2 }, now: () => now })
    const answers = [
      await call(simulator, LIST),
      await call(simulator, LIST),
      await call(simulator, LIST),
      await call(simulator, LIST),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['2', '1', '0', '0'])
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-reset'))).toEqual(
      [1, 1, 2, 2].map((s) => String(NOON_SECONDS + s)),
    )
    expect(answers[3]).toMatchObject({
      json: {
        statusCode: 429,
        error: 'Too Many Requests',
        message: 'Global limit has been reached',
        errorCode: 'too_many_requests',
      },
    })
    now += 500
    expect([(await call(simulator, LIST)).status, (await call(simulator, LIST)).status]).toEqual([200, 429])
  })

  it('does not hold for the token endpoint', async () => {
    const simulator = await start({ rate: { burst: 1, perSecond: 0.001 } })
    await call(simulator, LIST)
    const answer = await call(simulator, '/oauth/token', { method: 'POST', body: {} })
    expect(answer.status).toBe(400)
    expect(answer.headers.has('x-ratelimit-limit')).toBe(false)
  })

  it('is absent unless asked for', async () => {
    const simulator = await start()
    const answers = await Promise.all(Array.from({ length: 60 }, () => call(simulator, LIST)))
    expect(answers.every(({ status, headers }) => status === 200 && !headers.has('x-ratelimit-limit'))).toBe(true)
  })
})
