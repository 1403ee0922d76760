import { COLOUR_TAG, escapeCharacter, printable } from './printable.ts'

/** The most that is shown of a sentence. */
const MOST_OF_A_SENTENCE = 2000

/**
 * What a pipeline takes for an order wherever it stands in a line of a log: GitHub's `::name::` and `##[name]`, Azure's `##vso[` and `##[`, TeamCity's, and what
 * folds a job's log at GitLab.
 */
const ORDERS = /::|##(?=\[|vso\[|teamcity\[)|\bsection_(?:start|end):(?=\d)/gi

/** Of a text of several lines: there `::` is obeyed where a line begins with it, and stands in many addresses of Pulumi's. */
const ORDERS_IN_LINES = /^(?<blank>[^\S\n]*):(?=:)|##(?=\[|vso\[|teamcity\[)|\bsection_(?:start|end):(?=\d)/gim

/** Everything that `printable` escapes but the ends of lines, and tabs. */
const ACTING = /(?!\r?\n|\t)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Somebody else's text on one line, for any place: nothing in it moves a cursor, is invisible, or orders a pipeline about. */
export function harmlessLine(text: string, most: number = MOST_OF_A_SENTENCE): string {
  return printable(text, most).replaceAll(ORDERS, inert)
}

/**
 * What is about to be said on a stream, its lines kept: the last look at sentences that have somebody else's texts in them, wherever these came from. What was
 * made harmless piece by piece stays as it is.
 */
export function harmless(text: string): string {
  return text.replaceAll(ACTING, escapeCharacter).replaceAll(COLOUR_TAG, '\\u{3c}').replaceAll(ORDERS_IN_LINES, inert)
}

/** The three marks of HTML, XML and Slack as entities; `>` too, for only so it can never end a `]]>`. Quotes stay. */
export function markupText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** One character of an order is written in another way: then it is none any more, and still tells what it was. */
function inert(order: string): string {
  if (order === '::') return ':\\u{3a}'
  return order === '##' ? '#\\u{23}' : order.replace(/:$/, '\\u{3a}')
}
