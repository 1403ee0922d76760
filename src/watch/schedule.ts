import { createHash } from 'node:crypto'
import { Cron } from 'croner'
import { DAY_MS, durationText, parseDuration } from '../schema/duration.ts'

/** When a tenant is looked at. */
export interface Schedule {
  /** As people wrote it. */
  readonly text: string
  /** The first time after `now`, both epoch ms. Whatever was missed until then is one turn. */
  readonly next: (now: number) => number
}

const SHORTEST_MS = 1000
const LONGEST_MS = 366 * DAY_MS
/** A cron line means its minute; within it the tenants of a fleet are spread. */
const CRON_SPREAD_MS = 60_000

/**
 * `every 15m`, or a cron line of five fields, with a time zone behind it (UTC without). `tenant` decides where in the time between two turns its own lies, so that
 * a fleet does not begin at once; the same name has the same place in every process. An answer of `mistake` never repeats the text.
 */
export function parseSchedule(text: string, tenant: string): Schedule | { readonly mistake: string } {
  const written = text.trim().replaceAll(/\s+/g, ' ')
  const [, duration] = /^every (.+)$/.exec(written) ?? []
  if (duration !== undefined) {
    const ms = parseDuration(duration)
    if (ms === null || ms < SHORTEST_MS || ms > LONGEST_MS)
      return { mistake: 'every needs a duration from 1s to 366d, like every 15m' }
    const place = placeInSpan(tenant, ms)
    return {
      text: `every ${durationText(ms)}`,
      next: (now) => Math.floor((now - place) / ms) * ms + place + ms,
    }
  }
  const fields = written.split(' ')
  if (fields.length < 5 || fields.length > 6)
    return { mistake: 'it must be every DURATION, or a cron line of five fields followed by a time zone' }
  try {
    const cron = new Cron(fields.slice(0, 5).join(' '), { timezone: fields[5] ?? 'UTC', paused: true })
    const place = placeInSpan(tenant, CRON_SPREAD_MS)
    // croner finds an unknown time zone only when it is asked for a run.
    if (cron.nextRun() === null) return { mistake: 'no such time exists' }
    return {
      text: written,
      next: (now) => (cron.nextRun(new Date(now - place))?.getTime() ?? now + LONGEST_MS) + place,
    }
  } catch {
    return {
      mistake:
        'the cron line or the time zone is not valid: write minute hour day month weekday, then a zone like Europe/Berlin',
    }
  }
}

/** Milliseconds below `span`, always the same for a name. */
export function placeInSpan(tenant: string, span: number): number {
  return createHash('sha256').update(tenant).digest().readUInt32BE(0) % Math.floor(span)
}
