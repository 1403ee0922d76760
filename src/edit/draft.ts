import { isJsonObject, listOf, memberOf, own, type Json } from '../schema/json.ts'
import type { DeclaredItem } from '../declared/document.ts'
import {
  Refusal,
  refuseVariables,
  type AddChange,
  type DeclarationEdit,
  type RemoveChange,
  type SetChange,
} from './change.ts'
import { escapeVariables, expand, variablesIn, type Lookup } from '../declared/expand.ts'
import { putWritten, valueAtPath, withValue } from './values.ts'
import { layerOf, type LayeredApi } from '../declared/layers.ts'
import type { SourcePath } from '../declared/source-tree.ts'
import type { SourceState } from '../declared/state.ts'

/** What the files of one reading say. */
export interface Drafted {
  readonly fromFiles: readonly SourceState[]
  /** What sources say that are no declared files. */
  readonly others: readonly SourceState[]
  readonly lookup: Lookup
  /** Value of each file that is named, as it is written. */
  readonly values: ReadonlyMap<string, Json>
  /** Whether the sources would read a file that is not there yet. */
  readonly reads: (file: string) => boolean
  /** Names whom else a file speaks for; null where nobody. */
  readonly sharedWith: (file: string) => string | null
}

interface Owner {
  readonly state: SourceState
  readonly api: LayeredApi
}

interface Update {
  readonly file: string
  readonly at: SourcePath
  readonly value: Json
}

/** The values that files should have. A file that others extend is never touched: what differs goes into the one that was named. */
export class Draft {
  readonly reading: Drafted
  readonly wanted: Map<string, Json>
  readonly created = new Map<string, string>()
  /** What else a change means. */
  readonly notes = new Map<DeclarationEdit, string>()
  readonly #removed: { readonly file: string; readonly index: number }[] = []
  readonly #uses = new Map<string, Set<DeclarationEdit>>()
  readonly #ownersOf: ReadonlyMap<string, readonly Owner[]>
  readonly #elsewhere: ReadonlySet<string>

  constructor(reading: Drafted) {
    this.reading = reading
    this.wanted = new Map(reading.values)
    const owners = reading.fromFiles.flatMap((state) => state.apis.map((api) => ({ state, api })))
    this.#ownersOf = Map.groupBy(owners, ({ api }) => api.identifier)
    this.#elsewhere = new Set(reading.others.flatMap(({ apis }) => apis.map(({ identifier }) => identifier)))
  }

  /** @throws Refusal */
  make(change: DeclarationEdit): void {
    if (change.kind === 'add') this.#add(change)
    else if (change.kind === 'set') this.#set(change)
    else this.#remove(change)
  }

  /** Changes of each file that has some, with the value it should have. */
  finished(): ReadonlyMap<string, { readonly changes: readonly DeclarationEdit[]; readonly value: Json }> {
    const values = new Map(this.wanted)
    for (const [file, indices] of Map.groupBy(this.#removed, (each) => each.file)) {
      const gone = new Set(indices.map(({ index }) => index))
      const servers = valueAtPath(values.get(file), ['resource_servers'])
      if (!Array.isArray(servers)) continue
      const kept = (servers as readonly Json[]).filter((_item, index) => !gone.has(index))
      values.set(file, withValue(values.get(file), ['resource_servers'], kept))
    }
    return new Map(
      [...this.#uses].map(([file, changes]) => [file, { changes: [...changes], value: values.get(file) ?? null }]),
    )
  }

  #set(change: SetChange): void {
    const updates = this.#owners(change).flatMap(({ state, api }) => this.#setIn(change, state, api))
    const names = [...new Set(this.#owners(change).flatMap(({ api }) => api.layers.flatMap(variablesOfName)))]
    if (names.length > 0)
      this.notes.set(change, `the identifier uses ${names.join(', ')}, so this change also holds for its other values`)
    for (const { file, at, value } of updates) {
      this.wanted.set(file, withValue(this.wanted.get(file), at, value))
      this.#use(file, change)
    }
  }

  #setIn({ identifier, path, value, variable }: SetChange, state: SourceState, api: LayeredApi): readonly Update[] {
    const file = this.#mayEdit(state)
    const [field = ''] = path
    const at = this.#entryOf(file, api)
    const entry = valueAtPath(this.wanted.get(file), at)
    const layer = layerOf(api, field)
    const inherited =
      own(api.values, field) === undefined || layer === undefined
        ? undefined
        : valueAtPath(layer.source?.value, [...layer.at, field])
    const raw = isJsonObject(entry) && Object.hasOwn(entry, field) ? entry[field] : inherited
    const seen = raw === undefined ? undefined : expand(raw, this.reading.lookup).value
    const written =
      variable === undefined ? (value === undefined ? undefined : escapeVariables(value)) : `\${${variable}}`
    const next = putWritten({ raw, seen }, path, written)
    refuseVariables(next.lost)
    if (next.value === undefined) throw new Refusal('a whole field cannot be removed')
    const named: readonly Update[] = isJsonObject(entry)
      ? []
      : [{ file, at: [...at, 'identifier'], value: escapeVariables(identifier) }]
    return [...named, ...this.#withoutUnset(file, at, entry, field), { file, at: [...at, field], value: next.value }]
  }

  /** A field that is set again is no longer taken away. */
  #withoutUnset(file: string, at: SourcePath, entry: Json | undefined, field: string): readonly Update[] {
    const unset = listOf(memberOf(entry, '$unset'))
    if (!unset.includes(field)) return []
    return [{ file, at: [...at, '$unset'], value: unset.filter((name) => name !== field) }]
  }

  #remove(change: RemoveChange): void {
    const removed = this.#owners(change).flatMap(({ state, api }) => {
      const file = this.#mayEdit(state)
      return api.layers.map((layer) => {
        if (layer.source?.file !== file) {
          throw new Refusal(
            `it is declared in ${layer.source?.file ?? 'another place'}, which other files may extend: remove it there`,
          )
        }
        refuseVariables([valueAtPath(layer.source.value, layer.at) ?? null])
        return { file, index: Number(layer.at.at(-1)) }
      })
    })
    this.#removed.push(...removed)
    for (const { file } of removed) this.#use(file, change)
  }

  #add(change: AddChange): void {
    const { fromFiles } = this.reading
    const isOwn = ({ file }: SourceState): boolean => file !== null && this.reading.sharedWith(file) === null
    const first = fromFiles.find(isOwn) ?? fromFiles[0]
    if (first === undefined) throw new Refusal('no declared file is among the sources: declare it where the others are')
    const file = this.#mayEdit(first)
    const fresh = beside(file, change.file.name)
    if (fromFiles.length > 1 && this.reading.reads(fresh)) {
      this.created.set(fresh, change.file.text)
      this.#use(fresh, change)
      return
    }
    this.#use(file, change)
    const index = listOf(memberOf(this.wanted.get(file), 'resource_servers')).length
    this.wanted.set(file, withValue(this.wanted.get(file), ['resource_servers', index], change.value))
  }

  #owners({ identifier }: DeclarationEdit): readonly Owner[] {
    if (this.#elsewhere.has(identifier)) throw new Refusal('another tool declares it', true)
    const owners = this.#ownersOf.get(identifier)
    if (owners === undefined) throw new Refusal('no declared file declares this API: adopt the API itself first')
    return owners
  }

  #mayEdit({ file }: SourceState): string {
    if (file === null || !this.wanted.has(file)) throw new Refusal('its file cannot be edited')
    const shared = this.reading.sharedWith(file)
    if (shared === null) return file
    throw new Refusal(
      `${file} is also used for ${shared}: give each tenant its own file that extends it, and adopt into that file`,
    )
  }

  /** Where the API stands in a file, or would: behind the last one. */
  #entryOf(file: string, api: LayeredApi): SourcePath {
    const layer = api.layers.findLast((each) => each.source?.file === file)
    if (layer !== undefined) return layer.at
    const items = listOf(memberOf(this.wanted.get(file), 'resource_servers'))
    const written = escapeVariables(api.identifier)
    const index = items.findIndex((item) => memberOf(item, 'identifier') === written)
    return ['resource_servers', index < 0 ? items.length : index]
  }

  #use(file: string, change: DeclarationEdit): void {
    this.#uses.set(file, (this.#uses.get(file) ?? new Set()).add(change))
  }
}

/** A file of this name in the same folder. */
export function beside(file: string, name: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1) + name
}

function variablesOfName({ source, at }: DeclaredItem): readonly string[] {
  const written = valueAtPath(source?.value, [...at, 'identifier'])
  return written === undefined ? [] : variablesIn(written).map((name) => `\${${name}}`)
}
