import { expect, it } from 'vitest'
import { inTurns } from '../../src/tenant/in-turns.ts'

it('lets so many run side by side, in their order, and a failure hands on its place', async () => {
  const inTurn = inTurns(2)
  let [running, most] = [0, 0]
  const began: number[] = []
  const run = async (number: number): Promise<number> => {
    began.push(number)
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    if (number === 1) throw new Error('one')
    return number
  }
  const ends = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => inTurn(() => run(number))))
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
  expect([most, began]).toEqual([2, [0, 1, 2, 3, 4]])
})
