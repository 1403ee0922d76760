import { canonical, type Json } from '../schema/json.ts'
import { escapeUnits, visibleJson } from '../schema/unseen.ts'

/** GitHub's and Azure's older orders, and what folds a log at GitLab, are obeyed anywhere in a line of a log. */
const ORDERS = /##(?=\[|vso\[|teamcity\[)|section_(?:start|end)(?=:\d)/gi

/** Pretty JSON with sorted keys and a line break at its end. Escapes stand for the same values, so nothing is lost by them. */
export function jsonText(value: Json): string {
  const text = visibleJson(JSON.stringify(canonical(value), null, 2))
  return `${text.replaceAll(ORDERS, inert)}\n`
}

/** One line of printable ASCII, keys as they are: whoever looks at it sees all of it. */
export function jsonLine(value: Json): string {
  return JSON.stringify(value)
    .replaceAll(/[^\x20-\x7e]/g, escapeUnits)
    .replaceAll(ORDERS, inert)
}

function inert(order: string): string {
  return order === '##' ? '#\\u0023' : order.replace('_', '\\u005f')
}
