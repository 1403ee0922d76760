import { byCodeUnits, isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import type { DeployConfig } from './a0deploy-config.ts'
import { named, readItem, type DeclaredItem } from '../declared/document.ts'
import { expand } from '../declared/expand.ts'
import type { ReadContext } from '../declared/files.ts'
import { keywordIn } from './keywords.ts'
import { knownFields } from './known-fields.ts'
import type { SourceText } from '../declared/source-text.ts'
import { findNode, type SourcePath } from '../declared/source-tree.ts'
import type { SourceState } from '../declared/state.ts'
import type { NotKnown } from '../schema/not-known.ts'
import { parsePath } from '../schema/path.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'
import { shownPath } from '../schema/shown-key.ts'

/** The deploy CLI matches by id and writes neither; in the place of a client's id it exports the client's name. */
const NEVER_WRITTEN: readonly string[] = ['id', 'client_id']

/** What reading all files of one source gathers. */
export interface DeployReading {
  readonly context: ReadContext
  readonly config: DeployConfig
  /** Names of those that it leaves alone, and their identifiers. */
  readonly excluded: string[]
  readonly excludedApis: string[]
  readonly excludedFields: Set<string>
  readonly unwritten: Set<string>
}

/** One resource server at `at`; null where it cannot be told which one it is, or where the deploy CLI leaves it alone. */
export function readEntry(
  source: SourceText,
  entry: Json,
  at: SourcePath,
  reading: DeployReading,
): DeclaredItem | null {
  const { config, context, excluded, excludedApis, excludedFields, unwritten } = reading
  if (!isJsonObject(entry)) return readItem(source, entry, undefined, at, [], context.book)
  const name = own(entry, 'name')
  if (typeof name === 'string' && config.excluded.has(name)) {
    excluded.push(named(name))
    const which = own(entry, 'identifier')
    if (typeof which === 'string') excludedApis.push(which)
    return null
  }
  const { value, mistakes, isWhole } = expand(entry, null)
  const all = [...mistakes, ...(isWhole ? unresolved(value, [], config) : [])]
  const identifier = own(entry, 'identifier')
  const which = typeof identifier === 'string' && keywordIn(identifier) === null ? `${named(identifier)}: ` : ''
  for (const { path, message } of all) {
    context.book.addAt(source, [...at, ...path], [`${which}${shownPath(path)}`, message].filter(Boolean).join(': '))
  }
  if (!isWhole) return null
  const { values, unknown } = knownFields(value as JsonObject)
  for (const key of NEVER_WRITTEN) if (Object.hasOwn(values, key)) unwritten.add(key)
  const leftAlone = config.excludedFields.filter((key) => key !== 'identifier')
  for (const key of leftAlone) if (Object.hasOwn(values, key)) excludedFields.add(key)
  const isLeft = (key: string): boolean => NEVER_WRITTEN.includes(key) || leftAlone.includes(key)
  const declared = Object.fromEntries(Object.entries(values).filter(([key]) => !isLeft(key)))
  const refused = all.map(({ path }) => path)
  const hasSecret = Object.hasOwn(declared, SIGNING_SECRET)
  const raw = hasSecret && isFromKeyword(source, [...at, SIGNING_SECRET]) ? FROM_KEYWORD : undefined
  const item = readItem(source, declared, raw, at, refused, context.book)
  if (item === null) return null
  const notKnown = unknown
    .map((path): NotKnown => ({ path, why: 'unmapped' }))
    .filter(({ path }) => !leftAlone.some((key) => parsePath(path)?.[0] === key))
  return {
    ...item,
    ...(leftAlone.length > 0 && { cannotSay: leftAlone }),
    ...(notKnown.length > 0 && { notKnown }),
  }
}

/** An entry as it stood before, in the words of `readItem`: its secret is written out nowhere. */
const FROM_KEYWORD: JsonObject = { [SIGNING_SECRET]: '${keyword}' }

interface Unresolved {
  readonly path: SourcePath
  readonly message: string
}

function unresolved(value: Json, path: SourcePath, config: DeployConfig): readonly Unresolved[] {
  if (typeof value === 'string') {
    const keyword = keywordIn(value)
    return keyword === null ? [] : [{ path, message: whyUnresolved(keyword, config) }]
  }
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => unresolved(item, [...path, index], config))
  return Object.entries(value).flatMap(([key, child]) => unresolved(child, [...path, key], config))
}

function whyUnresolved(keyword: { readonly name: string; readonly isText: boolean }, config: DeployConfig): string {
  const { name, isText } = keyword
  if (config.given(name) !== undefined || config.mappings.has(name)) {
    return isText
      ? `the keyword ${name} stands for a list or an object: write @@${name}@@`
      : `the keyword ${name} must be the whole value: write only @@${name}@@, or ##${name}## inside a string`
  }
  const where = `give it as a variable of this name, as TENANT_DRIFT_VAR_${name} in the environment, or in AUTH0_KEYWORD_REPLACE_MAPPINGS of the config.json beside the files`
  return `the keyword ${name} has no value: ${where}`
}

/** Whether the line of a value takes it from a keyword. */
function isFromKeyword(source: SourceText, path: SourcePath): boolean {
  const found = findNode(source.tree().root, path)
  if (found === null) return false
  const [line = ''] = source.text.slice(found.keyOffset).split(/[\r\n]/, 1)
  return keywordIn(line) !== null
}

/** What was left out, each reason once. */
export function warningsOf(
  file: string,
  { excluded, excludedFields, unwritten }: DeployReading,
): SourceState['warnings'] {
  const say = (names: Iterable<string>, why: string): SourceState['warnings'] => {
    const list = [...names].sort(byCodeUnits).join(', ')
    return list === '' ? [] : [{ file, line: null, message: `${why}: ${list}` }]
  }
  return [
    ...say(excluded, 'left out, because the deploy CLI excludes them (AUTH0_EXCLUDED_RESOURCE_SERVERS)'),
    ...say(excludedFields, 'not compared, because the deploy CLI leaves it alone (EXCLUDED_PROPS)'),
    ...say(unwritten, 'not compared, because the deploy CLI never writes it'),
  ]
}
