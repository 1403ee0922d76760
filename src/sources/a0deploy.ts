import { posix } from 'node:path'
import { byCodeUnits, isJsonObject, memberOf, type Json } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import { readDeployConfig } from './a0deploy-config.ts'
import { readEntry, warningsOf, type DeployReading } from './a0deploy-entry.ts'
import type { DeclaredItem } from '../declared/document.ts'
import { forEachLimited, whyUnreadable, type DeclaredFiles, type ReadContext } from '../declared/files.ts'
import { markKeywords, marksIn, replaceKeywords, treeAtOrigin } from './keywords.ts'
import { mergeLayers } from '../declared/layers.ts'
import { EXTENSIONS, hasKnownExtension, readJson, readText, type SourceText } from '../declared/source-text.ts'
import { NOTHING_MORE, type SourceState } from '../declared/state.ts'
import { splitChoice } from './split-choice.ts'
import { usesInServers, type VariableUse } from '../declared/variable-uses.ts'

const LIST = 'resourceServers'
const FOLDER = 'resource-servers'
const AT_ONCE = 16
/**
 * The files of the Auth0 deploy CLI: a YAML file with `resourceServers`, or a folder with `resource-servers/*.json`. What stands in them is
 * declared; what its export leaves out is not. An export copies what the tenant returned, so a field that this version does not know is not known there. `FOLDER#../config/dev.json` or `FILE#config/dev.json`: the configuration that is not called `config.json`, from the folder of the files.
 */
export async function openDeployFiles(given: string, ambient: ReadContext): Promise<() => Promise<SourceState | null>> {
  const context = { ...ambient, files: readOnce(ambient.files) }
  const { file: files, chosen } = await splitChoice(given, context)
  const path = posix.normalize(files).replace(/(?<=.)\/$/, '')
  const kind = await context.files.kindOf(path)
  if (kind === null) {
    context.book.addOf(path, 'is not there')
    return () => Promise.resolve(null)
  }
  const around = kind === 'folder' ? [path, posix.join(path, '..')] : [posix.dirname(path)]
  // With the folder beside it, in which the deploy CLI looks for its configuration.
  for (const folder of around) context.files.allow?.(folder)
  const beside = kind === 'folder' ? path : posix.dirname(path)
  const named = chosen === null || posix.isAbsolute(chosen) ? chosen : posix.join(beside, chosen)
  if (named !== null) context.files.allow?.(posix.dirname(named))
  const config = await readDeployConfig(named, around, context)
  const reading: DeployReading = {
    context,
    config,
    excluded: [],
    excludedApis: [],
    excludedFields: new Set(),
    unwritten: new Set(),
  }
  const list = kind === 'folder' ? null : LIST
  for (const file of kind === 'folder' ? await filesIn(path, reading) : [path]) {
    context.uses.push(...(await keywordUses(file, list, reading)))
  }
  return async () => {
    const documents = kind === 'folder' ? await readFolder(path, reading) : await readList(path, reading)
    if (documents === null) return null
    const isEmpty = documents.every((items) => items.length === 0)
    if (config.leavesAll !== null || (reading.excluded.length > 0 && isEmpty)) {
      // As base it would make every API a new one of the code.
      const message = `${config.leavesAll ?? 'AUTH0_EXCLUDED_RESOURCE_SERVERS'} leaves out every API in it, so it says nothing about what is declared`
      context.book.addOf(path, message)
      return null
    }
    return {
      ...NOTHING_MORE,
      file: path,
      apis: documents.flatMap((items) => mergeLayers(items, context.book)),
      notKnownApis: reading.excludedApis,
      warnings: [...config.warnings, ...warningsOf(path, reading)],
    }
  }
}

/** The same text both times: what was judged is what is read. */
function readOnce(files: DeclaredFiles): DeclaredFiles {
  const texts = new Map<string, Promise<string>>()
  return {
    ...files,
    read(path, as) {
      const text = texts.get(path) ?? files.read(path, as)
      texts.set(path, text)
      return text
    },
  }
}

/** Where a file takes values from variables: read with a mark in the place of each. In what cannot be read so, they may stand anywhere. */
async function keywordUses(
  file: string,
  list: string | null,
  { context, config }: DeployReading,
): Promise<readonly VariableUse[]> {
  if (!hasKnownExtension(file)) return []
  const written = await context.files.read(file).catch(() => '')
  const marked = markKeywords(written.replace(/^\uFEFF/, ''), config)
  if (marked.names.length === 0) return []
  const reading = await readText(file, marked.text)
  if (reading.ok) {
    const source = { ...reading.source, tree: () => treeAtOrigin(reading.source.tree(), marked.origin) }
    return usesInServers({ ...source, text: written }, list, marksIn)
  }
  const nowhere = readJson(file, '{}')
  if (!nowhere.ok) return []
  return marked.names.map((name) => ({ name, source: nowhere.source, path: [], isSecret: false, isWhole: false }))
}

/** One list of items for each file; null where the folder is none of the deploy CLI's. */
async function readFolder(path: string, reading: DeployReading): Promise<readonly (readonly DeclaredItem[])[] | null> {
  const { files, book } = reading.context
  const folder = posix.join(path, FOLDER)
  if ((await files.kindOf(folder)) !== 'folder') {
    const message = `has no folder ${FOLDER}: name the folder that the deploy CLI exported, or its YAML file, as ${posix.join(path, 'tenant.yaml')}`
    book.addOf(path, message)
    return null
  }
  const paths = await filesIn(path, reading)
  const read = new Map<string, readonly DeclaredItem[]>()
  await forEachLimited(paths, AT_ONCE, async (file) => {
    if ((await files.kindOf(file)) !== 'file') return
    const source = await readSource(file, reading)
    if (source === null) return
    // The deploy CLI passes over files that hold `{}`.
    if (isJsonObject(source.value) && Object.keys(source.value).length === 0) return
    const item = readEntry(source, source.value, [], reading)
    read.set(file, item === null ? [] : [item])
  })
  if (read.size === 0 && book.isEmpty) {
    // An export that failed leaves such a folder.
    const message = 'holds no resource server: where nothing is declared, a YAML file says `resourceServers: []`'
    book.addOf(folder, message)
  }
  return paths.flatMap((file) => [read.get(file) ?? []])
}

/** Files of an export; none, with the mistake noted, where its folder may not be looked into. */
async function filesIn(path: string, { context: { files, book } }: DeployReading): Promise<readonly string[]> {
  const folder = posix.join(path, FOLDER)
  try {
    // The deploy CLI reads files whose names begin with a dot, too; a star alone passes over them.
    const named = ['*.json', '.*.json'].map((name) => files.glob(`${literalGlob(folder)}/${name}`))
    const found = (await Promise.all(named)).flat().map((file) => posix.normalize(file))
    return [...new Set(found)].filter((file) => posix.dirname(file) === folder).sort(byCodeUnits)
  } catch (error) {
    book.addOf(folder, whyUnreadable(error))
    return []
  }
}

async function readList(path: string, reading: DeployReading): Promise<readonly (readonly DeclaredItem[])[] | null> {
  const { book } = reading.context
  if (!hasKnownExtension(path)) {
    book.addOf(path, `is not a file of the deploy CLI: the name of such a file ends in ${EXTENSIONS.join(', ')}`)
    return null
  }
  const source = await readSource(path, reading)
  if (source === null) return null
  const list = memberOf(source.value, LIST)
  if (!Array.isArray(list)) {
    const what = list === undefined || list === null ? `has no ${LIST}` : `${LIST} must be a list`
    const other = list === undefined ? otherKind(source.value, ['a0deploy'], path) : null
    book.addAt(source, [LIST], other ?? `${what}: where nothing is declared, it says \`${LIST}: []\``)
    return null
  }
  const entries = list as readonly Json[]
  return entries.map((entry, index) => {
    const item = readEntry(source, entry, [LIST, index], reading)
    return item === null ? [] : [item]
  })
}

async function readSource(file: string, { context, config }: DeployReading): Promise<SourceText | null> {
  const { files, book } = context
  let text: string
  try {
    text = (await files.read(file)).replace(/^\uFEFF/, '')
  } catch (error) {
    book.addOf(file, whyUnreadable(error))
    return null
  }
  if (text.trim() === '') {
    book.addInText(file, text, 0, 'the file is empty')
    return null
  }
  const replaced = replaceKeywords(text, config)
  const reading = await readText(file, replaced.text)
  if (!reading.ok) {
    for (const { offset, message } of reading.faults) book.addInText(file, text, replaced.origin(offset), message)
    return null
  }
  const { source } = reading
  if (replaced.text === text) return source
  return { ...source, text, tree: () => treeAtOrigin(source.tree(), replaced.origin) }
}

/** A path as a pattern that matches it alone. Brackets, for a backslash is a separator to some. */
function literalGlob(path: string): string {
  return path.replaceAll(/[[{(*?]/g, (character) => `[${character}]`)
}
