import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'

/** One resource server with its JSON, made once and kept until it changes: pages of 10,000 APIs must be cheap. */
export class StoredApi {
  readonly api: JsonObject
  #text: string | null = null
  #withoutSecret: string | null = null

  constructor(api: JsonObject) {
    this.api = api
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.api)
    return this.#text
  }

  /** What `fields=signing_secret&include_fields=false` gives: the answer that careful readers ask for on every page. */
  get textWithoutSecret(): string {
    if (own(this.api, 'signing_secret') === undefined) return this.text
    const { signing_secret: _secret, ...rest } = this.api
    this.#withoutSecret ??= JSON.stringify(rest)
    return this.#withoutSecret
  }
}

/** All resource servers in order of creation. `identifier` is unique. Found by id or identifier. */
export class ApiStore {
  readonly #byIdentifier = new Map<string, StoredApi>()
  readonly #identifierById = new Map<string, string>()
  #ordered: readonly StoredApi[] | null = null

  get entries(): readonly StoredApi[] {
    this.#ordered ??= [...this.#byIdentifier.values()]
    return this.#ordered
  }

  /** An id wins over an identifier that looks like it. */
  find(idOrIdentifier: string): JsonObject | undefined {
    const identifier = this.#identifierById.get(idOrIdentifier) ?? idOrIdentifier
    return this.#byIdentifier.get(identifier)?.api
  }

  has(identifier: string): boolean {
    return this.#byIdentifier.has(identifier)
  }

  /** Adds at the end, or replaces in place the one with the same identifier. */
  put(api: JsonObject): void {
    const identifier = requiredIdentifier(api)
    const before = this.#byIdentifier.get(identifier)
    if (typeof before?.api.id === 'string') this.#identifierById.delete(before.api.id)
    this.#byIdentifier.set(identifier, new StoredApi(api))
    if (typeof api.id === 'string') this.#identifierById.set(api.id, identifier)
    this.#ordered = null
  }

  remove(idOrIdentifier: string): boolean {
    const api = this.find(idOrIdentifier)
    if (api === undefined) return false
    if (typeof api.id === 'string') this.#identifierById.delete(api.id)
    this.#byIdentifier.delete(requiredIdentifier(api))
    this.#ordered = null
    return true
  }
}

/** Throws where it has none: nothing without one gets in. */
export function requiredIdentifier(api: JsonObject): string {
  const identifier = own(api, 'identifier')
  if (typeof identifier !== 'string') throw new TypeError('a resource server has a text as its identifier')
  return identifier
}
