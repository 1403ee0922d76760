import { byCodeUnits, objectAt, own, textAt, type JsonObject } from '../schema/json.ts'
import { addressKey } from '../schema/tenant-address.ts'
import type { MistakeBook } from '../declared/mistake-book.ts'
import type { PulumiEntry } from './pulumi-entry.ts'
import type { SourceText } from '../declared/source-text.ts'
import type { SourcePath } from '../declared/source-tree.ts'
import type { SourceState } from '../declared/state.ts'

const PROVIDER = 'pulumi:providers:auth0'

/** The Auth0 providers of a stack that some of its APIs belong to, each with the tenant it is configured for, where the state says that in clear. */
export class StackProviders {
  readonly #used = new Map<string, { readonly domain: string | null; readonly at: SourcePath }>()
  readonly #known: ReadonlyMap<string, { readonly inputs: JsonObject; readonly at: SourcePath }>
  readonly #configured: string | null

  /** `configured`: the tenant of providers that the source does not hold, where it says one. */
  constructor(entries: readonly PulumiEntry[], configured: string | null) {
    this.#configured = configured
    const found = entries.flatMap(({ resource, at }) => {
      if (own(resource, 'type') !== PROVIDER) return []
      const urn = textAt(resource, 'urn')
      const known = { inputs: objectAt(resource, 'inputs'), at: [...at, 'inputs', 'domain'] }
      return urn === null ? [] : [[urn, known] as const]
    })
    this.#known = new Map(found)
  }

  /** Notes the provider of one resource: `URN::ID`, as the state writes it. */
  use(resource: JsonObject): void {
    const reference = textAt(resource, 'provider')
    if (reference === null) return
    const urn = reference.replace(/::[^:]*$/, '')
    const known = this.#known.get(urn)
    const domain = known === undefined ? this.#configured : textAt(known.inputs, 'domain')
    this.#used.set(urn, { domain: domain === '' ? null : domain, at: known?.at ?? [] })
  }

  /**
   * The one tenant of the stack; null where the state does not say which. Two tenants are a mistake: the same identifiers may stand in both. Providers
   * of which the state says no tenant take it from the same environment, so several of them are one; beside one that says its own they are another.
   */
  tenant(source: SourceText, book: MistakeBook): SourceState['tenant'] {
    const domains = Map.groupBy(this.#used, ([, { domain }]) => (domain === null ? null : addressKey(domain)))
    if (domains.size > 1) {
      const names = [...this.#used].map(
        ([urn, { domain }]) => `${urn} (${domain ?? 'a tenant that the state does not name'})`,
      )
      book.addAt(
        source,
        [],
        `the APIs of this stack belong to several Auth0 providers, and not to one tenant: ${names.sort(byCodeUnits).join(', ')}`,
      )
      return null
    }
    const [only] = this.#used.values()
    return only === undefined || only.domain === null ? null : { name: only.domain, source, at: only.at }
  }
}
