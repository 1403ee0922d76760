import {
  byCodeUnits,
  fromEntries,
  isJsonObject,
  objectAt,
  own,
  textAt,
  type Json,
  type JsonObject,
} from '../schema/json.ts'
import type { NotKnown } from '../schema/not-known.ts'
import type { ReadContext } from '../declared/files.ts'
import { readJsonSource } from './json-source.ts'
import { lookThrough } from './look-through.ts'
import { ownerAttribute } from './provider-resource.ts'
import { ProviderSource } from './provider-source.ts'
import { NOTHING_MORE, type SourceState } from '../declared/state.ts'
import { splitChoice } from './split-choice.ts'
import { severalTenants, type UsedProvider } from './tf-providers.ts'
import { plannedResources, type PlannedResource } from './tfplan-changes.ts'
import { isUnresolved, PlanConfiguration, referencesOf } from './tfplan-configuration.ts'
import { ScopeOwners } from './tfplan-owners.ts'

const OWNER = ownerAttribute('terraform')
const MISTAKEN = {
  binary: 'is the plan file itself: give what `terraform show -json PLANFILE` prints of it',
  lines: 'is what `terraform plan -json` prints, line by line: give what `terraform show -json PLANFILE` prints',
}

/**
 * What Terraform or OpenTofu code declares, from the JSON of a plan that was made against an empty state. Nothing of the tenant is in it, and what is left
 * out is not there. `-` is standard input, `FILE#auth0.us` one of several configurations of the provider.
 */
export async function readTerraformPlan(given: string, context: ReadContext): Promise<SourceState | null> {
  const { book } = context
  const { file, chosen } = await splitChoice(given, context)
  const source = await readJsonSource(file, context, MISTAKEN)
  if (source === null) return null
  const plan = plannedResources(source.value, file)
  if (!plan.ok) {
    book.addAt(source, plan.at, plan.message)
    return null
  }
  const configuration = new PlanConfiguration(source.value)
  const used = usedProviders(configuration, plan.resources)
  const mistake = severalTenants(used, chosen)
  if (mistake !== null) {
    book.addAt(source, ['configuration', 'provider_config'], mistake)
    return null
  }
  const resources = plan.resources.filter(
    (resource) => chosen === null || providerKey(configuration, resource) === chosen,
  )
  const provider = new ProviderSource({ source, style: 'terraform', book, isReadBack: false })
  const owners = new ScopeOwners(configuration, plan.resources)
  const nulls = resources.flatMap((resource) => addResource(resource, { configuration, owners, provider }))
  const known = used.find(({ key, domain }) => (chosen === null || key === chosen) && typeof domain === 'string')
  return {
    ...NOTHING_MORE,
    file,
    tenant:
      typeof known?.domain === 'string'
        ? { name: known.domain, source, at: ['configuration', 'provider_config', known.key, 'expressions', 'domain'] }
        : null,
    apis: provider.finish(),
    warnings: nulls.length === 0 ? [] : [{ file, line: null, message: `${LEFT_OUT}: ${nulls.join(', ')}` }],
  }
}

const LEFT_OUT = 'probably null through a variable, so it is treated as left out'

interface PlanParts {
  readonly configuration: PlanConfiguration
  readonly owners: ScopeOwners
  readonly provider: ProviderSource
}

/** Returns what was taken as left out, as `attribute in ADDRESS`. */
function addResource(resource: PlannedResource, parts: PlanParts): readonly string[] {
  const { kind, address, unknown, at: path } = resource
  const { configuration, provider } = parts
  const { book, source } = provider
  const looked = lookThrough(resource.after, { source, book, at: path, address })
  if (looked === null) return []
  const { values: after, refused } = looked
  const expressions = objectAt(configuration.block(resource), 'expressions')
  const place = { path, address, refused }
  if (kind === 'server') {
    const unresolved = Object.keys(unknown).filter((name) => isUnresolved(own(unknown, name), own(expressions, name)))
    if (unresolved.includes('identifier')) {
      provider.refuse(place, 'its identifier is not known before an apply, so it cannot be compared')
      return []
    }
    const hidden = unresolved.map((name) => ({ name, why: 'unresolved' as const }))
    provider.add(kind, without(after, unresolved), place, { hidden })
    return leftOut(unknown, expressions)
      .filter((name) => !unresolved.includes(name))
      .map((name) => `${name} in ${address}`)
  }
  const owner = own(after, OWNER)
  const identifier = typeof owner === 'string' && owner !== '' ? owner : ownedBy(parts.owners, resource)
  if (identifier === null) {
    provider.refuse(
      place,
      'the API of these scopes is not known before an apply: use `.identifier` of the API, in place of `.id`',
    )
    return []
  }
  const notKnown: readonly NotKnown[] = isAnyUnknown(kind, unknown) ? [{ path: 'scopes', why: 'unresolved' }] : []
  provider.add(kind, { ...after, [OWNER]: identifier }, place, { notKnown })
  return []
}

function ownedBy(owners: ScopeOwners, resource: PlannedResource): string | null {
  return textAt(owners.ownerOf(resource)?.after, 'identifier')
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

/** Attributes that the code writes with variables alone, and that are not known: they are null. */
function leftOut(unknown: JsonObject, expressions: JsonObject): readonly string[] {
  return Object.keys(unknown)
    .filter((name) => unknown[name] === true && referencesOf(own(expressions, name)).length > 0)
    .sort(byCodeUnits)
}

/** Every part of a scope is an argument, so what is not known of one was written. */
function isAnyUnknown(kind: 'scopes' | 'scope', unknown: JsonObject): boolean {
  const names = kind === 'scopes' ? ['scopes'] : ['scope', 'description']
  return names.some((name) => holdsTrue(own(unknown, name)))
}

function holdsTrue(value: Json | undefined): boolean {
  if (value === true) return true
  return typeof value === 'object' && value !== null && Object.values<Json>(value).some(holdsTrue)
}

function providerKey(configuration: PlanConfiguration, resource: PlannedResource): string {
  return textAt(configuration.block(resource), 'provider_config_key') ?? 'auth0'
}

function usedProviders(
  configuration: PlanConfiguration,
  resources: readonly PlannedResource[],
): readonly UsedProvider[] {
  const keys = new Set(resources.map((resource) => providerKey(configuration, resource)))
  return [...keys].map((key) => ({ key, domain: domainOfProvider(configuration, key) }))
}

/** A literal, or a variable of the root, whose value stands in the plan. Without an expression the environment says it. */
function domainOfProvider({ providers, variables }: PlanConfiguration, key: string): UsedProvider['domain'] {
  const config = own(providers, key)
  if (!isJsonObject(config)) return undefined
  const expression = own(objectAt(config, 'expressions'), 'domain')
  if (expression === undefined) return null
  const constant = textAt(expression, 'constant_value')
  if (constant !== null && constant !== '') return constant
  const [first, ...more] = referencesOf(expression)
  const isRoot = own(config, 'module_address') === undefined
  if (first?.root !== 'var' || more.length > 0 || !isRoot) return undefined
  return textAt(objectAt(variables, first.name), 'value') || undefined
}
