import { RequestFault } from './faults.ts'
import { isRefusedPaging, type ListParameters } from './list.ts'
import type { Session } from './session.ts'
import { SIGNING_SECRET } from '../schema/secret-field.ts'

/** What is asked for of each API: everything but its signing secret, or its signing secret and what tells APIs apart (the canary needs `is_system`). */
export type Content = 'all-but-secrets' | 'secrets'

export type FieldSelection = Pick<ListParameters, 'fields' | 'include_fields'>

const CONTENT_FIELDS: Readonly<Record<Content, FieldSelection>> = {
  'all-but-secrets': { fields: [SIGNING_SECRET], include_fields: false },
  secrets: { fields: ['id', 'identifier', 'is_system', SIGNING_SECRET], include_fields: true },
}

/**
 * Asks for no more than is needed. `fields` is undocumented for this endpoint: a tenant that refuses it (400) is asked for everything, once
 * known without trying again, and what is not wanted is dropped at the door.
 * @throws RequestFault
 */
export async function withFields<T>(
  session: Session,
  content: Content,
  ask: (fields: FieldSelection) => Promise<T>,
): Promise<T> {
  if (session.fieldsRefused) return ask({})
  try {
    return await ask(CONTENT_FIELDS[content])
  } catch (error) {
    if (!(error instanceof RequestFault) || error.status !== 400 || isRefusedPaging(error)) throw error
    const answer = await ask({})
    session.fieldsRefused = true
    session.tally.fieldsRefused = true
    return answer
  }
}
