import type { Application, Applications, Grant, Learnt } from '../schema/affected.ts'
import { isJsonObject, memberOf, own, textAt, type Json, type JsonObject } from '../schema/json.ts'
import { scopesOf } from './claims.ts'
import { RequestFault, unexpectedShape } from './faults.ts'
import { countIn, listedItems } from './in-answers.ts'
import { inTurns } from './in-turns.ts'
import { SIDE_BY_SIDE } from './line.ts'
import { isRefusedPaging } from './list.ts'
import type { Session } from './session.ts'

const GRANTS_PATH = '/api/v2/client-grants'
const CLIENTS_PATH = '/api/v2/clients'
const SETTINGS_PATH = '/api/v2/tenants/settings'
const A_PAGE = 100
/** No tenant has more; a list that goes on all the same would be asked for until the deadline, and be held in memory whole. */
const MOST_PAGES = 1000
/** More APIs than that are told by one list of all grants. */
const MOST_AUDIENCES = 10
/** The pages of the log, which may be asked at the same time, wait for each other longer: some connections are left to them. */
const LEFT_TO_LOGS = 3

type Ask = Session['ask']

/** What each needs, any one of them. The order is the order of what they show. */
const SCOPES = {
  grants: ['read:client_grants'],
  clients: ['read:clients', 'read:client_keys', 'read:client_credentials', 'read:client_summary'],
  settings: ['read:tenant_settings'],
} as const
/** Those that show more of an application than its name. */
const WHOLE_SCOPES = ['read:clients', 'read:client_keys'] as const

/** Shown to everybody who may read applications at all. */
const SUMMARY = ['client_id', 'name', 'app_type', 'description'] as const
/** Nothing of these is a secret. */
const CLIENT_FIELDS = [
  'client_id',
  'name',
  'app_type',
  'is_first_party',
  'grant_types',
  'require_proof_of_possession',
  'token_endpoint_auth_method',
  'third_party_security_mode',
  'resource_server_identifier',
] as const

/**
 * Who may get tokens for these APIs: their grants, one list of applications (never their secrets), and the default audience, side by side. What the token
 * says it may not read is not asked for. Never throws for what a tenant does.
 */
export async function readApplications(session: Session, identifiers: readonly string[]): Promise<Applications> {
  const scopes = await session.token().then(
    ({ value }) => scopesOf(value),
    () => null,
  )
  const may = (needed: readonly string[]): boolean => scopes === null || needed.some((scope) => scopes.includes(scope))
  const inTurn = inTurns(SIDE_BY_SIDE - LEFT_TO_LOGS)
  const ask: Ask = (question, read) => inTurn(() => session.ask(question, read))
  // The applications first: only their first page says how many more there are.
  const [clients, defaultAudience, grants] = await Promise.all([
    learn(may(SCOPES.clients), () => readClients(ask, may(WHOLE_SCOPES))),
    learn(may(SCOPES.settings), () => readDefaultAudience(ask)),
    learn(may(SCOPES.grants), () => readGrants(ask, identifiers)),
  ])
  return { grants, clients, defaultAudience }
}

/** Bugs are thrown; everything that a tenant does is an answer. */
async function learn<T>(mayRead: boolean, read: () => Promise<Learnt<T>>): Promise<Learnt<T>> {
  if (!mayRead) return { ok: false, because: 'no-scope' }
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    return { ok: false, because: error.status === 403 ? 'no-scope' : 'not-readable' }
  }
}

/** Of each API by itself, or, of many, all grants of the tenant at once. */
async function readGrants(ask: Ask, identifiers: readonly string[]): Promise<Learnt<readonly Grant[]>> {
  const wanted = new Set(identifiers.filter((identifier) => identifier.isWellFormed()))
  const lists =
    wanted.size > MOST_AUDIENCES
      ? [await grantsOf(ask, null)]
      : await Promise.all([...wanted].map((identifier) => grantsOf(ask, identifier)))
  return { ok: true, value: lists.flat().filter(({ audience }) => wanted.has(audience)) }
}

async function grantsOf(ask: Ask, audience: string | null): Promise<readonly Grant[]> {
  const grants: Grant[] = []
  const places = new Set<string>()
  const filter = audience === null ? '' : `audience=${encodeURIComponent(audience)}&`
  let from: string | null = null
  for (let page = 0; ; page += 1) {
    const what = `page ${page} of the client grants`
    const place: string = from === null ? '' : `&from=${encodeURIComponent(from)}`
    const path = `${GRANTS_PATH}?${filter}take=${A_PAGE}${place}`
    const answer = await ask({ path, purpose: 'affected', what }, (json) => grantPage(json, what))
    grants.push(...answer.grants)
    if (answer.next === null) return grants
    from = answer.next
    // What follows could not be told from what was: nobody knows what is missing.
    if (places.has(from) || page + 1 >= MOST_PAGES) throw unexpectedShape(what, 'a list that does not end')
    places.add(from)
  }
}

function grantPage(json: Json, what: string): { readonly grants: readonly Grant[]; readonly next: string | null } {
  const list = objectsIn(json, 'client_grants', what)
  const [next, total] = [textAt(json, 'next'), memberOf(json, 'total')]
  // Pages by number in place of checkpoints: the rest would be missing without a word.
  const isCut = typeof total === 'number' ? total > list.length : Array.isArray(json) && list.length >= A_PAGE
  if (isCut) throw unexpectedShape(what, 'no checkpoint for what follows')
  return {
    grants: list.map((item) => grantOf(item, what)),
    next: next === '' ? null : next,
  }
}

function grantOf(item: JsonObject, what: string): Grant {
  const audience = textAt(item, 'audience')
  if (audience === null) throw unexpectedShape(what, 'a grant without an audience')
  return {
    clientId: textAt(item, 'client_id'),
    audience,
    subject: textAt(item, 'subject_type') ?? 'client',
    scopes: texts(item, 'scope') ?? [],
    allScopes: own(item, 'allow_all_scopes') === true,
    detailTypes: texts(item, 'authorization_details_types') ?? [],
  }
}

type Clients = Applications['clients']

/** The applications with all that decides, where the token may read that; else their names alone. */
async function readClients(ask: Ask, isWhole: boolean): Promise<Clients> {
  if (isWhole) {
    try {
      const read = await clientPages(ask, CLIENT_FIELDS)
      // A tenant that shows whoever asks less than was asked for shows no grant types of anything.
      const hasDetails = read.items.length === 0 || read.items.some((item) => own(item, 'grant_types') !== undefined)
      const hasNames = read.items.every((item) => textAt(item, 'name') !== null)
      if (hasDetails || hasNames) return clientsOf(read, hasDetails ? 'whole' : 'summary')
    } catch (error) {
      if (!(error instanceof RequestFault) || (error.status !== 403 && error.status !== 400)) throw error
    }
  }
  return clientsOf(await clientPages(ask, SUMMARY), 'summary')
}

function clientsOf({ items, inPart }: ClientPages, depth: 'whole' | 'summary'): Clients {
  const list = items.map((item) => applicationOf(item, depth === 'whole'))
  return { ok: true, value: { depth, list }, ...(inPart && { inPart: true as const }) }
}

interface ClientPages {
  readonly items: readonly JsonObject[]
  readonly inPart: boolean
}

/** Page 0, which says how many there are, then the others side by side. What a tenant refuses to list so deep is missing. */
async function clientPages(ask: Ask, fields: readonly string[]): Promise<ClientPages> {
  const page = (index: number): Promise<{ readonly items: readonly JsonObject[]; readonly total: number | null }> => {
    const what = `page ${index} of the applications`
    const query = `is_global=false&page=${index}&per_page=${A_PAGE}&include_totals=true`
    const path = `${CLIENTS_PATH}?${query}&include_fields=true&fields=${encodeURIComponent(fields.join(','))}`
    return ask({ path, purpose: 'affected', what }, (json) => clientPage(json, what))
  }
  const first = await page(0)
  const total = first.total ?? first.items.length
  // Nothing follows on a page without anything, whatever the total says.
  const pages = first.items.length === 0 ? 1 : Math.min(MOST_PAGES, Math.ceil(total / A_PAGE))
  const rest = Array.from({ length: Math.max(0, pages - 1) }, (_, index) => index + 1)
  const later = await Promise.all(
    rest.map((index) =>
      page(index).catch((error: unknown) => {
        if (isRefusedPaging(error)) return null
        throw error
      }),
    ),
  )
  const items = [first, ...later].flatMap((each) => each?.items ?? [])
  const isShort = first.total === null && first.items.length >= A_PAGE
  return { items, inPart: isShort || items.length < total }
}

function clientPage(json: Json, what: string) {
  const items = objectsIn(json, 'clients', what)
  // One that nobody can name would be left out without a word.
  if (items.some((item) => textAt(item, 'client_id') === null))
    throw unexpectedShape(what, 'an application without a client_id')
  return { items, total: countIn(json, 'total', what) }
}

/** What is not named here stays at the door. */
function applicationOf(item: JsonObject, isWhole: boolean): Application {
  const whole = <T>(value: T): T | null => (isWhole ? value : null)
  return {
    clientId: textAt(item, 'client_id') ?? '',
    name: textAt(item, 'name'),
    isFirstParty: whole(own(item, 'is_first_party') !== false),
    isPermissive: whole(own(item, 'third_party_security_mode') === 'permissive'),
    grantTypes: whole(texts(item, 'grant_types')),
    provesPossession: whole(own(item, 'require_proof_of_possession') === true),
    isPublic: whole(own(item, 'token_endpoint_auth_method') === 'none'),
    linkedTo: textAt(item, 'resource_server_identifier'),
  }
}

async function readDefaultAudience(ask: Ask): Promise<Learnt<string>> {
  const what = 'the settings of the tenant'
  const path = `${SETTINGS_PATH}?fields=default_audience&include_fields=true`
  const value = await ask({ path, purpose: 'affected', what }, (json) => {
    if (!isJsonObject(json)) throw unexpectedShape(what, 'not an object')
    const audience = own(json, 'default_audience') ?? ''
    if (typeof audience !== 'string') throw unexpectedShape(what, 'default_audience is not a string')
    return audience
  })
  return { ok: true, value }
}

function objectsIn(json: Json, key: string, what: string): readonly JsonObject[] {
  const list = listedItems(json, key, what)
  const objects = list.filter(isJsonObject)
  if (objects.length < list.length) throw unexpectedShape(what, 'an item that is not an object')
  return objects
}

function texts(item: JsonObject, key: string): readonly string[] | null {
  const value = own(item, key)
  return Array.isArray(value) ? (value as readonly Json[]).filter((each) => typeof each === 'string') : null
}
