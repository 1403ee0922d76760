import { isJsonObject, own, type Json, type JsonObject } from '../schema/json.ts'
import { plural } from '../words/plural.ts'
import { harmlessLine } from '../words/harmless.ts'
import { showName } from '../words/show.ts'

/** What a check learned beside a difference, where somebody asked: whom it hits, and who changed it. */
export interface AlsoTold {
  readonly affected?: object | undefined
  readonly changedBy?: object | undefined
}

/** A sentence on whoever sends the live value again and again, and so will undo a repair; null where nobody is known. */
export function keptByText({ changedBy }: AlsoTold): string | null {
  const kept = isJsonObject(changedBy) ? own(changedBy, 'keptBy') : undefined
  if (!isJsonObject(kept)) return null
  const actor = own(kept, 'actor')
  const application = isJsonObject(actor) ? own(actor, 'application') : undefined
  const called = isJsonObject(application) ? (textAt(application, 'name') ?? textAt(application, 'client_id')) : null
  const tool = textAt(kept, 'tool')
  const who = called === null ? 'Somebody' : `The application ${called}`
  const says = tool === null ? '' : ` (calls itself ${tool})`
  const count = own(kept, 'count')
  const times = typeof count === 'number' ? ` ${plural(count, 'time')}` : ''
  const last = textAt(kept, 'last')
  return `${who}${says} has sent the live value again${times} since${last === null ? '' : `, last at ${last}`}: it will undo the repair until its own source says otherwise.`
}

const MOST_NAMES = 3

/** Whom a difference hits, in one line; null where nobody asked. */
export function affectedText(affected: Json | undefined): string | null {
  if (!isJsonObject(affected)) return null
  const applications = own(affected, 'applications')
  const all = (Array.isArray(applications) ? (applications as readonly Json[]) : []).filter(isJsonObject)
  const names = all.flatMap((each) => textAt(each, 'name') ?? textAt(each, 'client_id') ?? [])
  const total = own(affected, 'total')
  const known = typeof total === 'number' ? total : names.length
  const more = known - Math.min(names.length, MOST_NAMES)
  const parts = [
    ...(names.length === 0 ? [] : [names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '')]),
    ...(own(affected, 'allFirstParty') === true ? ['every first-party application that acts for users'] : []),
    ...(own(affected, 'thirdPartyByDefault') === true ? ['third-party applications by a default grant'] : []),
    ...(own(affected, 'defaultAudience') === true ? ['applications that name no audience'] : []),
  ]
  const unknown = own(affected, 'unknown')
  if (parts.length > 0) return parts.join('; ')
  return Array.isArray(unknown) && unknown.length === 0 ? 'no application that is known' : 'not known'
}

function textAt(object: JsonObject, key: string): string | null {
  const value = own(object, key)
  return typeof value === 'string' && value !== '' ? harmlessLine(showName(value), 200) : null
}
