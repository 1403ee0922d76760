import { plural } from '../words/plural.ts'
import type { Item } from './item.ts'

/** `3 new, 1 resolved in 2 tenants`: numbers and words of ours alone, for a title and for the plain form. Where a memory begins nothing is new. */
export function headOf(items: readonly Item[], begins = false): string {
  const groups: readonly (readonly [string, readonly Item['type'][]])[] = [
    [begins ? 'open' : 'new', ['opened', 'reopened', 'expired']],
    ['changed', ['changed']],
    ['still there', ['reminder']],
    ['could not be judged', ['unreadable']],
    ['judged again', ['readable']],
    ['accepted', ['accepted']],
    ['resolved', ['resolved']],
  ]
  const parts = groups.flatMap(([words, types]) => {
    const count = items.filter(({ type }) => types.includes(type)).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  const grave = (['critical', 'high'] as const).flatMap((severity) => {
    const count = items.filter((item) => item.severity === severity && item.type !== 'resolved').length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  const tenants = new Set(items.map(({ address }) => address)).size
  const where = tenants > 1 ? ` in ${plural(tenants, 'tenant')}` : ''
  const head = begins ? 'the memory begins here (a first run, or the memory was lost): ' : ''
  return `${head}${parts.join(', ')}${grave.length === 0 ? '' : ` (${grave.join(', ')})`}${where}`
}

/** `29 November 2026, 02:07 UTC` */
export function longDate(ms: number): string {
  const date = dateOf(ms)
  return `${dayOf(date, 'long')}, ${date.toISOString().slice(11, 16)} UTC`
}

/** `29 Nov 2026` */
export function shortDate(ms: number): string {
  return dayOf(dateOf(ms), 'short')
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

function dayOf(date: Date, length: 'long' | 'short'): string {
  const month = MONTHS[date.getUTCMonth()] ?? ''
  return `${date.getUTCDate()} ${length === 'long' ? month : month.slice(0, 3)} ${date.getUTCFullYear()}`
}

function dateOf(ms: number): Date {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}
