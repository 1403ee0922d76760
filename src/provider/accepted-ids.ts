import { identifierOf } from '../schema/identifier-of.ts'
import { withTenantId, type DeclaredApi, type DeclaredState } from '../schema/declared.ts'
import { own, type JsonObject } from '../schema/json.ts'
import { packTexts, unpackTexts } from '../schema/pack-declared.ts'
import type { Snapshot } from '../schema/snapshot.ts'
import type { Stored } from './observe.ts'

/**
 * What the state keeps of the ids of the declared APIs, packed: one that was deleted and made again with the same values differs in nothing else. It
 * decides nothing about whether the engine sees a change, so that a state of an older version, which has none, shows none.
 */
export const IDS = 'ids'

/** Ids by identifier. */
export type Ids = ReadonlyMap<string, string>

export function storedIds(stored: Stored | null): Ids {
  const packed = stored?.inputs[IDS]
  return new Map(Object.entries((typeof packed === 'string' ? unpackTexts(packed) : null) ?? {}))
}

/** The same of a check of one API, whose state has it where people see it. */
export function idsOfOne(identifier: string, stored: Stored | null): Ids {
  const id = stored?.observed.id
  return new Map(typeof id === 'string' ? [[identifier, id]] : [])
}

/** As an input to be kept; nothing where no id is known. */
export function keptIds(ids: Ids): JsonObject {
  return ids.size === 0 ? {} : { [IDS]: packIds(ids) }
}

export function packIds(ids: Ids): string {
  return packTexts(Object.fromEntries(ids))
}

/** Whose id somebody else tells is left to them: the code, the source, or the record, which people agree to after the state was written. */
export function withStoredIds(declared: DeclaredState, ids: Ids, recorded: Snapshot | null): DeclaredState {
  if (ids.size === 0) return declared
  const inRecord = idsByIdentifier(recorded)
  const apis = declared.apis.map((api) => {
    const id = ids.get(api.identifier)
    if (id === undefined || saidId(api) !== null || inRecord.has(api.identifier)) return api
    return withTenantId(api, id)
  })
  return { ...declared, apis }
}

/** The ids that count as right from here on: as somebody tells them, else as the state first saw them, else as they are. */
export function acceptedIds(declared: DeclaredState, ids: Ids, recorded: Snapshot | null, live: Snapshot | null): Ids {
  const [inRecord, inTenant] = [idsByIdentifier(recorded), idsByIdentifier(live)]
  return new Map(
    declared.apis.flatMap((api): readonly (readonly [string, string])[] => {
      const { identifier } = api
      const found = inTenant.get(identifier)
      const agreed = inRecord.get(identifier)
      const id =
        saidId(api) ?? (agreed !== undefined && agreed === found ? found : (ids.get(identifier) ?? agreed ?? found))
      return id === undefined ? [] : [[identifier, id]]
    }),
  )
}

function saidId({ values, tenantId }: DeclaredApi): string | null {
  const said = own(values, 'id')
  return typeof said === 'string' ? said : (tenantId ?? null)
}

function idsByIdentifier(snapshot: Snapshot | null): ReadonlyMap<string, string> {
  return new Map(
    (snapshot?.items ?? []).flatMap((item) =>
      typeof item.id === 'string' ? [[identifierOf(item), item.id] as const] : [],
    ),
  )
}
