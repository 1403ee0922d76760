import { identifierOf } from '../schema/identifier-of.ts'
import type { JsonObject } from '../schema/json.ts'
import { withFields } from './content.ts'
import type { Content, FieldSelection } from './content.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { API_PATH, queryOf, readListItem } from './list.ts'
import type { Session } from './session.ts'

const WHAT = 'one API'
/** The error code of the tenant for "no such API"; any other 404 comes from somebody in between. */
const ABSENT = 'inexistent_resource_server'

/**
 * One API by its identifier, in the path; null where the tenant itself says that it has no such API.
 * @throws RequestFault
 */
export async function getApi(session: Session, identifier: string, content: Content): Promise<JsonObject | null> {
  if (identifier === '' || !identifier.isWellFormed()) {
    const message = 'An identifier is empty or is not well-formed text, so the tenant cannot be asked for it'
    throw new RequestFault('bad_request', message, 'Fix the identifier in the declared state.', { retry: 'never' })
  }
  try {
    const item = await withFields(session, content, (fields) => get(session, identifier, content, fields))
    // The path takes ids as well as identifiers: an identifier that looks like another API's id gets that one.
    if (identifierOf(item) !== identifier) throw otherApi(item, identifier)
    return item
  } catch (error) {
    if (error instanceof RequestFault && error.status === 404 && error.errorCode === ABSENT) return null
    throw error
  }
}

function otherApi(item: JsonObject, asked: string): RequestFault {
  if (item.id !== asked) return unexpectedShape(WHAT, 'another API than the one asked for')
  const message = `${asked} is the id of an API in the tenant, not an identifier`
  return new RequestFault('bad_request', message, `Name the API by its identifier, ${identifierOf(item)}.`, {
    retry: 'never',
  })
}

function get(session: Session, identifier: string, content: Content, fields: FieldSelection): Promise<JsonObject> {
  const path = `${API_PATH}/${encodeURIComponent(identifier)}${queryOf(fields)}`
  const isSecret = content === 'secrets'
  const question = { path, purpose: isSecret ? 'secret' : 'confirm', what: WHAT } as const
  return session.ask(question, (json) => readListItem(json, isSecret, WHAT))
}
