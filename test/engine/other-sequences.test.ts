import { expect, test } from 'vitest'
import { walk } from '../support/compare-with-engine.ts'
import { worldNamed } from '../support/worlds.ts'

test.for([
  'pending, then released',
  'conflict, then released',
  'unreadable, then readable',
  'secret drift beside a pending field',
])('%s: engine and model agree on every sequence of two commands', { timeout: 900_000 }, async (name) => {
  const { wrong, commands } = await walk(worldNamed(name), 2)

  expect(wrong).toEqual([])
  expect(commands).toBeGreaterThan(10)
})
