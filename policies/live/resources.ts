import type { ResourceValidationArgs } from '@pulumi/policy'
import { OWNERS, providerKind, wholeInput, type ProviderKind } from '../../src/sources/front.ts'
import { CREDENTIAL_VARIABLES } from '../../src/schema/credential-keys.ts'
import { fromEntries, type JsonObject } from '../../src/schema/json.ts'
import { knownInputs } from './known-inputs.ts'

/** What of a provider's settings says which tenant it is for, and how to be known to it. */
const PROVIDER_KEYS = ['domain', ...Object.keys(CREDENTIAL_VARIABLES)]

/** The provider of a resource. Holds secrets: never print it. */
export interface ProviderSeen {
  readonly urn: string
  readonly name: string
  readonly values: JsonObject
  readonly unknown: readonly string[]
}

/** One resource of the program, as the provider's `check` left it. */
export interface SeenResource {
  readonly urn: string
  readonly name: string
  readonly type: string
  /** An API, all its scopes, or one of them. */
  readonly kind: ProviderKind
  readonly values: JsonObject
  readonly unknown: readonly string[]
  /** Attributes of which the program ignores changes: they are not among the values. */
  readonly ignored: readonly string[]
  /** Paths inside of attributes of which the program ignores changes: the rest of the value is declared. */
  readonly ignoredParts: readonly string[]
  readonly provider: ProviderSeen | null
}

/** Null for resources of other types: they are none of our business. */
export function seenResource(args: ResourceValidationArgs): SeenResource | null {
  const { type, urn, name, provider } = args
  // Absent where a test, or another engine, hands over no options.
  const { opts } = args as { readonly opts?: Partial<ResourceValidationArgs['opts']> }
  const kind = providerKind(type)
  if (kind === null) return null
  const { values, unknown } = knownInputs(args.props)
  const paths = (opts?.ignoreChanges ?? []).map((path) => path.trim())
  const ignored = ignoredAttributes(kind, paths, [...Object.keys(values), ...unknown])
  return {
    urn,
    name,
    type,
    kind,
    values: fromEntries(Object.entries(values).filter(([attribute]) => !ignored.includes(attribute))),
    unknown: unknown.filter((attribute) => !ignored.includes(attribute)),
    ignored,
    ignoredParts: paths.filter((path) => wholeInput(kind, path) === null),
    provider:
      provider === undefined
        ? null
        : { urn: provider.urn, name: provider.name, ...knownInputs(provider.props, PROVIDER_KEYS) },
  }
}

/** Attributes of which `ignoreChanges` leaves nothing declared. */
function ignoredAttributes(
  kind: ProviderKind,
  paths: readonly string[],
  attributes: readonly string[],
): readonly string[] {
  const named = paths.flatMap((path) => {
    const input = wholeInput(kind, path)
    return input === '*' ? attributes : (input ?? [])
  })
  return [...new Set(named)].filter((name) => name !== '' && !OWNERS.has(name))
}
