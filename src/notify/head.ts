import { plural } from '../words/plural.ts'
import { severitiesText } from '../words/severities.ts'
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
  const grave = severitiesText(
    items.flatMap(({ severity, type }) =>
      (severity === 'critical' || severity === 'high') && type !== 'resolved' ? [severity] : [],
    ),
  )
  const tenants = new Set(items.map(({ address }) => address)).size
  const where = tenants > 1 ? ` in ${plural(tenants, 'tenant')}` : ''
  const head = begins ? 'the memory begins here (a first run, or the memory was lost): ' : ''
  return `${head}${parts.join(', ')}${grave === '' ? '' : ` (${grave})`}${where}`
}
