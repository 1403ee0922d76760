import { expect, test } from 'vitest'
import { walk } from '../support/compare-with-engine.ts'
import { worldNamed } from '../support/worlds.ts'

const TOGETHER = [
  'pending, then released',
  'conflict, then released',
  'missing, then there again',
  'secret drift beside a pending field',
]

test(
  'engine and model agree on every sequence of two commands where the worlds go through two stages',
  { timeout: 900_000 },
  async () => {
    const { wrong, commands } = await walk(TOGETHER.map(worldNamed), 2)

    expect(wrong).toEqual([])
    expect(commands).toBeGreaterThan(20)
  },
)
