import { liveApis, type JudgedFinding, type TenantInput } from '../compare/front.ts'
import { escapeVariables } from '../declared/expand.ts'
import type { DeclarationEdit } from '../edit/change.ts'
import { isHidden } from '../schema/finding.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import { catalogueTree } from '../schema/tree.ts'
import { declarable, fileStem, declarationText } from './declaration-files.ts'
import { variableFor } from './secret-variable.ts'

/** What adopting a finding does to the declaration, or why nothing can be done. */
export type Adoption = { readonly change: DeclarationEdit } | { readonly why: string }

/** Turns findings into changes of declared files. It remembers the names that it gave to new files, so that no two of a run are the same. */
export class Adopter {
  readonly input: TenantInput
  readonly tenant: string | null
  readonly #names = new Set<string>()
  readonly #live: ReadonlyMap<string, JsonObject>
  readonly #declared: ReadonlyMap<string, JsonObject>

  /** `tenant` is written into new files; null where the declared files name none. */
  constructor(input: TenantInput, tenant: string | null) {
    this.input = input
    this.tenant = tenant
    this.#live = liveApis(input)
    this.#declared = new Map(input.declared.apis.map((api) => [api.identifier, api.values]))
  }

  async adopt(finding: JudgedFinding): Promise<Adoption> {
    const { kind, identifier } = finding
    if (identifier === null) return { why: 'it is about the tenant as a whole' }
    if (kind === 'missing') return { change: { kind: 'remove', identifier } }
    const live = this.#live.get(identifier) ?? null
    if (live === null) return { why: 'the tenant was not read' }
    return kind === 'unmanaged' ? this.#whole(identifier, live) : this.#field(finding, identifier, live)
  }

  async #whole(identifier: string, live: JsonObject): Promise<Adoption> {
    const { name: called, ...fields } = declarable(live, new Set()).value
    const named = called === undefined ? { identifier } : { identifier, name: called }
    const value = escapeVariables({ ...named, ...fields, identifier }) as JsonObject
    const tenant = this.tenant === null ? {} : { tenant: this.tenant }
    const { text, extension } = await declarationText({ ...tenant, resource_servers: [value] }, '')
    const file = { name: `${fileStem(live, this.#names)}${extension}`, text }
    return { change: { kind: 'add', identifier, value, file } }
  }

  #field(finding: JudgedFinding, identifier: string, live: JsonObject): Adoption {
    const path = parsePath(finding.path) ?? [finding.path]
    const [field = ''] = path
    const row = catalogueTree().get(field)?.row
    if (row === undefined) return { why: 'this version has no name for it' }
    const declared = this.#declared.get(identifier)
    // What is not declared is declared whole: a part of a list or an object would say that the rest is not there.
    const isWhole = path.length === 1 || own(declared, field) === undefined
    if (row.compare === 'secret' && finding.live !== undefined && finding.live !== null) {
      return { change: { kind: 'set', identifier, path: [field], value: null, variable: variableFor(identifier) } }
    }
    if (!isWhole) {
      const value = isHidden(finding.live) ? undefined : finding.live
      return { change: { kind: 'set', identifier, path, value } }
    }
    const value = row.compare === 'secret' ? undefined : own(live, field)
    const absent: Json | undefined = row.nullable ? null : row.absentEquals[0]
    if (value === undefined && absent === undefined) return { why: 'a declaration cannot say that it is absent' }
    return { change: { kind: 'set', identifier, path: [field], value: value ?? absent } }
  }
}
