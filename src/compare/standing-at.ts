import type { DeclaredApi } from '../schema/declared.ts'
import { FIELDS } from '../schema/fields.ts'
import { HIDDEN, type Shown } from '../schema/finding.ts'
import { own, type JsonObject } from '../schema/json.ts'
import { parsePath, type Path } from '../schema/path.ts'
import type { Standing, StandingAt } from '../schema/standing.ts'
import { systemKind } from '../schema/system-apis.ts'
import { catalogueTree, starred, type RowNode } from '../schema/tree.ts'
import { elsewhere, gather, lookAt, NO_SIDE, twinsIn, type ComparedApi } from './compare-tenant.ts'
import { shownAt } from './field-base.ts'
import { nameplate } from './make-finding.ts'
import type { Includes } from './narrow.ts'
import { normalise } from './normalise.ts'
import { isOthersScope, isWatched } from './scene.ts'
import type { TenantInput } from './types.ts'

const NONE: Standing = { look: 'none' }

/**
 * What a run that compared `input` knows of a place at which it found no difference: whether it looked there, whether anybody watches it, and what
 * is live. `includes` are the APIs that it looked at; null: all of them.
 */
export function standingAt(input: TenantInput, includes: Includes | null): StandingAt {
  const { inventory } = input
  if (!inventory.ok) return () => NONE
  const { snapshot } = inventory
  const isElsewhere = elsewhere(input)
  // Most runs have no episode to ask about.
  let asked: { readonly sides: ReadonlyMap<string, ComparedApi>; readonly taken: ReadonlySet<string> } | null = null
  const ask = () => {
    const sides = gather(input, snapshot.items)
    return { sides, taken: twinsIn(sides).taken }
  }
  return (identifier, text) => {
    const path = parsePath(text) ?? [text]
    if (identifier === null) return ofTenant(input, path)
    asked ??= ask()
    const { sides, taken } = asked
    // What differs from a declared API by its last slash alone was told there, under that one's name.
    if (includes?.(identifier) === false || taken.has(identifier)) return NONE
    const side = sides.get(identifier) ?? NO_SIDE
    const look = lookAt(input, snapshot, identifier, side)
    if (look === null || look.status === 'unreadable') return NONE
    const live = look.status === 'read' ? look.live : null
    const isOurs = side.declared !== null || side.base !== null || !isElsewhere(identifier)
    if (path.length === 0) return watchedStanding(isOurs, live === null ? undefined : nameplate(live))
    return ofSetting(input, side, isOurs, live, path)
  }
}

function watchedStanding(hasWatcher: boolean, live: Shown | undefined): Standing {
  return { look: hasWatcher ? 'watched' : 'unwatched', ...(live === undefined ? {} : { live }) }
}

/** The tenant itself, or a key that no row names and that any API may hold. */
function ofTenant({ inventory, isPartial, recorded, rows = FIELDS }: TenantInput, path: Path): Standing {
  if (!inventory.ok || !inventory.snapshot.complete || isPartial === true) return NONE
  if (path.length === 0) return { look: 'watched' }
  const isThere = inventory.snapshot.items.some((item) => holdsKey(item, path, rows))
  return watchedStanding(recorded !== null, isThere ? true : undefined)
}

/** Whether an API has the key that a path with stars names. */
function holdsKey(item: JsonObject, path: Path, rows: NonNullable<TenantInput['rows']>): boolean {
  const [key = ''] = path
  const value = own(item, key)
  if (value === undefined || path.length === 1) return value !== undefined
  const node = catalogueTree(rows).get(key)
  if (node === undefined) return false
  const wanted = JSON.stringify(path)
  return normalise(node, value).unknown.some((found) => JSON.stringify(starred(rows, found.path)) === wanted)
}

function ofSetting(
  input: TenantInput,
  side: ComparedApi,
  isOurs: boolean,
  live: JsonObject | null,
  path: Path,
): Standing {
  const node = catalogueTree(input.rows ?? FIELDS).get(path[0] ?? '')
  if (node === undefined) return NONE
  const value = live === null ? undefined : liveAt(node, live, path)
  const { declared, base, recorded } = side
  // Taken out of the code and not applied yet: only the API as a whole is compared, and its record will be again.
  const isBetween = declared === null && base !== null && recorded !== null && live !== null
  if (isBetween && systemKind(live) === null) return NONE
  return watchedStanding(isOurs && wouldCount(input, side, live, node, path), value)
}

function liveAt(node: RowNode, live: JsonObject, path: Path): Shown | undefined {
  if (node.row.compare === 'secret') return HIDDEN
  const raw = own(live, node.key)
  return shownAt(node, raw, normalise(node, raw).value, path)
}

/** Whether a difference there would count: the code or its base says something of it, or the record does. */
function wouldCount(
  input: TenantInput,
  side: ComparedApi,
  live: JsonObject | null,
  node: RowNode,
  path: Path,
): boolean {
  const { declared, base, recorded } = side
  const { key } = node
  if (declared !== null && says(declared, path)) return true
  if (declared !== null && base !== null && Object.hasOwn(base, key)) return true
  if (key === 'id') return (declared?.tenantId ?? side.baseId ?? own(recorded ?? undefined, 'id')) !== undefined
  if (input.recorded === null) return false
  // Nobody declares the API and the record does not have it: then it is unmanaged as a whole.
  if (declared === null && recorded === null && (live === null || systemKind(live) === null)) return false
  return isWatched(node, recorded)
}

function says(declared: DeclaredApi, path: Path): boolean {
  const [key = ''] = path
  if (!Object.hasOwn(declared.values, key)) return false
  return !isOthersScope(declared, path)
}
