import type { DeclaredState } from '../schema/declared.ts'
import { MistakesError } from '../schema/errors.ts'
import { own, sameJson, type Json, type JsonObject } from '../schema/json.ts'
import { Refusal, type DeclarationEdit, type Refused } from './change.ts'
import { matches, overlaid, remembering } from './overlay.ts'
import { beside, Draft, type Drafted } from './draft.ts'
import { intended, PLACEHOLDER, undeclarable } from './intent.ts'
import { rewrite } from './text.ts'
import { escapeVariables } from '../declared/expand.ts'
import type { DeclaredFiles } from '../declared/files.ts'
import { readText } from '../declared/source-text.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

export type { DeclarationEdit, Refused } from './change.ts'

/** One file as it was read and as it should be; `before` is null of a new one. Both with the byte-order mark that was there. */
export interface FileEdit {
  readonly file: string
  readonly before: string | null
  readonly after: string
}

export interface Edits {
  readonly files: readonly FileEdit[]
  /** File of each change that was made. */
  readonly places: ReadonlyMap<DeclarationEdit, string>
  /** Why each of the others was not. */
  readonly refused: ReadonlyMap<DeclarationEdit, Refused>
  /** What else a change means, where there is something to say. */
  readonly notes: ReadonlyMap<DeclarationEdit, string>
  /** Signing secrets of all that is declared, as files may write them: what shows a text must hide them. */
  readonly secrets: readonly string[]
}

/** Reads the sources over a file system; `more` are variables that nobody has given yet. */
export type ReadSources = (
  files: DeclaredFiles,
  more: Readonly<Record<string, string>>,
) => Promise<Pick<Drafted, 'fromFiles' | 'others' | 'lookup'> & { readonly state: DeclaredState }>

const UNEDITABLE = new Refusal('its file is written in a form that cannot be edited automatically: change it by hand')
const OTHERWISE = new Refusal('after the edit the files would not say exactly this: change it by hand')

/**
 * The declared files with changes made in them, nothing written yet. What is not changed keeps every byte. Each text is read again, and so is the
 * whole declaration: a change after which it would not say what was intended is refused.
 */
export async function editFiles(
  changes: readonly DeclarationEdit[],
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
  const refused = new Map<DeclarationEdit, Refused>(undeclarable(before, changes))
  const taken = await existing(changes, reading.fromFiles, files)
  const reads = (file: string): boolean => !taken.has(file) && sources.some((source) => matches(source, file))
  const drafted: Drafted = { ...reading, values, reads, sharedWith }
  for (;;) {
    const known = refused.size
    const kept = changes.filter((change) => !refused.has(change))
    const edits = await attemptChanges(kept, drafted, texts, refused)
    if (refused.size > known) continue
    const isExact = await saysExactly(edits.files, before, kept, files, read)
    if (isExact) return { ...edits, refused, secrets: secretsOf(state) }
    for (const change of kept) refused.set(change, OTHERWISE)
  }
}

function secretsOf({ apis }: DeclaredState): readonly string[] {
  return apis.flatMap(({ values }) => {
    const secret = own(values, SIGNING_SECRET)
    if (typeof secret !== 'string') return []
    const written = escapeVariables(secret) as string
    return [secret, written, JSON.stringify(written).slice(1, -1), written.replaceAll("'", "''")]
  })
}

async function attemptChanges(
  changes: readonly DeclarationEdit[],
  drafted: Drafted,
  texts: ReadonlyMap<string, string>,
  refused: Map<DeclarationEdit, Refused>,
): Promise<Omit<Edits, 'refused' | 'secrets'>> {
  const draft = new Draft(drafted)
  for (const change of changes) {
    try {
      draft.make(change)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.set(change, error)
    }
  }
  const files: FileEdit[] = []
  const places = new Map<DeclarationEdit, string>()
  for (const [file, { changes: made, value }] of draft.finished()) {
    const created = draft.created.get(file)
    const text = texts.get(file)
    const after = created ?? (text === undefined ? null : await rewrite(file, text, value))
    if (after === null) for (const change of await culprits(file, made, drafted, text)) refused.set(change, UNEDITABLE)
    else if (after !== text) files.push({ file, before: created === undefined ? (text ?? null) : null, after })
    for (const change of made) places.set(change, file)
  }
  return { files, places, notes: draft.notes }
}

/** The changes that cannot be made even alone; all of them where each can. */
async function culprits(
  file: string,
  changes: readonly DeclarationEdit[],
  drafted: Drafted,
  text: string | undefined,
): Promise<readonly DeclarationEdit[]> {
  const found: DeclarationEdit[] = []
  for (const change of changes) {
    const draft = new Draft(drafted)
    draft.make(change)
    const value = draft.finished().get(file)?.value
    if (text === undefined || value === undefined || (await rewrite(file, text, value)) === null) found.push(change)
  }
  return found.length === 0 ? changes : found
}

async function saysExactly(
  edits: readonly FileEdit[],
  before: ReadonlyMap<string, JsonObject>,
  changes: readonly DeclarationEdit[],
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
  const texts = new Map(edits.map(({ file, after }) => [file, after]))
  try {
    const { state } = await read(overlaid(files, texts), Object.fromEntries(more))
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

/** Names for new files that are taken. */
async function existing(
  changes: readonly DeclarationEdit[],
  states: Drafted['fromFiles'],
  files: DeclaredFiles,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>()
  const names = changes.flatMap((change) => (change.kind === 'add' ? [change.file.name] : []))
  const folders = new Set(states.flatMap(({ file }) => (file === null ? [] : [beside(file, '')])))
  for (const folder of folders) {
    for (const name of names) if ((await files.kindOf(folder + name)) !== null) taken.add(folder + name)
  }
  return taken
}
