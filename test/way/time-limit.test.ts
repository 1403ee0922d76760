import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { timeLimit } from '../../src/way/time-limit.ts'

it('comes after its time, as a timeout, and never once it was cleared', async () => {
  const [kept, cleared] = [timeLimit(20), timeLimit(20)]
  cleared.clear()
  await sleep(60)
  expect([kept.signal.aborted, cleared.signal.aborted]).toEqual([true, false])
  expect(kept.signal.reason).toMatchObject({ name: 'TimeoutError' })
})

it('leaves nothing behind that waits', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length
  const before = timers()
  const limits = Array.from({ length: 100 }, () => timeLimit(60_000))
  for (const { clear } of limits) clear()
  expect(timers()).toBeLessThanOrEqual(before)
})
