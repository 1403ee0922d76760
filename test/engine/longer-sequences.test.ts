import { expect, test } from 'vitest'
import { walk } from '../support/compare-with-engine.ts'
import { worldNamed } from '../support/worlds.ts'

test.for([
  { name: 'unreadable, then readable', length: 2, least: 10 },
  { name: 'drift, then repair', length: 3, least: 20 },
])(
  '$name: engine and model agree on every sequence of $length commands',
  { timeout: 900_000 },
  async ({ name, length, least }) => {
    const { wrong, commands } = await walk([worldNamed(name)], length)

    expect(wrong).toEqual([])
    expect(commands).toBeGreaterThan(least)
  },
)
