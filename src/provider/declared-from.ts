import type { Input, Output } from '@pulumi/pulumi'
import log from '@pulumi/pulumi/log/index.js'
import outputs from '@pulumi/pulumi/output.js'
import type { Json, JsonObject } from '../schema/json.ts'
import { wireSpelling } from '../schema/provider-kind.ts'
import type { ResourceServerCheckArgs } from './resource-server-check.ts'
import { harmless } from '../words/harmless.ts'

/** Any resource of `@pulumi/auth0`, by the one output that is known as soon as the resource was made or changed. */
interface Registered {
  readonly urn: Output<string>
}

/** A `ResourceServerScopes` or a `ResourceServerScope`, and what the program gave it. */
export interface WrittenScopes {
  readonly resource: Registered
  readonly args: { readonly scopes: unknown } | { readonly scope: unknown; readonly description?: unknown }
}

export interface DeclaredFromOptions {
  /** The resource for all scopes of the API, or the resources for one scope each. Without it, nothing is declared of scopes. */
  readonly scopes?: WrittenScopes | readonly WrittenScopes[]
}

/**
 * What a program declares with an `@pulumi/auth0` ResourceServer, for a `ResourceServerCheck`: `new ResourceServerCheck('orders', declaredFrom(orders, args))`.
 *
 * Only what the program wrote is declared, and never the resource's outputs: those hold what the provider read last, so that after a refresh every
 * drift would be declared. Each value hangs on the resource, so the check runs after its change; a value that is not known yet is unknown,
 * and the others are compared. An attribute that has no meaning here is said once, as a warning of the resource.
 */
export function declaredFrom<Args extends { readonly identifier: Input<string> }>(
  resource: Registered,
  args: Args,
  options: DeclaredFromOptions = {},
): ResourceServerCheckArgs {
  const fields = Object.entries(args).map(([attribute, value]) => {
    const field = wireSpelling(attribute)
    return [field, fieldOf(resource, attribute, field, value)] as const
  })
  const scopes = options.scopes === undefined ? [] : [['scopes', writtenScopes(resource, options.scopes)] as const]
  return Object.fromEntries<unknown>([...fields, ...scopes]) as unknown as ResourceServerCheckArgs
}

/** The catalogue is loaded when a value is there: programs start without it. */
function fieldOf(resource: Registered, attribute: string, field: string, value: unknown): Output<Json | undefined> {
  return after([resource], value, async (known) => {
    if (known === undefined) return undefined
    const { fromProvider } = await import('../sources/from-resource.ts')
    const { values, notKnown } = fromProvider({ [attribute]: known }, 'pulumi')
    const left = notKnown.map((each) => each.attribute)
    if (left.length > 0)
      await warn(resource, `${left.join(', ')} cannot be compared with the tenant, so the check leaves it out`)
    return values[field]
  })
}

function writtenScopes(
  resource: Registered,
  given: WrittenScopes | readonly WrittenScopes[],
): Output<Json | undefined> {
  const written = [given].flat()
  const inputs = written.map(({ args }) => args)
  return after([resource, ...written.map((each) => each.resource)], inputs, async (known) => {
    const { assemble, scopesFromProvider } = await import('../sources/from-resource.ts')
    // All of them are of the one API: what it is called does not matter here.
    const identifier = 'api'
    const read = (known as readonly JsonObject[]).map((each) =>
      scopesFromProvider('scopes' in each ? 'scopes' : 'scope', each, 'pulumi'),
    )
    // What is no scopes at all goes to the check, which says so.
    if (read.some((each) => each.scopes === null)) return known
    const pieces = read.map(({ scopes, isWhole }, at) => ({ identifier, scopes: scopes ?? [], isWhole, at }))
    const { apis, contradictions } = assemble([{ values: { identifier }, at: null }], pieces)
    const [contradiction] = contradictions
    if (contradiction !== undefined) throw new Error(harmless(`declaredFrom: ${contradiction.message}`))
    return apis[0]?.values.scopes
  })
}

/**
 * A value that is known when the resources were made or changed. It hangs on their URNs, which a first preview knows too, where no other output
 * of a new resource is known.
 */
function after<T>(
  resources: readonly Registered[],
  value: unknown,
  make: (known: Json | undefined) => Promise<T>,
): Output<T> {
  const all = outputs.all([...resources.map(({ urn }) => urn), outputs.output(value)]) as Output<readonly unknown[]>
  return all.apply((known) => make(known.at(-1) as Json | undefined))
}

function warn(resource: Registered, message: string): Promise<void> {
  return log.warn(harmless(message), resource as unknown as Parameters<typeof log.warn>[1])
}
