import type { Json, JsonObject } from '../../src/schema/json.ts'
import { IDENTIFIER } from '../../test/support/corpus.ts'

export const ENTRY = { identifier: IDENTIFIER, name: 'Orders' }
const TERRAFORM_PROVIDER = 'provider["registry.terraform.io/auth0/auth0"]'

/** A resource of a program: its type, and its inputs. */
export type Made = readonly [type: string, inputs: JsonObject, more?: JsonObject]

export function stack(...made: readonly Made[]): string {
  const resources = made.map(([type, inputs, more], index) => {
    return { urn: `urn:pulumi:dev::shop::${type}::r${index}`, custom: true, type, inputs, ...more }
  })
  return JSON.stringify({ version: 3, deployment: { resources } })
}

export function preview(...made: readonly Made[]): string {
  const steps = made.map(([type, inputs], index) => {
    const urn = `urn:pulumi:dev::shop::${type}::r${index}`
    return { op: 'create', urn, newState: { urn, custom: true, type, inputs } }
  })
  return JSON.stringify({ steps })
}

export function state(...made: readonly Made[]): string {
  const resources = made.map(([type, attributes]) => ({
    mode: 'managed',
    type,
    name: 'a',
    provider: TERRAFORM_PROVIDER,
    instances: [{ attributes }],
  }))
  return JSON.stringify({ version: 4, resources })
}

/** `unknown`: attributes of the first resource that are not known before an apply. */
export function plan(unknown: readonly string[], ...made: readonly Made[]): string {
  const names = made.map(([type]) => ({ type, name: 'a', mode: 'managed' }))
  return JSON.stringify({
    format_version: '1.2',
    complete: true,
    resource_changes: made.map(([type, after], index) => ({
      ...names[index],
      address: `${type}.a`,
      change: {
        actions: ['create'],
        before: null,
        after,
        after_unknown: index === 0 ? Object.fromEntries(unknown.map((name) => [name, true])) : {},
      },
    })),
    configuration: {
      root_module: {
        resources: names.map((name, index) => ({
          ...name,
          expressions:
            index === 0
              ? Object.fromEntries(
                  unknown.map((each) => [each, { references: ['auth0_client.x.name', 'auth0_client.x'] }]),
                )
              : {},
        })),
      },
    },
  })
}

export const pulumiProvider = (name: string, domain: string): Made => [
  'pulumi:providers:auth0',
  { domain },
  { urn: `urn:p::${name}` },
]
export const madeBy = (name: string): JsonObject => ({ provider: `urn:p::${name}::id` })
export const planOf = (...domains: readonly string[]): string => {
  const text = JSON.parse(
    plan(
      [],
      ...domains.map((_domain, index): Made => ['auth0_resource_server', { ...ENTRY, identifier: `urn:${index}` }]),
    ),
  ) as {
    readonly resource_changes: readonly Record<string, Json>[]
    readonly configuration: Record<string, Json> & {
      readonly root_module: { readonly resources: Record<string, Json>[] }
    }
  }
  const keys = domains.map((_domain, index) => (index === 0 ? 'auth0' : `auth0.n${index}`))
  for (const [index, key] of keys.entries()) {
    Object.assign(text.resource_changes[index] ?? {}, { name: `n${index}`, address: `auth0_resource_server.n${index}` })
    Object.assign(text.configuration.root_module.resources[index] ?? {}, {
      name: `n${index}`,
      provider_config_key: key,
    })
  }
  const providers = keys.map((key, index) => [
    key,
    { name: 'auth0', expressions: { domain: { constant_value: domains[index] ?? '' } } },
  ])
  return JSON.stringify({
    ...text,
    configuration: { ...text.configuration, provider_config: Object.fromEntries(providers) as Json },
  })
}
