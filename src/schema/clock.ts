import { TenantDriftError } from './errors.ts'

/** Last second of the year 9999: later ones have no date that others read. */
const LAST_SECOND = 253_402_300_799

/**
 * The clock of a run: SOURCE_DATE_EPOCH (whole seconds since 1970, https://reproducible-builds.org/specs/source-date-epoch/) stops it, so that
 * the same input gives the same bytes at any time; without it, or where it is empty, it is `now`. Epoch ms.
 * For what a command says and judges. What speaks to a tenant does not use it: a token is over by the time of the world. Nor do previews, which
 * tell no time.
 */
export function clockOf(env: Readonly<Record<string, string | undefined>>, now: () => number): () => number {
  return () => stoppedClock(env) ?? now()
}

/**
 * Epoch ms at which the clock of a run stands; null where it goes.
 * @throws TenantDriftError `invalid_config` where SOURCE_DATE_EPOCH is no such number
 */
export function stoppedClock(env: Readonly<Record<string, string | undefined>>): number | null {
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
