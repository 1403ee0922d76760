import { markupText } from '../words/harmless.ts'

/** Attributes and content of an element. Texts must be printable already: what XML cannot hold at all is none of them. */
export type Attributes = Readonly<Record<string, string | number>>

/** An element with elements in it, one on a line; `depth` is how far it is indented. */
export function parent(depth: number, name: string, attributes: Attributes, children: readonly string[]): string {
  if (children.length === 0) return `${'  '.repeat(depth)}<${name}${attributesText(attributes)}/>\n`
  return `${'  '.repeat(depth)}<${name}${attributesText(attributes)}>\n${children.join('')}${'  '.repeat(depth)}</${name}>\n`
}

/** An element with a text in it, or with nothing. The text is as it is given: no blank is added to it. */
export function leaf(depth: number, name: string, attributes: Attributes, text = ''): string {
  if (text === '') return parent(depth, name, attributes, [])
  return `${'  '.repeat(depth)}<${name}${attributesText(attributes)}>${markupText(text)}</${name}>\n`
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${markupText(String(value)).replaceAll('"', '&quot;')}"`)
    .join('')
}
