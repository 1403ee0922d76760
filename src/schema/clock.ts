import { TenantDriftError } from './errors.ts'
import type { Environment } from './environment.ts'

/** Epoch ms as RFC 3339, UTC. Clocks jump, and not every number is a time: what is none is the first moment of 1970. */
export function timeOf(ms: number): string {
  const date = new Date(ms)
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString()
}

/** Last second of the year 9999: later ones have no date that others read. */
const LAST_SECOND = 253_402_300_799

/**
 * The clock of a run: SOURCE_DATE_EPOCH (whole seconds since 1970, https://reproducible-builds.org/specs/source-date-epoch/) stops it, so that
 * the same input gives the same bytes at any time; without it, or where it is empty, it is `now`. Epoch ms.
 * For what a command says and judges. What speaks to a tenant does not use it: a token is over by the time of the world. Nor do previews, which
 * tell no time.
 */
export function clockOf(env: Environment, now: () => number): () => number {
  return () => stoppedClock(env) ?? now()
}

/** The day of a moment (epoch ms): `YYYY-MM-DD`, UTC. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10)
}

/**
 * Epoch ms at which the clock of a run stands; null where it goes.
 * @throws TenantDriftError `invalid_config` where SOURCE_DATE_EPOCH is no such number
 */
export function stoppedClock(env: Environment): number | null {
  const text = env.SOURCE_DATE_EPOCH?.trim() ?? ''
  if (text === '') return null
  const seconds = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (!(seconds <= LAST_SECOND)) {
    throw new TenantDriftError(
      'invalid_config',
      'SOURCE_DATE_EPOCH is not a valid time',
      'Set it to whole seconds since 1970, up to the year 9999, as `git log -1 --format=%ct` prints them, or unset it.',
    )
  }
  return seconds * 1000
}
