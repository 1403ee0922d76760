import type { ResourceValidationArgs } from '@pulumi/policy'
import { providerKind, type ProviderKind } from '../../src/declared/front.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { knownInputs } from './known-inputs.ts'

/** What of a provider's settings says which tenant it is for, and how to be known to it. */
const PROVIDER_KEYS = [
  'domain',
  'apiToken',
  'clientId',
  'clientSecret',
  'audience',
  'clientAssertionPrivateKey',
  'clientAssertionSigningAlg',
] as const

/** The provider of a resource. Holds secrets: never print it. */
export interface ProviderSeen {
  readonly urn: string
  readonly name: string
  readonly values: JsonObject
  readonly unknown: readonly string[]
}

/** One resource of the program, as the provider's `check` left it. */
export interface Seen {
  readonly urn: string
  readonly name: string
  readonly type: string
  /** An API, all its scopes, or one of them. */
  readonly kind: ProviderKind
  readonly values: JsonObject
  readonly unknown: readonly string[]
  readonly provider: ProviderSeen | null
  /** Inputs whose changes the program ignores. */
  readonly ignored?: readonly string[]
}

/** Null for resources of other types: they are none of our business. */
export function seenResource(args: ResourceValidationArgs): Seen | null {
  const { type, urn, name, provider } = args
  // Absent where a test, or another engine, hands over no options.
  const { opts } = args as { readonly opts?: Partial<ResourceValidationArgs['opts']> }
  const kind = providerKind(type)
  if (kind === null) return null
  return {
    urn,
    name,
    type,
    kind,
    ...knownInputs(args.props),
    ignored: opts?.ignoreChanges ?? [],
    provider:
      provider === undefined
        ? null
        : { urn: provider.urn, name: provider.name, ...knownInputs(provider.props, PROVIDER_KEYS) },
  }
}
