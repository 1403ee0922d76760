import { identifierOf } from '../schema/identifier-of.ts'
import { own } from '../schema/json.ts'
import type { JsonObject } from '../schema/json.ts'
import { digestLiveSecret } from '../schema/secret-digest.ts'
import type { SecretLook } from '../schema/snapshot.ts'
import { unreadableLook } from './confirm.ts'
import { ONE_BY_ONE } from './request-sizes.ts'
import { RequestFault } from './faults.ts'
import { lookAll } from './inventory.ts'
import { getApi } from './one-api.ts'
import { readWholeList } from './reading.ts'
import type { Session } from './session.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

type Digests = ReadonlyMap<string, SecretLook>

/**
 * Reads signing secrets, and only where somebody asks: up to five APIs one by one, then by one more reading that all share. Each secret is
 * digested where it arrives and dropped. Never throws.
 */
export function createSecretReader(session: Session): (identifiers: readonly string[]) => Promise<Digests> {
  let left = ONE_BY_ONE
  let all: Promise<Digests> | null = null
  let some: Digests = new Map()

  async function readOne(identifier: string): Promise<SecretLook> {
    try {
      const item = await getApi(session, identifier, 'secrets')
      return item === null ? unreadableLook(absent()) : await secretLookOf(session.config.tenant, item)
    } catch (error) {
      return unreadableLook(error)
    }
  }

  /** A digest takes 40 ms: a caller that asks for many at once names all it wants; one that comes alone will come again for others. */
  async function readMany(identifiers: readonly string[]): Promise<Digests> {
    if (identifiers.every((identifier) => some.has(identifier))) return some
    if (all === null && identifiers.length > 1 && some.size === 0) {
      some = await readShared(session, new Set(identifiers))
      return some
    }
    all ??= readShared(session, null)
    return all
  }

  return async (identifiers) => {
    if (all === null && identifiers.length <= left) {
      left -= identifiers.length
      const looks = await Promise.all(identifiers.map(readOne))
      return new Map(identifiers.map((identifier, place) => [identifier, looks[place] as SecretLook]))
    }
    try {
      const digests = await readMany(identifiers)
      return lookAll(identifiers, (identifier) => digests.get(identifier) ?? unreadableLook(absent()))
    } catch (error) {
      return lookAll(identifiers, () => unreadableLook(error))
    }
  }
}

async function readShared(session: Session, wanted: ReadonlySet<string> | null): Promise<Digests> {
  const list = await readWholeList(session, 'secret', 'secrets')
  const items = list.items.filter((item) => wanted === null || wanted.has(identifierOf(item)))
  const digests = await Promise.all(items.map((item) => secretLookOf(session.config.tenant, item)))
  return new Map(items.map((item, place) => [identifierOf(item), digests[place] as SecretLook]))
}

async function secretLookOf(tenant: string, item: JsonObject): Promise<SecretLook> {
  const secret = own(item, SIGNING_SECRET)
  if (secret === undefined || secret === null) return { status: 'read', digest: null }
  if (typeof secret === 'string')
    return { status: 'read', digest: await digestLiveSecret(tenant, identifierOf(item), secret) }
  return unreadableLook(
    new RequestFault(
      'wrong_type',
      'The signing secret of an API is not a string',
      'Look at the API in the dashboard.',
      {
        retry: 'never',
      },
    ),
  )
}

function absent(): RequestFault {
  const message = 'The signing secret could not be read: the tenant does not list this API any more'
  return new RequestFault('secret_unreadable', message, 'Run again.', { retry: 'never' })
}
