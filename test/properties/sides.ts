import fc from 'fast-check'
import type { JsonObject } from '../../src/schema/json.ts'
import { liveOf, settings } from './apis.ts'

/** One API from all sides; null where that side does not have it. */
export interface Sides {
  readonly identifier: string
  readonly declared: JsonObject | null
  readonly base: JsonObject | null
  readonly recorded: JsonObject | null
  readonly live: JsonObject | null
}

export const SIDES = ['declared', 'base', 'recorded', 'live'] as const

const side = fc.option(settings, { nil: null, freq: 3 })

/** Any API from all sides, some live ones with a key that no version knows; waits for its identifier. */
export const anySides: fc.Arbitrary<(identifier: string, id?: number) => Sides> = fc
  .record({ declared: side, base: side, recorded: side, live: side, strange: fc.option(fc.nat(3), { nil: null }) })
  .map((values) => (identifier, id) => {
    const { strange } = values
    const live = values.live === null ? null : liveOf(identifier, values.live, id)
    const more = strange === null ? {} : { [`strange_${strange % 2}`]: strange }
    return {
      identifier,
      declared: values.declared === null ? null : { identifier, ...values.declared },
      base: values.base === null ? null : { identifier, ...values.base },
      recorded: values.recorded === null ? null : liveOf(identifier, values.recorded, id),
      live: live === null ? null : { ...live, ...more },
    }
  })

/** What one side says of all APIs. */
export function sideOf(list: readonly Sides[], key: (typeof SIDES)[number]): readonly JsonObject[] {
  return list.flatMap((one) => (one[key] === null ? [] : [one[key]]))
}
