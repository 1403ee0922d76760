import type { JsonObject } from '../schema/json.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { API_PATH, identifierOf, queryOf, readItem, SECRET_KEY, withoutSecret } from './list.ts'
import type { ListParameters } from './list.ts'
import type { Session } from './session.ts'

/** The error code of the tenant for "no such API"; any other 404 comes from somebody in between. */
const ABSENT = 'inexistent_resource_server'

/** Null where the tenant itself says that it has no such API. @throws RequestFault */
export function getApi(session: Session, identifier: string): Promise<JsonObject | null> {
  return withoutSecret(session, (fields) => get(session, identifier, 'confirm', fields, false))
}

/** `id`, `identifier` and the secret alone; a tenant that refuses `fields` is asked for the whole API. @throws RequestFault */
export async function getApiWithSecret(session: Session, identifier: string): Promise<JsonObject | null> {
  const fields = { fields: [SECRET_KEY, 'id', 'identifier'], include_fields: true }
  try {
    return await get(session, identifier, 'secret', session.fieldsRefused ? {} : fields, true)
  } catch (error) {
    if (session.fieldsRefused || !(error instanceof RequestFault) || error.status !== 400) throw error
    return get(session, identifier, 'secret', {}, true)
  }
}

async function get(
  session: Session,
  identifier: string,
  purpose: 'confirm' | 'secret',
  fields: ListParameters,
  keepsSecret: boolean,
): Promise<JsonObject | null> {
  const what = 'one API'
  if (identifier === '' || !identifier.isWellFormed()) {
    const message = 'An identifier is empty or no well-formed text, so the tenant cannot be asked for it'
    throw new RequestFault('bad_request', message, 'Mend the identifier in the declared state.', { retry: 'never' })
  }
  const path = `${API_PATH}/${encodeURIComponent(identifier)}${queryOf(fields)}`
  try {
    const never = new AbortController().signal
    const item = await session.ask({ path, purpose, what }, (json) => readItem(json, keepsSecret, what), never)
    // The path takes ids as well as identifiers: an identifier that looks like another API's id gets that one.
    if (identifierOf(item) !== identifier) throw unexpectedShape(what, 'another API than the one asked for')
    return item
  } catch (error) {
    if (error instanceof RequestFault && error.status === 404 && error.errorCode === ABSENT) return null
    throw error
  }
}
