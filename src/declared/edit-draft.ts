import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import type { Path } from '../schema/path.ts'
import { expand, variablesIn, type Lookup } from './expand.ts'
import { escapeVariables, putAt, valueAt, withValue } from './edit-values.ts'
import { layerOf, type LayeredApi } from './layers.ts'
import type { SourcePath } from './source-tree.ts'
import type { SourceState } from './state.ts'

/** What is to be said in the declared files from now on. */
export type Change =
  | {
      readonly kind: 'set'
      readonly identifier: string
      /** From the field on; items of keyed lists by their key. */
      readonly path: Path
      /** Undefined takes away what stands there; a whole field is never taken away. */
      readonly value: Json | undefined
      /** Name of a variable that is written in the place of a value. */
      readonly variable?: string
    }
  /** The whole API is taken out. */
  | { readonly kind: 'remove'; readonly identifier: string }
  /** A whole API is put in: into the one file there is, else into a file of its own beside the others. */
  | {
      readonly kind: 'add'
      readonly identifier: string
      readonly value: JsonObject
      readonly file: { readonly name: string; readonly text: string }
    }

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

/** Why nothing is changed where another tool's source declares the API. */
export const ELSEWHERE = 'another tool declares it'

/** A change cannot be made; the message says why, and what to do. */
export class Refusal extends Error {}

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
  readonly #removed: { readonly file: string; readonly index: number }[] = []
  readonly #uses = new Map<string, Change[]>()

  constructor(reading: Drafted) {
    this.reading = reading
    this.wanted = new Map(reading.values)
  }

  /** @throws Refusal */
  make(change: Change): void {
    if (change.kind === 'add') this.#add(change)
    else if (change.kind === 'set') this.#set(change)
    else this.#remove(change)
  }

  /** Changes of each file that has some, with the value it should have. */
  finished(): ReadonlyMap<string, { readonly changes: readonly Change[]; readonly value: Json }> {
    const values = new Map(this.wanted)
    for (const [file, indices] of Map.groupBy(this.#removed, (each) => each.file)) {
      const gone = new Set(indices.map(({ index }) => index))
      const servers = valueAt(values.get(file), ['resource_servers'])
      if (!Array.isArray(servers)) continue
      const kept = (servers as readonly Json[]).filter((_item, index) => !gone.has(index))
      values.set(file, withValue(values.get(file), ['resource_servers'], kept))
    }
    return new Map([...this.#uses].map(([file, changes]) => [file, { changes, value: values.get(file) ?? null }]))
  }

  #set(change: Extract<Change, { kind: 'set' }>): void {
    const updates = this.#owners(change).flatMap(({ state, api }) => this.#setIn(change, state, api))
    for (const { file, at, value } of updates) {
      this.wanted.set(file, withValue(this.wanted.get(file), at, value))
      this.#use(file, change)
    }
  }

  #setIn(
    { identifier, path, value, variable }: Extract<Change, { kind: 'set' }>,
    state: SourceState,
    api: LayeredApi,
  ): readonly Update[] {
    const file = this.#mayEdit(state)
    const [field = ''] = path
    const at = this.#entryOf(file, api)
    const entry = valueAt(this.wanted.get(file), at)
    const layer = layerOf(api, field)
    const inherited =
      own(api.values, field) === undefined || layer === undefined
        ? undefined
        : valueAt(layer.source?.value, [...layer.at, field])
    const raw = (isJsonObject(entry) ? own(entry, field) : undefined) ?? inherited
    const seen = raw === undefined ? undefined : expand(raw, this.reading.lookup).value
    const written =
      variable === undefined ? (value === undefined ? undefined : escapeVariables(value)) : `\${${variable}}`
    const next = putAt({ raw, seen }, path, written)
    refuseVariables(next.lost)
    if (next.value === undefined) throw new Refusal('a whole field cannot be taken away')
    const named: readonly Update[] = isJsonObject(entry)
      ? []
      : [{ file, at: [...at, 'identifier'], value: escapeVariables(identifier) }]
    return [...named, ...this.#withoutUnset(file, at, entry, field), { file, at: [...at, field], value: next.value }]
  }

  /** A field that is set again is no longer taken away. */
  #withoutUnset(file: string, at: SourcePath, entry: Json | undefined, field: string): readonly Update[] {
    const unset = isJsonObject(entry) ? own(entry, '$unset') : undefined
    if (!Array.isArray(unset) || !unset.includes(field)) return []
    return [{ file, at: [...at, '$unset'], value: (unset as readonly Json[]).filter((name) => name !== field) }]
  }

  #remove(change: Extract<Change, { kind: 'remove' }>): void {
    const removed = this.#owners(change).flatMap(({ state, api }) => {
      const file = this.#mayEdit(state)
      return api.layers.map((layer) => {
        if (layer.source?.file !== file) {
          throw new Refusal(
            `it stands in ${layer.source?.file ?? 'another place'}, which others may extend: take it out there`,
          )
        }
        refuseVariables([valueAt(layer.source.value, layer.at) ?? null])
        return { file, index: Number(layer.at.at(-1)) }
      })
    })
    this.#removed.push(...removed)
    for (const { file } of removed) this.#use(file, change)
  }

  #add(change: Extract<Change, { kind: 'add' }>): void {
    const { fromFiles } = this.reading
    const [first, ...more] = fromFiles
    if (first === undefined) throw new Refusal('no declared file is among the sources: declare it where the others are')
    const file = this.#mayEdit(first)
    const fresh = beside(file, change.file.name)
    if (more.length > 0 && this.reading.reads(fresh)) {
      this.created.set(fresh, change.file.text)
      this.#use(fresh, change)
      return
    }
    this.#use(file, change)
    const servers = valueAt(this.wanted.get(file), ['resource_servers'])
    const index = Array.isArray(servers) ? servers.length : 0
    this.wanted.set(file, withValue(this.wanted.get(file), ['resource_servers', index], change.value))
  }

  #owners({ identifier }: Change): readonly { readonly state: SourceState; readonly api: LayeredApi }[] {
    const isIt = (api: LayeredApi): boolean => api.identifier === identifier
    if (this.reading.others.some((state) => state.apis.some(isIt))) {
      throw new Refusal(ELSEWHERE)
    }
    const owners = this.reading.fromFiles.flatMap((state) => state.apis.filter(isIt).map((api) => ({ state, api })))
    if (owners.length === 0) throw new Refusal('no declared file declares this API: adopt the API itself first')
    return owners
  }

  #mayEdit({ file }: SourceState): string {
    if (file === null || !this.wanted.has(file)) throw new Refusal('its file cannot be edited')
    const shared = this.reading.sharedWith(file)
    if (shared === null) return file
    throw new Refusal(
      `${file} also speaks for ${shared}: give each tenant a file that extends it, and adopt into that one`,
    )
  }

  /** Where the API stands in a file, or would: behind the last one. */
  #entryOf(file: string, api: LayeredApi): SourcePath {
    const layer = api.layers.findLast((each) => each.source?.file === file)
    if (layer !== undefined) return layer.at
    const servers = valueAt(this.wanted.get(file), ['resource_servers'])
    const items = Array.isArray(servers) ? (servers as readonly Json[]) : []
    const written = escapeVariables(api.identifier)
    const index = items.findIndex((item) => isJsonObject(item) && own(item, 'identifier') === written)
    return ['resource_servers', index < 0 ? items.length : index]
  }

  #use(file: string, change: Change): void {
    const changes = this.#uses.get(file) ?? []
    if (!changes.includes(change)) changes.push(change)
    this.#uses.set(file, changes)
  }
}

function beside(file: string, name: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1) + name
}

/** A variable in what would go: this run's value is not the only one it has. */
function refuseVariables(lost: readonly Json[]): void {
  const names = [...new Set(lost.flatMap(variablesIn))]
  if (names.length === 0) return
  const which = names.map((name) => `\${${name}}`).join(', ')
  throw new Refusal(
    `its text takes ${which}: change the variable (--var, TENANT_DRIFT_VAR_${names[0] ?? ''} or variables in the configuration), or the text by hand`,
  )
}
