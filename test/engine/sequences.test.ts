import { expect, test } from 'vitest'
import { walk } from '../support/compare-with-engine.ts'
import { IS_WIDE } from '../support/wide.ts'
import { worldNamed } from '../support/worlds.ts'

const TOGETHER = [
  'pending, then released',
  'conflict, then released',
  'missing, then there again',
  'secret drift beside a pending field',
]

interface Sequences {
  readonly of: string
  readonly worlds: readonly string[]
  readonly length: number
  /** After the first command only the last stage: the others are met by the first. */
  readonly isShort?: true
  /** Commands that the engine runs at the least: a walk that goes nowhere agrees with everything. */
  readonly least: number
}

/** Each command is a run of the engine, so `npm test` walks a few steps. */
const FEW: readonly Sequences[] = [
  { of: 'worlds of two stages', worlds: TOGETHER, length: 1, least: 10 },
  { of: 'drift, then repair', worlds: ['drift, then repair'], length: 2, isShort: true, least: 15 },
]
/** `npm run evidence:sequences` walks minutes far. */
const MANY: readonly Sequences[] = [
  { of: 'worlds of two stages', worlds: TOGETHER, length: 2, least: 20 },
  { of: 'unreadable, then readable', worlds: ['unreadable, then readable'], length: 2, least: 10 },
  { of: 'drift, then repair', worlds: ['drift, then repair'], length: 3, least: 30 },
]

test.for(IS_WIDE ? MANY : FEW)(
  '$of: engine and model agree on every sequence of $length commands',
  { timeout: 900_000 },
  async ({ worlds, length, isShort = false, least }) => {
    const { wrong, commands } = await walk(worlds.map(worldNamed), length, isShort)

    expect(wrong).toEqual([])
    expect(commands).toBeGreaterThanOrEqual(least)
  },
)
