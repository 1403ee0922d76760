import { canonical, type Json } from '../schema/json.ts'

/** What JSON lets through although a terminal or a reader must not see it: C1 controls, bidi marks, invisible characters. Line breaks are ours. */
const UNSEEN = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** GitHub's and Azure's older orders, and what folds a log at GitLab, are obeyed anywhere in a line of a log. */
const ORDERS = /##(?=\[|vso\[|teamcity\[)|section_(?:start|end)(?=:\d)/gi

/** Pretty JSON with sorted keys and a line break at its end. Escapes stand for the same values, so nothing is lost by them. */
export function jsonText(value: Json): string {
  const text = JSON.stringify(canonical(value), null, 2)
  return `${text.replaceAll(UNSEEN, escapeUnits).replaceAll(ORDERS, inert)}\n`
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

/** A character, or a text, with each of its units as JSON escapes it. */
export function escapeUnits(text: string): string {
  const units = Array.from({ length: text.length }, (_unit, index) => text.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
