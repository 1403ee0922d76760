import { expect, test } from 'vitest'
import { walk } from '../support/compare-with-engine.ts'
import { worldNamed } from '../support/worlds.ts'

test(
  'drift, then repair at each position: engine and model agree on every sequence of up to three commands',
  { timeout: 900_000 },
  async () => {
    const { wrong, commands } = await walk(worldNamed('drift, then repair'), 3)

    expect(wrong).toEqual([])
    expect(commands).toBeGreaterThan(20)
  },
)
