import type { Html, InlineCode, ListItem, Paragraph, PhrasingContent, RootContent, Table, TableCell } from 'mdast'
import { harmlessLine } from './harmless.ts'

/**
 * Words of ours. Everything else is `code`: `@user`, `#12` and bare addresses in plain text become mentions and links, however they are
 * escaped, and in code nothing does.
 */
export function words(value: string): PhrasingContent {
  return { type: 'text', value }
}

/** Somebody else's text, as code on one line. A bar would end the cell of a table in some readers, a code span or not. */
export function code(text: string): InlineCode | PhrasingContent {
  const shown = harmlessLine(text).replaceAll('|', '\\u{7c}')
  return shown.trim() === '' ? words('(empty)') : { type: 'inlineCode', value: shown }
}

export function strong(value: string): PhrasingContent {
  return { type: 'strong', children: [words(value)] }
}

export function heading(value: string): RootContent {
  return { type: 'heading', depth: 3, children: [words(value)] }
}

export function paragraph(...children: readonly PhrasingContent[]): Paragraph {
  return { type: 'paragraph', children: [...children] }
}

export function table(head: readonly string[], rows: readonly (readonly PhrasingContent[][])[]): Table {
  const cell = (children: PhrasingContent[]): TableCell => ({ type: 'tableCell', children })
  return {
    type: 'table',
    children: [
      { type: 'tableRow', children: head.map((title) => cell([words(title)])) },
      ...rows.map((row) => ({ type: 'tableRow' as const, children: row.map(cell) })),
    ],
  }
}

export function list(items: readonly (readonly PhrasingContent[])[]): RootContent {
  const children = items.map((item): ListItem => ({ type: 'listItem', spread: false, children: [paragraph(...item)] }))
  return { type: 'list', ordered: false, spread: false, children }
}

/** What opens at a click. `title` holds words of ours only: it is HTML. */
export function details(title: string, children: readonly RootContent[]): readonly RootContent[] {
  const html = (value: string): Html => ({ type: 'html', value })
  return [html(`<details><summary>${title}</summary>`), ...children, html('</details>')]
}

export function link(address: string, text: string): PhrasingContent {
  return { type: 'link', url: address, children: [words(text)] }
}
