import {
  MOST_AFFECTED,
  type Affected,
  type AffectedApplication,
  type AffectedWhy,
  type Application,
  type Applications,
  type Grant,
} from '../schema/affected.ts'
import type { FieldRow, Hits, Reach } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import type { Finding } from '../schema/finding.ts'
import { byCodeUnits, type JsonObject } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import { reachOf } from '../schema/reach.ts'
import { accessOf, type Access } from './access.ts'

/** A difference, and the API as it stands (as declared, where it is not there). */
export interface Hit {
  readonly finding: Pick<Finding, 'kind' | 'identifier' | 'path' | 'direction' | 'declared' | 'base' | 'live'>
  readonly api: JsonObject | undefined
}

/**
 * Whom a difference hits: the applications that can get tokens for its API, as far as its field matters to them. The catalogue's row says which those are.
 * Pure; what was not learnt is in `unknown`, and nothing is concluded from it.
 */
export function affectedBy({ finding, api }: Hit, learnt: Applications, rows: readonly FieldRow[] = FIELDS): Affected {
  const steps = parsePath(finding.path) ?? [finding.path]
  const reach = reachOf(steps, rows)
  const hits = hitsOf(reach, finding)
  const access = accessOf(finding, api)
  const known = clientsOf(learnt)
  const grants = grantsFor(learnt, access).filter((grant) => concerns(grant, hits, steps))
  const found = new Map<string, AffectedApplication & { readonly hasGrant: boolean }>()
  const add = (clientId: string, way: AffectedWhy, hasGrant: boolean): void => {
    const application = known.byId.get(clientId)
    const why = whyOf(hits, way, application, access)
    if (why === null || found.has(clientId)) return
    found.set(clientId, { client_id: clientId, name: application?.name ?? null, why, hasGrant })
  }
  const granted = new Set(grants.flatMap(({ clientId }) => clientId ?? []))
  // Of what the policy for users lets in on one side, a grant lets in on the other.
  const forUsers = new Set(
    grants.flatMap(({ clientId, subject }) => (subject === 'user' && clientId !== null ? [clientId] : [])),
  )
  for (const clientId of granted) if (hits !== 'user-policy' || access.loses) add(clientId, 'grant', true)
  if (isAboutUsers(hits) && access.isOpen) {
    for (const client of known.list) {
      if (!actsForUsers(client) || (hits === 'user-policy' && !access.loses && forUsers.has(client.clientId))) continue
      if (client.isFirstParty === true) add(client.clientId, hits === 'user-policy' ? 'no-grant' : 'first-party', false)
      else if (client.isPermissive === true && !access.isSystem) add(client.clientId, 'permissive', false)
    }
  }
  if (hits === 'linked' || hits === 'everyone') {
    for (const client of known.list)
      if (client.linkedTo !== null && client.linkedTo === finding.identifier) add(client.clientId, 'linked', true)
  }
  const unknown = unknownOf(learnt, {
    isGone: isApiGone(finding) && grants.length === 0,
    needsMore: needsMore(hits, access),
  })
  const all = [...found.values()].sort(byName)
  const isNothing = all.length === 0 && unknown.some(({ what }) => what !== 'default-audience')
  return {
    applications: all.slice(0, MOST_AFFECTED).map(({ hasGrant: _hasGrant, ...application }) => application),
    total: isNothing ? null : all.length,
    allFirstParty: access.isOpen && isAboutUsers(hits),
    thirdPartyByDefault: hits !== 'first-party' && grants.some(({ clientId }) => clientId === null),
    defaultAudience: learnt.defaultAudience.ok ? learnt.defaultAudience.value === finding.identifier : null,
    verifiers: reach.verifiers === true,
    unknown,
  }
}

function hitsOf(reach: Reach, { direction }: Hit['finding']): Hits {
  return direction === 'strengthened' ? (reach.strengthened ?? reach.hits) : reach.hits
}

/** Whether applications that act for users are meant. */
function isAboutUsers(hits: Hits): boolean {
  return hits !== 'machines' && hits !== 'anonymous' && hits !== 'linked'
}

/** Grants of this API that let somebody in: a policy that denies all beats every one of them. */
function grantsFor({ grants, clients }: Applications, access: Access): readonly Grant[] {
  if (!grants.ok) return []
  const strangers = new Set(
    access.isSystem && clients.ok
      ? clients.value.list.flatMap(({ clientId, isFirstParty }) => (isFirstParty === false ? [clientId] : []))
      : [],
  )
  return grants.value.filter(
    ({ audience, subject, clientId }) =>
      audience === access.identifier &&
      !access.denied.has(subject) &&
      // Third parties never reach the tenant's own APIs.
      !(access.isSystem && clientId === null) &&
      !strangers.has(clientId ?? ''),
  )
}

function concerns(grant: Grant, hits: Hits, steps: readonly string[]): boolean {
  switch (hits) {
    case 'machines':
      return grant.subject === 'client'
    case 'anonymous':
      return grant.subject === 'anonymous_user'
    case 'users':
    case 'first-party':
    case 'user-policy':
    case 'refresh-tokens':
    case 'browser-tokens':
      return grant.subject === 'user'
    case 'grant-names-scope':
      return steps[1] === undefined || grant.allScopes || grant.scopes.includes(steps[1])
    case 'grant-names-type':
      return steps[1] === undefined || grant.detailTypes.includes(steps[1])
    case 'everyone':
    case 'no-proof-of-possession':
      return true
    case 'linked':
      return false
  }
}

/** Why an application is hit; null where it is not. One of which nothing more is known is not left out. */
function whyOf(hits: Hits, way: AffectedWhy, client: Application | undefined, access: Access): AffectedWhy | null {
  const types = client?.grantTypes ?? null
  switch (hits) {
    case 'refresh-tokens':
      return types === null ? way : types.includes('refresh_token') ? 'refresh-tokens' : null
    case 'browser-tokens':
      if (types === null) return way
      if (types.includes('refresh_token')) return 'refresh-tokens'
      return types.includes('implicit') ? 'browser-tokens' : null
    case 'no-proof-of-possession': {
      const [proves, isPublic] = [client?.provesPossession ?? null, client?.isPublic ?? null]
      if (proves === true || (isPublic !== null && !access.proves(isPublic))) return null
      return proves === null ? way : 'no-proof-of-possession'
    }
    case 'first-party':
      return client?.isFirstParty === false ? null : way
    case 'grant-names-scope':
    case 'grant-names-type':
      // Those that need no grant may ask for everything; `allFirstParty` says so.
      return way === 'grant' ? hits : null
    default:
      return way
  }
}

/** Everything but a client's own credentials is done for somebody. */
function actsForUsers({ grantTypes }: Application): boolean {
  return grantTypes === null || grantTypes.some((type) => type !== 'client_credentials')
}

/** Whether more than grants and names decides who is meant. */
function needsMore(hits: Hits, access: Access): boolean {
  if (hits === 'machines' || hits === 'anonymous' || hits === 'grant-names-scope' || hits === 'grant-names-type')
    return false
  return access.isOpen || !['everyone', 'users', 'user-policy'].includes(hits)
}

/** An API that no longer exists has no grants: whom they were for, nobody can say. */
function isApiGone({ kind, path }: Hit['finding']): boolean {
  return (kind === 'missing' && path === '') || path === 'id'
}

function unknownOf(
  { grants, clients, defaultAudience }: Applications,
  { isGone: areGone, needsMore: isMore }: { readonly isGone: boolean; readonly needsMore: boolean },
): Affected['unknown'] {
  const unknown: Affected['unknown'][number][] = []
  if (!grants.ok) unknown.push({ what: 'grants', because: grants.because })
  else if (areGone) unknown.push({ what: 'grants', because: 'gone' })
  if (!clients.ok) unknown.push({ what: 'names', because: clients.because })
  else if (clients.inPart === true) unknown.push({ what: 'names', because: 'in-part' })
  if (isMore && !clients.ok) unknown.push({ what: 'applications', because: clients.because })
  else if (isMore && clients.ok && clients.value.depth === 'summary')
    unknown.push({ what: 'applications', because: 'no-scope' })
  else if (isMore && clients.ok && clients.inPart === true) unknown.push({ what: 'applications', because: 'in-part' })
  if (!defaultAudience.ok) unknown.push({ what: 'default-audience', because: defaultAudience.because })
  return unknown
}

function clientsOf({ clients }: Applications): {
  readonly list: readonly Application[]
  readonly byId: ReadonlyMap<string, Application>
} {
  const list = clients.ok ? clients.value.list : []
  return { list, byId: new Map(list.map((client) => [client.clientId, client])) }
}

/** Those with a grant first, then by name; those without a name last. */
function byName(
  a: AffectedApplication & { hasGrant: boolean },
  b: AffectedApplication & { hasGrant: boolean },
): number {
  return (
    Number(b.hasGrant) - Number(a.hasGrant) ||
    Number(a.name === null) - Number(b.name === null) ||
    byCodeUnits(a.name ?? '', b.name ?? '') ||
    byCodeUnits(a.client_id, b.client_id)
  )
}
