import { TenantDriftError } from '../schema/errors.ts'
import type { JsonObject } from '../schema/json.ts'
import type { Look } from '../schema/snapshot.ts'
import { RequestFault } from './faults.ts'
import { index, lookAll } from './inventory.ts'
import type { Inventory } from './inventory.ts'
import { readNamedApis } from './named-apis.ts'
import { getApi } from './one-api.ts'
import { readWholeList } from './reading.ts'
import { ONE_BY_ONE } from './request-sizes.ts'
import type { Session } from './session.ts'
import { NOTES } from './tally.ts'

/** Looks at what the inventory does not hold. Never throws; every identifier gets its answer. */
export type Confirm = (inventory: Inventory, identifiers: readonly string[]) => Promise<ReadonlyMap<string, Look>>

/** One absence is a claim with consequences, so it takes two witnesses: the reading, and a 404 of its own or a second complete reading. */
export function createConfirm(session: Session): Confirm {
  let left = ONE_BY_ONE
  let second: Promise<ReadonlyMap<string, JsonObject>> | null = null

  async function confirmOne(identifier: string, inventory: Inventory): Promise<Look> {
    try {
      const live = await getApi(session, identifier, 'all-but-secrets')
      return live === null ? { status: 'missing' } : turnedUp(session, live, inventory)
    } catch (error) {
      return unreadableLook(error)
    }
  }

  async function confirmBySecondReading(
    identifiers: readonly string[],
    inventory: Inventory,
  ): Promise<Map<string, Look>> {
    try {
      second ??= readSecond(session)
      const found = await second
      return lookAll(identifiers, (identifier) => {
        const live = found.get(identifier)
        return live === undefined ? { status: 'missing' } : turnedUp(session, live, inventory)
      })
    } catch (error) {
      return lookAll(identifiers, () => unreadableLook(error))
    }
  }

  async function confirmAbsent(identifiers: readonly string[], inventory: Inventory): Promise<Map<string, Look>> {
    const byReading = second !== null || identifiers.length > left
    if (byReading && !inventory.refused) return confirmBySecondReading(identifiers, inventory)
    const asked = identifiers.slice(0, left)
    left -= asked.length
    const looks = await Promise.all(asked.map((identifier) => confirmOne(identifier, inventory)))
    const answers = lookAll<Look>(identifiers, () => unreadableLook(refusesInventory()))
    for (const [place, identifier] of asked.entries()) answers.set(identifier, looks[place] as Look)
    return answers
  }

  return async (inventory, identifiers) => {
    if (inventory.complete) return confirmAbsent(identifiers, inventory)
    // Nothing says yet that they are absent: the inventory has not looked everywhere.
    try {
      const unasked = identifiers.filter((identifier) => !inventory.named.has(identifier))
      const named = await session.budget.run(() => readNamedApis(session, unasked))
      const absent = identifiers.filter((identifier) => !named.items.has(identifier))
      const looks = absent.length === 0 ? new Map<string, Look>() : await confirmAbsent(absent, inventory)
      for (const [identifier, live] of named.items) looks.set(identifier, { status: 'read', live })
      return looks
    } catch (error) {
      return lookAll(identifiers, () => unreadableLook(error))
    }
  }
}

/** It was absent a moment ago. What is here now is compared; that somebody is changing the list is said. */
function turnedUp(session: Session, live: JsonObject, inventory: Inventory): Look {
  if (inventory.complete) session.tally.notes.add(NOTES.unstable)
  return { status: 'read', live }
}

async function readSecond(session: Session): Promise<ReadonlyMap<string, JsonObject>> {
  const list = await readWholeList(session, 'confirm', 'all-but-secrets')
  if (!list.complete) throw refusesInventory()
  session.tally.notes.add(NOTES.secondReading)
  return index(list.items)
}

function refusesInventory(): RequestFault {
  return new RequestFault(
    'incomplete_inventory',
    'The tenant refuses to list all its APIs, so nothing proves that this API is absent',
    'Check fewer APIs in one run with --target: up to five absent APIs can be confirmed one by one.',
    { retry: 'never' },
  )
}

/** An expected failure as data; anything else is a bug of ours and goes on. */
export function unreadableLook(error: unknown): Extract<Look, { status: 'unreadable' }> {
  if (!(error instanceof TenantDriftError)) throw error
  return { status: 'unreadable', code: error.code, message: error.message, advice: error.advice }
}
