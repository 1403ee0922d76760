import { describe, expect, it } from 'vitest'
import { parseSchedule, type Schedule } from '../../src/watch/schedule.ts'

const NOW = Date.parse('2026-11-30T08:00:00Z')

function scheduleOf(text: string, tenant = 'acme'): Schedule {
  const schedule = parseSchedule(text, tenant)
  if ('mistake' in schedule) throw new Error(schedule.mistake)
  return schedule
}

describe('a schedule', () => {
  it('has a place of its own for each tenant, the same in every process', () => {
    const { next } = scheduleOf('every 15m')
    const first = next(NOW)
    expect(first - NOW).toBeGreaterThan(0)
    expect(first - NOW).toBeLessThanOrEqual(900_000)
    expect(next(first) - first).toBe(900_000)
    expect(next(first - 1)).toBe(first)
    const places = new Set(Array.from({ length: 200 }, (_, index) => scheduleOf('every 15m', `t${index}`).next(NOW)))
    expect(places.size).toBeGreaterThan(195)
  })

  it('makes one turn of all that was missed', () => {
    const { next } = scheduleOf('every 15m')
    const late = next(NOW) + 10 * 900_000 + 5
    expect(next(late) - late).toBeLessThanOrEqual(900_000)
  })

  it('reads a cron line in its time zone, through the change of summer time', () => {
    const { next } = scheduleOf('0 7 * * 1-5 Europe/Berlin')
    const day = (from: string) => new Date(next(Date.parse(from))).toISOString().slice(0, 16)
    // Winter: 06:00 UTC; after the last Sunday of March 05:00. The seconds are the tenant's own place within the minute.
    expect(day('2026-03-27T07:00:00Z')).toBe('2026-03-30T05:00')
    expect(day('2026-11-30T08:00:00Z')).toBe('2026-12-01T06:00')
    expect(new Date(scheduleOf('30 2 * * *').next(NOW)).toISOString().slice(11, 16)).toBe('02:30')
  })

  it.each([
    'every',
    'every now',
    'every 10ms',
    'every 500d',
    '15m',
    '* * * *',
    '99 * * * *',
    '0 7 * * * Europe/Nowhere',
    '0 0 31 2 *',
    '* * * * * * *',
  ])('refuses %s, and does not repeat it', (text) => {
    const { mistake } = parseSchedule(text, 'acme') as { readonly mistake: string }
    expect(mistake).toEqual(expect.any(String))
    expect(mistake).not.toContain('Nowhere')
  })
})
