import type { Json } from '../../src/schema/json.ts'

/** What one look at the tenant said, whoever looked. */
export interface Said {
  readonly who: string
  /** Of one API alone. */
  readonly isOfOne: boolean
  /** A reading of its own, after the one that others share. */
  readonly isFresh: boolean
  readonly status: 'in sync' | 'drift' | 'unreadable'
  /** Identifiers that it called missing. */
  readonly missing: readonly string[]
  /** Other differences that it found. */
  readonly others: readonly string[]
  readonly codes: readonly string[]
  /** Whole text that a reader gets of what could not be read. */
  readonly text: string
  readonly hasNextStep: boolean
  /** What of it contradicts itself, an exit code among it; null where nothing does. */
  readonly misjudged: string | null
  readonly ms: number
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
