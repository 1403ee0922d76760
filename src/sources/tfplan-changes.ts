import { isJsonObject, listOf, objectAt, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import { providerKind, type ProviderKind } from './provider-names.ts'
import type { SourcePath } from '../declared/source-tree.ts'
import { moduleSteps, type ModuleSteps } from './tfplan-address.ts'

/** One resource of the Auth0 provider that a plan would create. */
export interface PlannedResource {
  readonly kind: ProviderKind
  /** What Terraform calls it: `module.x.auth0_resource_server.orders["a"]`. */
  readonly address: string
  readonly module: ModuleSteps
  readonly name: string
  /** The raw key of `count` or `for_each`; null without one. */
  readonly key: string | number | null
  /** What the code says of it, as far as it is known before an apply. */
  readonly after: JsonObject
  /** True where a value is not known: left out and computed, or taken from something that is not known. */
  readonly unknown: JsonObject
  /** Of `after` in the text. */
  readonly at: SourcePath
}

export type PlanReading =
  | { readonly ok: true; readonly resources: readonly PlannedResource[] }
  | { readonly ok: false; readonly at: SourcePath; readonly message: string }

const HOW =
  'plan once more against an empty state, as `terraform plan -refresh=false -state=none.tfstate -out=plan`; then `terraform show -json plan`'
const WHAT = 'what `terraform show -json PLANFILE` prints'

/**
 * The APIs and scopes of a plan from nothing, which holds exactly what the code declares. Every other plan is refused: in one that was made from a state
 * a setting that nobody wrote stands as the tenant has it, and what failed or was aimed at a part of the code lacks APIs.
 */
export function plannedResources(value: Json, path: string): PlanReading {
  const other = otherKind(value, ['tfplan', 'tfstate'], path) ?? `is not ${WHAT}`
  if (!isJsonObject(value)) return refusePlan([], other)
  const flaw = flawOf(value, other)
  if (flaw !== null) return flaw
  const resources: PlannedResource[] = []
  for (const [index, entry] of listOf(own(value, 'resource_changes')).entries()) {
    const read = readChange(entry, ['resource_changes', index])
    if (read === null) continue
    if ('message' in read) return read
    resources.push(read)
  }
  if (resources.length === 0)
    // An empty base would make every difference a pending change, which fails nothing.
    return refusePlan([], 'this plan holds no auth0_resource_server, so it says nothing about what is declared')
  return { ok: true, resources }
}

type PlanRefusal = Extract<PlanReading, { readonly ok: false }>

function refusePlan(at: SourcePath, message: string): PlanRefusal {
  return { ok: false, at, message }
}

/** What is wrong with a plan as a whole; null where nothing is. */
function flawOf(plan: JsonObject, other: string): PlanRefusal | null {
  if (own(plan, 'resource_changes') === undefined) {
    if (own(plan, 'version') === 4 || own(plan, 'values') !== undefined)
      return refusePlan([], `is a state, not a plan: write tfstate: before it, or ${HOW}`)
    if (own(plan, 'format_version') === undefined) return refusePlan([], other)
    return refusePlan(
      [],
      `changes nothing, or was made to refresh only, so it does not say what the code declares: ${HOW}`,
    )
  }
  if (!isJsonObject(own(plan, 'configuration')))
    return refusePlan([], `has no configuration, like the plans of \`terraform test\`: ${HOW}`)
  if (own(plan, 'errored') === true)
    return refusePlan(
      ['errored'],
      'this plan failed, so APIs are missing from it: fix what Terraform reported, and plan again',
    )
  if (own(plan, 'complete') === false)
    return refusePlan(
      ['complete'],
      'this plan covers only a part of the code (`-target`, or deferred changes): plan all of it',
    )
  return null
}

/** Null for what is none of ours: other types, data sources, objects that only wait to be deleted. */
function readChange(entry: Json, at: SourcePath): PlannedResource | PlanRefusal | null {
  if (!isJsonObject(entry) || own(entry, 'mode') !== 'managed' || own(entry, 'deposed') !== undefined) return null
  const [kind, name, address] = [providerKind(own(entry, 'type')), textAt(entry, 'name'), textAt(entry, 'address')]
  if (kind === null || name === null || address === null) return null
  const change = objectAt(entry, 'change')
  const after = own(change, 'after')
  if ((own(change, 'importing') ?? null) !== null)
    return refusePlan(
      [...at, 'change'],
      `${address}: an import block read it from the tenant, so its values come from there: plan without the block`,
    )
  const [action, ...others] = listOf(own(change, 'actions'))
  if (action !== 'create' || others.length > 0 || (own(change, 'before') ?? null) !== null)
    return refusePlan(
      [...at, 'change'],
      `${address}: this plan was made from a state that holds it, so settings that the code leaves out have the values of the tenant: ${HOW}`,
    )
  const module = moduleSteps(own(entry, 'module_address'))
  if (!isJsonObject(after) || module === null)
    return refusePlan([...at, 'change'], `${address}: cannot be read in this plan: update tenant-drift`)
  const key = own(entry, 'index')
  return {
    kind,
    address,
    module,
    name,
    key: typeof key === 'string' || typeof key === 'number' ? key : null,
    after,
    unknown: objectAt(change, 'after_unknown'),
    at: [...at, 'change', 'after'],
  }
}
