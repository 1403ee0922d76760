import { posix } from 'node:path'
import picomatch from 'picomatch'
import { declaredMistakes } from '../schema/declared-schema.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { MistakesError } from '../schema/errors.ts'
import { fromEntries, own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { Draft, Refusal, type Change, type Drafted } from './edit-draft.ts'
import { rewrite } from './edit-text.ts'
import { putAt } from './edit-values.ts'
import type { DeclaredFiles } from './files.ts'
import { readText } from './source-text.ts'

export type { Change } from './edit-draft.ts'

/** One file as it was read and as it should be; `before` is null of a new one. Both with the byte-order mark that was there. */
export interface FileEdit {
  readonly file: string
  readonly before: string | null
  readonly after: string
}

export interface Edits {
  readonly files: readonly FileEdit[]
  /** File of each change that was made. */
  readonly places: ReadonlyMap<Change, string>
  /** Why each of the others was not. */
  readonly refused: ReadonlyMap<Change, string>
}

/** Reads the sources over a file system; `more` are variables that nobody has given yet. */
export type ReadSources = (
  files: DeclaredFiles,
  more: Readonly<Record<string, string>>,
) => Promise<Pick<Drafted, 'fromFiles' | 'others' | 'lookup'> & { readonly state: DeclaredState }>

const UNEDITABLE = 'its file is written in a way that cannot be edited piece by piece: change it by hand'
const OTHERWISE = 'the files would not say exactly this afterwards: change it by hand'
/** Stands for a value that only its owner knows. */
const PLACEHOLDER = 'a-value-that-is-given-later'

/**
 * The declared files with changes made in them, nothing written yet. What is not changed keeps every byte. Each text is read again, and so is the
 * whole declaration: a change after which it would not say what was intended is refused.
 */
export async function editFiles(
  changes: readonly Change[],
  sources: readonly string[],
  files: DeclaredFiles,
  read: ReadSources,
  sharedWith: Drafted['sharedWith'],
): Promise<Edits> {
  const texts = new Map<string, string>()
  const { state, ...reading } = await read(remembering(files, texts), {})
  const values = new Map<string, Json>()
  for (const { file } of reading.fromFiles) {
    const text = file === null ? undefined : texts.get(file)
    const parsed = file === null || text === undefined ? null : await readText(file, text)
    if (file !== null && parsed?.ok === true) values.set(file, parsed.source.value)
  }
  const before = new Map(state.apis.map((api) => [api.identifier, api.values]))
  const refused = new Map<Change, string>(undeclarable(before, changes))
  const reads = (file: string): boolean => sources.some((source) => matches(source, file))
  const drafted: Drafted = { ...reading, values, reads, sharedWith }
  for (;;) {
    const known = refused.size
    const kept = changes.filter((change) => !refused.has(change))
    const edits = await attempt(kept, drafted, texts, refused)
    if (refused.size > known) continue
    const isExact = await saysExactly(edits.files, before, kept, files, read)
    if (isExact) return { ...edits, refused }
    for (const change of kept) refused.set(change, OTHERWISE)
  }
}

/** Values that no declared file can hold, by the constraints of the API's own. */
function undeclarable(
  before: ReadonlyMap<string, JsonObject>,
  changes: readonly Change[],
): readonly (readonly [Change, string])[] {
  const groups = [...Map.groupBy(changes, ({ identifier }) => identifier)]
  return groups.flatMap(([identifier, group]) => {
    const mistakesOf = (some: readonly Change[]) => {
      const values = intended(before.get(identifier), some)
      return values === null ? [] : declaredMistakes(values)
    }
    const all = mistakesOf(group)
    if (all.length === 0) return []
    const alone = group.flatMap((change) =>
      mistakesOf([change])
        .slice(0, 1)
        .map((mistake) => [change, mistake] as const),
    )
    const blamed =
      alone.length > 0 && mistakesOf(group.filter((change) => !alone.some(([each]) => each === change))).length === 0
    const found = blamed ? alone : group.map((change) => [change, all[0]] as const)
    return found.map(
      ([change, mistake]) => [change, `this version cannot declare it: ${mistake?.message ?? ''}`] as const,
    )
  })
}

/** What the declaration of an API should say; null where nothing is declared of it. */
function intended(before: JsonObject | undefined, changes: readonly Change[]): JsonObject | null {
  let values = before ?? null
  for (const change of changes) {
    if (change.kind === 'remove') values = null
    else if (change.kind === 'add') values = unescaped(change.value)
    else if (values !== null) {
      const [field = ''] = change.path
      const raw = own(values, field)
      const value = change.variable === undefined ? change.value : PLACEHOLDER
      const next = putAt({ raw, seen: raw }, change.path, value).value
      values = fromEntries([
        ...Object.entries(values).filter(([key]) => key !== field),
        ...(next === undefined ? [] : [[field, next] as const]),
      ])
    }
  }
  return values
}

function unescaped(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value).replaceAll('$${', () => '${')) as JsonObject
}

async function attempt(
  changes: readonly Change[],
  drafted: Drafted,
  texts: ReadonlyMap<string, string>,
  refused: Map<Change, string>,
): Promise<Pick<Edits, 'files' | 'places'>> {
  const draft = new Draft(drafted)
  for (const change of changes) {
    try {
      draft.make(change)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.set(change, error.message)
    }
  }
  const files: FileEdit[] = []
  const places = new Map<Change, string>()
  for (const [file, { changes: made, value }] of draft.finished()) {
    const created = draft.created.get(file)
    const text = texts.get(file)
    const after = created ?? (text === undefined ? null : await rewriteMarked(file, text, value))
    if (after === null) for (const change of await culprits(file, made, drafted, text)) refused.set(change, UNEDITABLE)
    else if (after !== text) files.push({ file, before: created === undefined ? (text ?? null) : null, after })
    for (const change of made) places.set(change, file)
  }
  return { files, places }
}

async function rewriteMarked(file: string, text: string, value: Json): Promise<string | null> {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const edited = await rewrite(file, text.slice(mark.length), value)
  return edited === null ? null : mark + edited
}

/** The changes that cannot be made even alone; all of them where each can. */
async function culprits(
  file: string,
  changes: readonly Change[],
  drafted: Drafted,
  text: string | undefined,
): Promise<readonly Change[]> {
  const found: Change[] = []
  for (const change of changes) {
    const draft = new Draft(drafted)
    draft.make(change)
    const value = draft.finished().get(file)?.value
    if (text === undefined || value === undefined || (await rewriteMarked(file, text, value)) === null)
      found.push(change)
  }
  return found.length === 0 ? changes : found
}

async function saysExactly(
  edits: readonly FileEdit[],
  before: ReadonlyMap<string, JsonObject>,
  changes: readonly Change[],
  files: DeclaredFiles,
  read: ReadSources,
): Promise<boolean> {
  if (edits.length === 0) return true
  const wanted = new Map<string, JsonObject | null>(before)
  for (const [identifier, group] of Map.groupBy(changes, (change) => change.identifier)) {
    wanted.set(identifier, intended(before.get(identifier), group))
  }
  const more = changes.flatMap((change) =>
    change.kind === 'set' && change.variable !== undefined ? [[change.variable, PLACEHOLDER] as const] : [],
  )
  try {
    if (await overwrites(edits, files)) return false
    const { state } = await read(overlaid(files, edits), Object.fromEntries(more))
    const after = new Map(state.apis.map((api) => [api.identifier, api.values]))
    const expected = [...wanted].filter(([, values]) => values !== null)
    return (
      after.size === expected.length &&
      expected.every(([identifier, values]) => sameJson(after.get(identifier), values ?? undefined))
    )
  } catch (error) {
    if (error instanceof MistakesError) return false
    throw error
  }
}

async function overwrites(edits: readonly FileEdit[], files: DeclaredFiles): Promise<boolean> {
  for (const { file, before } of edits) if (before === null && (await files.kindOf(file)) !== null) return true
  return false
}

/** As globs of sources are read. */
function matches(pattern: string, file: string): boolean {
  return picomatch(posix.normalize(pattern.replace(/^files:/, '')))(file)
}

function remembering(files: DeclaredFiles, texts: Map<string, string>): DeclaredFiles {
  return {
    kindOf: (path) => files.kindOf(path),
    glob: (pattern) => files.glob(pattern),
    read: async (path) => {
      const text = await files.read(path)
      texts.set(path, text)
      return text
    },
  }
}

/** A file system as it will be. */
function overlaid(files: DeclaredFiles, edits: readonly FileEdit[]): DeclaredFiles {
  const texts = new Map(edits.map(({ file, after }) => [file, after]))
  return {
    kindOf: (path) => (texts.has(path) ? Promise.resolve('file' as const) : files.kindOf(path)),
    read: (path) => {
      const text = texts.get(path)
      return text === undefined ? files.read(path) : Promise.resolve(text)
    },
    glob: async (pattern) => {
      return [
        ...new Set([...(await files.glob(pattern)), ...[...texts.keys()].filter((file) => matches(pattern, file))]),
      ]
    },
  }
}
