import type { SourceEntry, SourceNode, SourceTree } from '../declared/source-tree.ts'

/** What stands for a keyword: in the middle of a text (null where it is a list or an object), and as a JSON value. */
export interface Keyword {
  readonly text: string | null
  readonly json: string
}

/** Undefined where nobody gave the keyword a value. */
export type KeywordLookup = (name: string) => Keyword | undefined

/** A text with its keywords replaced, and where each offset of it stands in the text before. */
export interface Replaced {
  readonly text: string
  readonly origin: (offset: number) => number
}

const NAME = '[A-Za-z_][A-Za-z0-9_.-]*?'
const ANY_KEYWORD = new RegExp(`##(${NAME})##|@@(${NAME})@@`)
/** With the quotes right around it, which the value then has none of: lists are written so, to keep the file valid before. */
const jsonKeyword = (name: string): string => `'@@(${name})@@'|"@@(${name})@@"|@@(${name})@@`
const textKeyword = (name: string): string => `##(${name})##`
const GIVEN_KEYWORD = new RegExp(`${jsonKeyword(NAME)}|${textKeyword(NAME)}`, 'g')
/** Around a keyword that is a value of its own without quotes. */
const BEFORE_VALUE = /(?:[:[,]|^\s*-)\s*$/
const AFTER_VALUE = /^[ \t]*(?:[,\]}#\r\n]|$)/

/** Where keywords get their values. */
export interface Keywords {
  /** Of the configuration, in its order: a value may hold keywords that come after its own. */
  readonly mappings: ReadonlyMap<string, Keyword>
  /** Of variables, which win over it. Nobody knows their order, so their values are looked into no further. */
  readonly given: KeywordLookup
}

/**
 * Replaces keywords as the Auth0 deploy CLI does, in the text before it is parsed: one keyword of the mapping after the other, first each `@@KEY@@` by the
 * value as JSON, quotes around it included, then each `##KEY##` by the value as text; what is put in is text like any other for those that come after. One
 * that has no value stays, in quotes where it stood without any (in YAML `##KEY##` would be a comment and with it null), so that it is found in the
 * values: `keywordIn`.
 */
export function replaceKeywords(text: string, { mappings, given }: Keywords): Replaced {
  if (!ANY_KEYWORD.test(text)) return { text, origin: (offset) => offset }
  let replaced: Replaced = { text, origin: (offset) => offset }
  const replace = (pattern: RegExp, valueOf: (name: string, isText: boolean) => string | undefined): void => {
    const { origin } = replaced
    const next = replaceAll(replaced.text, pattern, valueOf)
    if (next.text !== replaced.text) replaced = { text: next.text, origin: (offset) => origin(next.origin(offset)) }
  }
  const ordered = [...mappings].filter(([name]) => given(name) === undefined)
  for (const [name, { json }] of ordered) {
    if (replaced.text.includes(`@@${name}@@`)) replace(new RegExp(jsonKeyword(literal(name)), 'g'), () => json)
  }
  for (const [name, value] of ordered) {
    if (replaced.text.includes(`##${name}##`))
      replace(new RegExp(textKeyword(literal(name)), 'g'), () => value.text ?? undefined)
  }
  replace(GIVEN_KEYWORD, (name, isText) => (isText ? (given(name)?.text ?? undefined) : given(name)?.json))
  return replaced
}

function literal(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Around the name of a variable that a text takes a value from; files have no use for these characters. */
const [BEGIN, END] = ['\uE000', '\uE001']
const MARK = new RegExp(`${BEGIN}([^${END}]*)${END}`, 'g')

/** A text with a mark for each keyword that a variable gives its value, and with the values of the others. */
export function markKeywords(
  text: string,
  { mappings, given }: Keywords,
): Replaced & { readonly names: readonly string[] } {
  const replaced = replaceKeywords(text, {
    mappings,
    given: (name) => {
      if (given(name) === undefined) return undefined
      const mark = BEGIN + name + END
      return { text: mark, json: JSON.stringify(mark) }
    },
  })
  return { ...replaced, names: [...new Set(marksIn(replaced.text).names)] }
}

const NO_NAMES = { names: [], isWhole: false } as const

/** Names in the marks of a text. */
export function marksIn(text: string): { readonly names: readonly string[]; readonly isWhole: boolean } {
  if (!text.includes(BEGIN)) return NO_NAMES
  const marks = [...text.matchAll(MARK)]
  return { names: marks.map(([, name = '']) => name), isWhole: marks[0]?.[0] === text }
}

/** The first keyword that still stands in a text. */
export function keywordIn(text: string): { readonly name: string; readonly isText: boolean } | null {
  const found = ANY_KEYWORD.exec(text)
  if (found === null) return null
  return { name: found[1] ?? found[2] ?? '', isText: found[1] !== undefined }
}

/** The same tree with the places of the text before. Nodes that aliases share stay shared: written out, a small text may mean billions. */
export function treeAtOrigin(tree: SourceTree, origin: Replaced['origin']): SourceTree {
  const moved = new Map<SourceNode, SourceNode>()
  const move = (node: SourceNode): SourceNode => {
    const known = moved.get(node)
    if (known !== undefined) return known
    const copy = copyOf(node)
    moved.set(node, copy)
    return copy
  }
  const copyOf = (node: SourceNode): SourceNode => {
    const offset = origin(node.offset)
    if (node.kind === 'list') return { kind: 'list', offset, items: node.items.map(move) }
    if (node.kind === 'scalar') return { kind: 'scalar', offset }
    const entries = [...node.entries].map(([key, entry]): [string, SourceEntry] => [
      key,
      { keyOffset: origin(entry.keyOffset), value: move(entry.value) },
    ])
    return { kind: 'map', offset, entries: new Map(entries) }
  }
  return {
    root: move(tree.root),
    duplicates: tree.duplicates.map((each) => ({ ...each, offset: origin(each.offset) })),
  }
}

/** A stretch of the new text, by where it begins; what replaced a keyword stands where the keyword stood. */
interface TextStretch {
  readonly start: number
  readonly from: number
  readonly isKept: boolean
}

function replaceAll(
  text: string,
  pattern: RegExp,
  valueOf: (name: string, isText: boolean) => string | undefined,
): Replaced {
  const stretches: TextStretch[] = []
  let result = ''
  let position = 0
  const put = (piece: string, from: number, isKept: boolean): void => {
    stretches.push({ start: result.length, from, isKept })
    result += piece
  }
  for (const match of text.matchAll(pattern)) {
    const name = match.slice(1).find((group) => group !== undefined) ?? ''
    const value = valueOf(name, match[0].startsWith('##')) ?? quotedIfBare(text, match.index, match[0])
    if (value === match[0]) continue
    put(text.slice(position, match.index), position, true)
    put(value, match.index, false)
    position = match.index + match[0].length
  }
  put(text.slice(position), position, true)
  return { text: result, origin: (offset) => originAt(stretches, offset) }
}

function quotedIfBare(text: string, index: number, keyword: string): string {
  const before = text.slice(text.lastIndexOf('\n', index - 1) + 1, index)
  const isBare = BEFORE_VALUE.test(before) && AFTER_VALUE.test(text.slice(index + keyword.length))
  return isBare && !/^['"]/.test(keyword) ? `"${keyword}"` : keyword
}

function originAt(stretches: readonly TextStretch[], offset: number): number {
  let low = 0
  let high = stretches.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((stretches[middle]?.start ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const found = stretches[low]
  if (found === undefined) return offset
  return found.isKept ? found.from + offset - found.start : found.from
}
