import { identifierOf, matcher, type Sides, type TenantInput } from '../compare/front.ts'
import type { DeclaredState } from '../schema/declared.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import { configMistake, type Settings } from './settings.ts'

/** Named APIs are asked for ten at a time; beyond this the whole list costs no more, and proves more. */
const MOST_NAMED = 50

/** Which APIs a run looks at. */
export interface Targets {
  readonly includes: (identifier: string) => boolean
  /** To be asked for by name; null where the whole list is read and then narrowed. */
  readonly named: readonly string[] | null
  /** Targets written without a star: each must be somewhere. */
  readonly exact: readonly string[]
}

/**
 * What `--target` and `--exclude` choose among all that the sides know; null for a whole run.
 * @throws MistakesError `invalid_config` where a pattern matches nothing
 */
export function chooseTargets(settings: Settings, sides: Sides): Targets | null {
  const { target, exclude } = settings
  if (target.value.length === 0 && exclude.value.length === 0) return null
  const isExcluded = matcher(exclude.value)
  if (target.value.length === 0) {
    return { includes: (identifier) => !isExcluded(identifier), named: null, exact: [] }
  }
  const known = knownIdentifiers(sides)
  const empty = target.value.filter((text) => isGlob(text) && !known.some(matcher([text])))
  if (empty.length > 0) {
    throw configMistake(...empty.map((text) => `--target ${text}: it matches no API that is declared or recorded`))
  }
  const exact = target.value.filter((text) => !isGlob(text) && !isExcluded(text))
  const isMatched = matcher(target.value.filter(isGlob))
  const includes = (identifier: string): boolean =>
    !isExcluded(identifier) && (exact.includes(identifier) || isMatched(identifier))
  const named = [...new Set([...exact, ...known.filter(includes)])].sort(byCodeUnits)
  if (named.length === 0) throw configMistake('--exclude takes away everything that --target names')
  return { includes, named: named.length > MOST_NAMED ? null : named, exact }
}

function isGlob(text: string): boolean {
  return text.includes('*')
}

function knownIdentifiers({ declared, base, recorded }: Sides): readonly string[] {
  const identifiers = [...declared.apis, ...(base?.apis ?? [])].map((api) => api.identifier)
  return [...new Set([...identifiers, ...(recorded?.items ?? []).map((item) => identifierOf(item))])]
}

/** The sides without what is not looked at. */
export function narrowSides(sides: Sides, { includes }: Targets): Sides {
  const { declared, base, recorded } = sides
  return {
    declared: narrowState(declared, includes),
    base: base === null ? null : narrowState(base, includes),
    recorded: recorded === null ? null : narrowSnapshot(recorded, includes),
  }
}

/** The tenant's side of it. */
export function narrowInput(input: TenantInput, { includes }: Targets): TenantInput {
  const { inventory } = input
  if (!inventory.ok) return { ...input, isPartial: true }
  return { ...input, isPartial: true, inventory: { ok: true, snapshot: narrowSnapshot(inventory.snapshot, includes) } }
}

/** @throws MistakesError `invalid_config` where a target is nowhere: a typing mistake must not read as "in sync" */
export function refuseUnknownTargets({ exact }: Targets, sides: Sides, input: TenantInput): void {
  if (!input.inventory.ok) return
  const known = new Set([
    ...knownIdentifiers(sides),
    ...input.inventory.snapshot.items.map((item) => identifierOf(item)),
  ])
  const unknown = exact.filter((identifier) => !known.has(identifier))
  if (unknown.length > 0) {
    throw configMistake(
      ...unknown.map((text) => `--target ${text}: no such API is declared, recorded or in the tenant`),
    )
  }
}

function narrowState(state: DeclaredState, includes: Targets['includes']): DeclaredState {
  return { ...state, apis: state.apis.filter((api) => includes(api.identifier)) }
}

function narrowSnapshot(snapshot: Snapshot, includes: Targets['includes']): Snapshot {
  return { ...snapshot, items: snapshot.items.filter((item) => includes(identifierOf(item))) }
}
