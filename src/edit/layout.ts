import { isJsonObject, type Json } from '../schema/json.ts'
import { UNSEEN, visibleJson } from '../schema/unseen.ts'
import type { EditNode, ScalarStyle } from './node.ts'
import { LineIndex } from '../declared/source-tree.ts'
import type { YamlLibrary } from '../declared/yaml-tree.ts'

/** The habits of one text, so that what is put into it looks like the rest. */
export interface Layout {
  readonly text: string
  readonly lines: LineIndex
  /** Null for JSON. */
  readonly yaml: YamlLibrary | null
  readonly eol: string
  /** Columns that a block map lies deeper than the one around it. */
  readonly step: number
  /** Columns that a block list lies deeper than the key before it. */
  readonly listStep: number
  /** What JSON indents by; null where it stands in one line. */
  readonly unit: string | null
  readonly colon: string
  readonly comma: string
  /** Inside the braces of a flow map. */
  readonly pad: string
}

/** `root` null: of a text that holds nothing yet. */
export function layoutOf(text: string, root: EditNode | null, yaml: YamlLibrary | null): Layout {
  const steps = { step: null as number | null, listStep: null as number | null }
  const lines = new LineIndex(text)
  if (yaml !== null && root !== null) measure(lines, root, steps)
  const isTight = yaml === null && /":\S/.test(text)
  return {
    text,
    lines,
    yaml,
    eol: /\r\n|\r|\n/.exec(text)?.[0] ?? '\n',
    step: steps.step ?? 2,
    listStep: steps.listStep ?? steps.step ?? 2,
    unit: yaml === null ? (/[\r\n]([ \t]+)\S/.exec(text)?.[1] ?? null) : null,
    colon: isTight ? ':' : ': ',
    comma: isTight ? ',' : ', ',
    pad: /\{ +\S/.test(text) ? ' ' : '',
  }
}

/** The first block map and the first block list that lie under a key. */
function measure(lines: LineIndex, node: EditNode, steps: { step: number | null; listStep: number | null }): void {
  if (node.kind !== 'map' && node.kind !== 'list') return
  for (const entry of node.entries) {
    const { node: child } = entry
    if (steps.step !== null && steps.listStep !== null) return
    if (node.kind === 'map' && node.style === 'block' && 'style' in child && child.style === 'block') {
      const deeper = columnOf({ lines }, child.start) - columnOf({ lines }, entry.start)
      if (child.kind === 'map') steps.step ??= deeper
      if (child.kind === 'list') steps.listStep ??= deeper
    }
    measure(lines, child, steps)
  }
}

export function columnOf({ lines }: Pick<Layout, 'lines'>, offset: number): number {
  return lines.place(offset).column - 1
}

export function lineStart({ lines }: Layout, offset: number): number {
  return lines.starts[lines.place(offset).line - 1] ?? 0
}

/** Where the line break behind `offset` begins, or the text ends. */
export function lineEnd({ lines, text }: Layout, offset: number): number {
  const next = lines.starts[lines.place(offset).line]
  if (next === undefined) return text.length
  return next - (text.slice(next - 2, next) === '\r\n' ? 2 : 1)
}

/** A text of its own that holds a list or an object, as JSON (`yaml` null) or as YAML. */
export function wholeText(value: Json, yaml: YamlLibrary | null): string {
  const layout = layoutOf('', null, yaml)
  if (yaml === null) return `${spread({ ...layout, unit: '  ' }, value, '')}\n`
  return blockLines(layout, value, 0)
    .map((line) => `${line}\n`)
    .join('')
}

/** A value within one line. */
export function inline(layout: Layout, value: Json, style: ScalarStyle = 'plain'): string {
  if (Array.isArray(value)) {
    return `[${(value as readonly Json[]).map((item) => inline(layout, item)).join(layout.comma)}]`
  }
  if (!isJsonObject(value)) return scalar(layout, value, style)
  const members = Object.entries(value).map(([key, member]) => inlineEntry(layout, key, member))
  return members.length === 0 ? '{}' : `{${layout.pad}${members.join(layout.comma)}${layout.pad}}`
}

export function inlineEntry(layout: Layout, key: string, value: Json): string {
  return scalar(layout, key, 'plain') + layout.colon + inline(layout, value)
}

/** JSON over several lines; all but the first are indented by `indent`. */
export function spread(layout: Layout, value: Json, indent: string): string {
  const lines = visibleJson(JSON.stringify(value, null, layout.unit ?? 0)).split('\n')
  return lines.join(layout.eol + indent)
}

/** Lines of a block map or list at a column, without line breaks; nothing in the first line before the first key or dash. */
export function blockLines(layout: Layout, value: Json, column: number): readonly string[] {
  const indent = ' '.repeat(column)
  const lines = Array.isArray(value)
    ? (value as readonly Json[]).flatMap((item) => itemLines(layout, item, column, 2))
    : Object.entries(value as Record<string, Json>).flatMap(([key, member]) => entryLines(layout, key, member, column))
  return lines.map((line, index) => (index === 0 ? line.slice(indent.length) : line))
}

/** Lines of one item, its indentation with them; `gap` columns from the dash to the value. */
export function itemLines(layout: Layout, item: Json, column: number, gap: number): readonly string[] {
  const head = `${' '.repeat(column)}-${' '.repeat(gap - 1)}`
  if (!isFilled(item)) return [head + inline(layout, item)]
  const [first = '', ...rest] = blockLines(layout, item, column + gap)
  return [head + first, ...rest]
}

/** Lines of one member of a block map, its indentation with them. */
export function entryLines(layout: Layout, key: string, value: Json, column: number): readonly string[] {
  const head = `${' '.repeat(column)}${scalar(layout, key, 'plain')}:`
  if (!isFilled(value)) return [`${head} ${inline(layout, value)}`]
  const deeper = column + (Array.isArray(value) ? layout.listStep : layout.step)
  const [first = '', ...rest] = blockLines(layout, value, deeper)
  return [head, ' '.repeat(deeper) + first, ...rest]
}

export function isFilled(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function scalar(layout: Layout, value: Json, style: ScalarStyle): string {
  const json = JSON.stringify(value)
  if (layout.yaml === null || typeof value !== 'string') return visibleJson(json)
  if (style === 'double' || value.search(UNSEEN) >= 0) return visibleJson(json)
  if (style === 'single') return `'${value.replaceAll("'", "''")}'`
  // In a flow list, because what may stand plain there may stand plain anywhere.
  const listed = layout.yaml.dump([value], { flowLevel: 0, lineWidth: -1 }).trim()
  return listed.slice(1, -1)
}
