import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'

/** Objects of one kind in order of creation, each found by one key of its own. */
export class Collection {
  readonly #key: string
  readonly #items = new Map<string, JsonObject>()

  constructor(key: string) {
    this.#key = key
  }

  get items(): readonly JsonObject[] {
    return [...this.#items.values()]
  }

  find(id: string): JsonObject | undefined {
    return this.#items.get(id)
  }

  /** Adds at the end, or replaces in place; returns its key. Throws for one without it. */
  put(item: JsonObject): string {
    const id = own(item, this.#key)
    if (typeof id !== 'string') throw new TypeError(`${this.#key} is a text`)
    this.#items.set(id, item)
    return id
  }

  /** The key of an item that is in it. */
  idOf(item: JsonObject): string {
    const id = own(item, this.#key)
    return typeof id === 'string' ? id : ''
  }

  remove(id: string): boolean {
    return this.#items.delete(id)
  }
}
