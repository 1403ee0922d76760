import { identifierOf } from '../schema/identifier-of.ts'
import type { JsonObject } from '../schema/json.ts'
import { readNamedApis } from './named-apis.ts'
import { readWholeList } from './reading.ts'
import type { Session } from './session.ts'
import { NOTES } from './tally.ts'

/** The first reading of a reader. */
export interface Inventory {
  readonly items: readonly JsonObject[]
  readonly byIdentifier: ReadonlyMap<string, JsonObject>
  /** True where it is proven: what is not in it was absent at that moment. */
  readonly complete: boolean
  /** True where the tenant refuses to list all its APIs, so a second reading could not be complete either. */
  readonly refused: boolean
  /** Asked for by name already, found or not. */
  readonly named: ReadonlySet<string>
}

/** @throws RequestFault */
export async function readInventory(session: Session, targets: readonly string[] | undefined): Promise<Inventory> {
  return targets === undefined ? readAll(session) : readTargets(session, targets)
}

async function readAll(session: Session): Promise<Inventory> {
  const { tally } = session
  const list = await readWholeList(session, 'list', 'all-but-secrets')
  tally.total = list.total
  tally.pages = list.pages
  tally.items = list.items.length
  tally.secondLook = list.secondLook
  tally.canary = list.canary
  if (list.canary.binding === 'unbound') tally.notes.add(NOTES.unbound)
  if (!list.complete) tally.notes.add(NOTES.refusedPaging)
  return {
    items: list.items,
    byIdentifier: index(list.items),
    complete: list.complete,
    refused: !list.complete,
    named: new Set(),
  }
}

async function readTargets(session: Session, targets: readonly string[]): Promise<Inventory> {
  const { tally } = session
  const named = await session.budget.run(() => readNamedApis(session, targets))
  const items = [...named.items.values()]
  tally.pages = named.pages
  tally.items = items.length
  tally.notes.add(NOTES.named)
  return { items, byIdentifier: named.items, complete: false, refused: false, named: new Set(targets) }
}

/** An answer for each of the identifiers. */
export function lookAll<L>(identifiers: readonly string[], look: (identifier: string) => L): Map<string, L> {
  return new Map(identifiers.map((identifier) => [identifier, look(identifier)]))
}

export function index(items: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  return new Map(items.map((item) => [identifierOf(item), item]))
}
