import { identifierOf } from '../schema/identifier-of.ts'
import type { JsonObject } from '../schema/json.ts'
import { unstable } from './completeness.ts'
import { unexpectedShape } from './faults.ts'
import { withFields } from './content.ts'
import { askList } from './list.ts'
import type { ListPage } from './list.ts'
import { NAMED_AT_ONCE } from './request-sizes.ts'
import type { Session } from './session.ts'

/** Of the identifiers as encoded; servers and proxies begin to refuse addresses at 8 KB. */
const LONGEST_QUERY = 4000

export interface NamedApis {
  readonly items: ReadonlyMap<string, JsonObject>
  readonly pages: number
}

/**
 * Looks at named APIs through `identifiers=`. What it does not find is not proven absent: no total and no canary speak for it.
 * @throws RequestFault
 */
export async function readNamedApis(session: Session, identifiers: readonly string[]): Promise<NamedApis> {
  const stop = new AbortController()
  const groups = groupsOf(identifiers.filter((identifier) => identifier !== '' && identifier.isWellFormed()))
  const items = new Map<string, JsonObject>()
  try {
    const pages = await Promise.all(groups.map((group) => askGroup(session, group, stop.signal)))
    for (const item of pages.flatMap((page) => page.items)) items.set(identifierOf(item), item)
    return { items, pages: pages.length }
  } catch (error) {
    stop.abort(error)
    throw error
  }
}

async function askGroup(session: Session, group: readonly string[], signal: AbortSignal): Promise<ListPage> {
  const what = 'the list of named APIs'
  const parameters = { identifiers: group, page: 0, per_page: 100, include_totals: true }
  const page = await withFields(session, 'all-but-secrets', (fields) =>
    askList(session, { ...parameters, ...fields }, { purpose: 'list', what, keepsSecret: false, signal }),
  )
  const found = page.items.map(identifierOf)
  // A tenant or proxy that ignores the filter sends the beginning of the whole list.
  if (!found.every((identifier) => group.includes(identifier)))
    throw unexpectedShape(what, 'an API that was not asked for')
  if (new Set(found).size !== found.length || page.total !== found.length)
    throw unstable('the list of named APIs contradicts its total')
  return page
}

/** At most ten, and no longer than an address may be. */
function groupsOf(identifiers: readonly string[]): string[][] {
  const groups: string[][] = []
  let length = Infinity
  for (const identifier of new Set(identifiers)) {
    const size = encodeURIComponent(identifier).length + '&identifiers='.length
    const current = groups.at(-1)
    if (current === undefined || current.length >= NAMED_AT_ONCE || length + size > LONGEST_QUERY) {
      groups.push([identifier])
      length = size
    } else {
      current.push(identifier)
      length += size
    }
  }
  return groups
}
