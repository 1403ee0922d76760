import type {
  Affected,
  AffectedApplication,
  AffectedBecause,
  AffectedUnknown,
  AffectedWhy,
} from '../schema/affected.ts'
import { plural } from './plural.ts'
import { showName } from './show.ts'

/** Why an application is hit, behind its name. */
const WHY = {
  grant: 'it has a grant',
  'first-party': 'first-party applications need no grant',
  permissive: 'third-party, and lets itself be ruled by the policy of the API',
  linked: "it is the API's own client",
  'refresh-tokens': 'it has refresh tokens',
  'browser-tokens': 'it gets tokens in the browser',
  'no-proof-of-possession': 'it proves possession of no key',
  'grant-names-scope': 'its grant names the scope, or all of them',
  'grant-names-type': 'its grant names the type',
  'no-grant': 'it has no grant',
} as const satisfies Record<AffectedWhy, string>

const UNKNOWN = {
  grants: 'which applications have a grant',
  names: 'names of applications',
  applications: 'what the applications can do',
  'default-audience': 'the default audience',
} as const satisfies Record<AffectedUnknown, string>

/** Scopes that would tell, for what the credential may not read. */
const SCOPE = {
  grants: 'read:client_grants',
  names: 'read:client_summary',
  applications: 'read:clients',
  'default-audience': 'read:tenant_settings',
} as const satisfies Record<AffectedUnknown, string>

const BECAUSE = {
  'no-scope': 'the credential may not read it',
  'not-readable': 'the tenant gave no answer that can be used',
  'in-part': 'the tenant lists only a part of them',
  'no-tenant': 'no tenant was asked',
  gone: 'they went with the API',
} as const satisfies Record<AffectedBecause, string>

/** Names in the one line of a finding; the others are counted. */
const MOST_NAMES = 3

/** Whom a difference hits, in one line that begins with `Hits`. Printable. */
export function affectedText(affected: Affected): string {
  const { applications, total, allFirstParty, thirdPartyByDefault, defaultAudience, verifiers } = affected
  const names = applications.slice(0, MOST_NAMES).map(nameOf)
  const more = (total ?? 0) - names.length
  const isAtLeast = affected.unknown.some(({ what }) => what === 'grants')
  const count = `${isAtLeast ? 'at least ' : ''}${plural(total ?? 0, 'application')}`
  const named = names.length === 0 ? '' : `: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const parts = [
    ...(total === null || (total === 0 && (isAtLeast || allFirstParty || thirdPartyByDefault))
      ? []
      : [`${total === 0 ? 'no application that has a grant' : count}${named}`]),
    ...(allFirstParty ? ['first-party applications need no grant'] : []),
    ...(thirdPartyByDefault ? ['third-party applications have one by default'] : []),
    ...(defaultAudience === true ? ['it is the default audience'] : []),
    ...(verifiers ? ['whatever checks its tokens is hit, too'] : []),
  ]
  const unknown = unknownText(affected)
  if (parts.length === 0) return `Hits: not known${unknown === '' ? '' : ` (${unknown})`}.`
  return `Hits ${parts.join('; ')}.${unknown === '' ? '' : ` Not known: ${unknown}.`}`
}

/** What could not be learnt, and what would tell; empty where nothing. */
export function unknownText({ unknown }: Pick<Affected, 'unknown'>): string {
  return unknown
    .map(
      ({ what, because }) => `${UNKNOWN[what]} (${because === 'no-scope' ? `needs ${SCOPE[what]}` : BECAUSE[because]})`,
    )
    .join(', ')
}

/** One line for each application that is named. Printable. */
export function applicationTexts({ applications, total }: Affected): readonly string[] {
  const more = (total ?? 0) - applications.length
  return [
    ...applications.map((application) => `${nameOf(application)}${idOf(application)}: ${WHY[application.why]}`),
    ...(more > 0 ? [`and ${plural(more, 'more application')}`] : []),
  ]
}

function nameOf({ name, client_id }: AffectedApplication): string {
  return showName(name ?? client_id)
}

function idOf({ name, client_id }: AffectedApplication): string {
  return name === null ? '' : ` (${showName(client_id)})`
}

/** Whom several differences hit together. Applications that are not named are counted once for each of them, as nobody can say which they are. */
export function jointAffected(all: readonly Affected[]): Affected {
  const [first, ...others] = all
  if (first !== undefined && others.length === 0) return first
  const named = new Map(all.flatMap(({ applications }) => applications.map((each) => [each.client_id, each] as const)))
  const rest = all.reduce((most, { applications, total }) => Math.max(most, (total ?? 0) - applications.length), 0)
  const unknown = new Map(all.flatMap((each) => each.unknown.map((entry) => [entry.what, entry] as const)))
  return {
    applications: [...named.values()],
    total: all.every(({ total }) => total === null) ? null : named.size + rest,
    allFirstParty: all.some(({ allFirstParty }) => allFirstParty),
    thirdPartyByDefault: all.some(({ thirdPartyByDefault }) => thirdPartyByDefault),
    defaultAudience: all.some(({ defaultAudience }) => defaultAudience === true)
      ? true
      : all.some(({ defaultAudience }) => defaultAudience === null)
        ? null
        : false,
    verifiers: all.some(({ verifiers }) => verifiers),
    unknown: [...unknown.values()],
  }
}
