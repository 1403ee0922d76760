import { YAML_LIMITS, yamlReason } from './yaml-reason.ts'
import { jsonTree, tooDeep } from './json-tree.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { shortened } from '../schema/shortened.ts'
import type { SourcePath, SourceTree } from './source-tree.ts'
import { turn } from './turn.ts'
import { yamlTree } from './yaml-tree.ts'

/** As deep as values may lie inside one another; what lies deeper overflows the stack of those who read it. */
export const MAX_DEPTH = 64

/** One file that was read: its values, and its text for when a place in it is asked for. */
export interface SourceText {
  /** As it was given, with forward slashes. */
  readonly file: string
  readonly text: string
  readonly value: Json
  /** Looks at the text a second time: costs what reading it cost, and the tree is larger than the values. */
  readonly tree: () => SourceTree
  /** What every item of this file is, so that their lines are found in one pass. */
  readonly items: SourceItem[]
}

export interface SourceItem {
  readonly at: SourcePath
  readonly value: Json
}

/** A mistake at an offset of a text that could not be read as a whole. */
interface TextFault {
  readonly offset: number
  readonly message: string
}

export type TextReading =
  | { readonly ok: true; readonly source: SourceText }
  | { readonly ok: false; readonly faults: readonly TextFault[] }

export const EXTENSIONS = ['.yaml', '.yml', '.json'] as const

export function hasKnownExtension(file: string): boolean {
  return EXTENSIONS.some((extension) => file.toLowerCase().endsWith(extension))
}

/** By its name; all other files of ours are YAML. */
export function isJsonFile(file: string): boolean {
  return file.toLowerCase().endsWith('.json')
}

const EMPTY_FILE = 'the file is empty: write `resource_servers: []` where nothing is declared'

/** Reads one text by the extension of its file. js-yaml is loaded by the first YAML file. Faults never quote the text: it may hold secrets. */
export async function readText(file: string, withMark: string): Promise<TextReading> {
  const text = withMark.startsWith('\uFEFF') ? withMark.slice(1) : withMark
  if (text.trim() === '') return { ok: false, faults: [{ offset: 0, message: EMPTY_FILE }] }
  return isJsonFile(file) ? readJson(file, text) : readYaml(file, text)
}

/** JSON.parse, and the places only of a text that it refuses or that names a key twice (JSON.parse keeps the last in silence). */
export function readJson(file: string, text: string): TextReading {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    const fault = jsonTree(text, MAX_DEPTH)
    const { offset, message } = 'message' in fault ? fault : { offset: 0, message: 'the file ends too early' }
    return { ok: false, faults: [{ offset, message: `not valid JSON: ${message}` }] }
  }
  const tree = (): SourceTree => {
    const built = jsonTree(text, MAX_DEPTH)
    return 'message' in built ? { root: { kind: 'scalar', offset: 0 }, duplicates: [] } : built
  }
  const members = countMembers(value)
  if (members === null) return { ok: false, faults: [jsonDepthFault(text)] }
  if (members !== countColons(text)) {
    const { duplicates } = tree()
    if (duplicates.length > 0) return { ok: false, faults: duplicates.map(duplicateFault) }
  }
  return { ok: true, source: { file, text, value, tree, items: [] } }
}

function jsonDepthFault(text: string): TextFault {
  const fault = jsonTree(text, MAX_DEPTH)
  return 'message' in fault ? fault : { offset: 0, message: tooDeep(MAX_DEPTH) }
}

async function readYaml(file: string, text: string): Promise<TextReading> {
  const library = await import('js-yaml')
  const schema = library.CORE_SCHEMA.withTags(library.mergeTag)
  const build = (): SourceTree => yamlTree(library, text, library.parseEvents(text, { maxDepth: MAX_DEPTH }))
  try {
    const events = library.parseEvents(text, { maxDepth: MAX_DEPTH })
    const starts = events.filter((event) => event.type === library.EVENT_ID.DOCUMENT)
    if (starts.length === 0) return { ok: false, faults: [{ offset: 0, message: EMPTY_FILE }] }
    if (starts.length > 1) {
      const message = `the file holds ${starts.length} YAML documents: put each into its own file`
      return { ok: false, faults: [{ offset: secondDocument(text), message }] }
    }
    await turn()
    const [value] = library.constructFromEvents(events, {
      source: text,
      schema,
      maxTotalMergeKeys: YAML_LIMITS.mergeKeys,
    }) as Json[]
    return { ok: true, source: { file, text, value: value ?? null, tree: build, items: [] } }
  } catch (error) {
    if (!(error instanceof library.YAMLException)) throw error
    if (error.reason === YAML_LIMITS.duplicate) {
      const { duplicates } = build()
      if (duplicates.length > 0) return { ok: false, faults: duplicates.map(duplicateFault) }
    }
    return { ok: false, faults: [{ offset: error.mark?.position ?? 0, message: yamlReason(error.reason, MAX_DEPTH) }] }
  }
}

function duplicateFault(duplicate: { readonly key: string; readonly offset: number }): TextFault {
  return {
    offset: duplicate.offset,
    message: `the key ${JSON.stringify(shortened(duplicate.key, 80))} is here a second time`,
  }
}

/** Where the second document begins; a marker at the very beginning opens the first. */
function secondDocument(text: string): number {
  const markers = [...text.matchAll(/^---(?=\s|$)/gm)]
  const hasContentBefore = (offset: number): boolean =>
    /^(?!\s*(?:#|%|$))/m.test(text.slice(0, offset).replace(/^(?:\s*(?:#|%).*)?\n/gm, ''))
  const first = markers[0]
  if (first === undefined) return 0
  return hasContentBefore(first.index) ? first.index : (markers[1]?.index ?? first.index)
}

/** Keys of all objects together; null where they lie deeper than allowed. */
function countMembers(value: Json, depth = 0): number | null {
  if (typeof value !== 'object' || value === null) return 0
  if (depth >= MAX_DEPTH) return null
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      const inner = countMembers(item, depth + 1)
      if (inner === null) return null
      count += inner
    }
    return count
  }
  // `for in` is several times quicker than Object.values on values fresh from JSON.parse.
  const object = value as JsonObject
  for (const key in object) {
    const inner = countMembers(object[key] as Json, depth + 1)
    if (inner === null) return null
    count += 1 + inner
  }
  return count
}

/** Colons outside texts of valid JSON: one for each member as written, repeated keys included. */
function countColons(text: string): number {
  let count = 0
  let position = 0
  for (;;) {
    const quote = text.indexOf('"', position)
    if (quote < 0) return count
    let end = text.indexOf('"', quote + 1)
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
    position = end + 1
    while (text.charCodeAt(position) <= 32) position++
    if (text.charCodeAt(position) === 58) count++
  }
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0
  while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}
