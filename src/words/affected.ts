import type {
  Affected,
  AffectedApplication,
  AffectedBecause,
  AffectedUnknown,
  AffectedWhy,
} from '../schema/affected.ts'
import type { Hits } from '../schema/field-row.ts'
import { firstNames, plural } from './plural.ts'
import { showName } from './show.ts'

/** Why an application is hit, behind its name. */
const WHY = {
  grant: 'it has a grant',
  'first-party': 'first-party applications need no grant',
  permissive: 'third-party, and its settings let the policy of the API decide',
  linked: "it is the API's own client",
  'refresh-tokens': 'it has refresh tokens',
  'browser-tokens': 'it gets tokens in the browser',
  'no-proof-of-possession': 'it does not prove possession of a key',
  'grant-names-scope': 'its grant names the scope, or all scopes',
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
  'not-readable': 'the answer of the tenant cannot be used',
  'in-part': 'the tenant lists only some of them',
  'no-tenant': 'no tenant was asked',
  gone: 'they were deleted with the API',
} as const satisfies Record<AffectedBecause, string>

/** Every word of ours in what a report says of whom a difference hits, for `explain`. */
export const AFFECTED_WORDS: Readonly<Record<string, string>> = {
  ...prefixed('why an application is hit', WHY),
  ...prefixed('not known', UNKNOWN),
  ...prefixed('why it is not known', BECAUSE),
}

function prefixed(what: string, words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(words).map(([word, meaning]) => [word, `${what}: ${meaning}`]))
}

/** Whom a difference of a field hits, for the page. */
export const HITS_WORDS = {
  everyone: 'everyone who gets tokens',
  users: 'those that act for users',
  machines: 'those with a grant to act as themselves',
  anonymous: 'those with a grant for anonymous sessions',
  'refresh-tokens': 'those that act for users and have refresh tokens',
  'browser-tokens': 'those that act for users and have refresh tokens, or get tokens in the browser',
  'no-proof-of-possession': 'those that are asked to prove possession of a key (public ones, or all) and do not',
  'grant-names-scope': 'those whose grant names the scope, or all scopes',
  'grant-names-type': 'those whose grant names the type',
  'first-party': 'first-party ones that act for users',
  'user-policy': 'those that only one of the two policies lets in',
  linked: "the API's own client",
} as const satisfies Record<Hits, string>

/** Of several differences: `isCut` where more may be hit than are counted. */
export interface Joint extends Affected {
  readonly isCut?: true
}

/** Names in the one line of a finding; the others are counted. */
const MOST_NAMES = 3

/** Whom a difference hits, in one line. Printable. */
export function affectedText(affected: Joint): string {
  return affectedLine(affected, MOST_NAMES)
}

/** The same in numbers and words of ours alone, without a full stop. */
export function affectedCounts(affected: Joint): string {
  return affectedLine(affected, 0).slice(0, -1)
}

function affectedLine(affected: Joint, most: number): string {
  const { allFirstParty, thirdPartyByDefault, defaultAudience, verifiers } = affected
  const parts = [
    ...applicationsPart(affected, most),
    ...(allFirstParty ? ['first-party applications need no grant'] : []),
    ...(thirdPartyByDefault ? ['third-party applications have a grant by default'] : []),
    ...(defaultAudience === true ? ['it is the default audience'] : []),
    ...(verifiers ? ['services that check its tokens are hit, too'] : []),
  ]
  const unknown = unknownText(affected)
  if (affected.total === null && parts.length === 1) return `Which applications it hits is not known: ${unknown}.`
  return `Hits ${parts.join('; ')}.${unknown === '' ? '' : ` Not known: ${unknown}.`}`
}

function applicationsPart({ applications, total, unknown, isCut }: Joint, most: number): readonly string[] {
  if (total === null) return ['an unknown number of applications']
  const isAtLeast = isCut === true || unknown.some(({ what }) => what === 'grants')
  const isAtMost = !isAtLeast && unknown.some(({ what }) => what === 'applications')
  if (total === 0) return ['no known application']
  const hasNames = applications.length > 0 && most > 0
  const named = hasNames ? `: ${firstNames(applications.map(applicationName), most, total)}` : ''
  return [`${isAtLeast ? 'at least ' : isAtMost ? 'up to ' : ''}${plural(total, 'application')}${named}`]
}

/** What could not be learnt, and what would tell; empty where nothing. */
function unknownText({ unknown }: Pick<Affected, 'unknown'>): string {
  return unknown
    .map(
      ({ what, because }) => `${UNKNOWN[what]} (${because === 'no-scope' ? `needs ${SCOPE[what]}` : BECAUSE[because]})`,
    )
    .join(', ')
}

/** One line for each application that is named, and how many more there are. Printable. */
export function applicationTexts({ applications, total }: Affected, most = Infinity): readonly string[] {
  const shown = applications.slice(0, most)
  const more = (total ?? 0) - shown.length
  return [
    ...shown.map(
      (application) => `${applicationName(application)}${clientIdText(application)}: ${WHY[application.why]}`,
    ),
    ...(more > 0 ? [`and ${plural(more, 'more application')}`] : []),
  ]
}

function applicationName({ name, client_id }: AffectedApplication): string {
  return showName(name ?? client_id)
}

function clientIdText({ name, client_id }: AffectedApplication): string {
  return name === null ? '' : ` (${showName(client_id)})`
}

/** Whom findings hit together; null where nobody asked. */
export function affectedTogether(findings: readonly { readonly affected?: Affected }[]): Joint | null {
  const each = findings.flatMap(({ affected }) => affected ?? [])
  return each.length === 0 ? null : jointAffected(each)
}

/** Whom several differences hit together. Where not all are named, nobody can say how many of them are the same: then `total` is what it is at least. */
export function jointAffected(all: readonly Affected[]): Joint {
  const [first, ...others] = all
  if (first !== undefined && others.length === 0) return first
  const named = new Map(all.flatMap(({ applications }) => applications.map((each) => [each.client_id, each] as const)))
  const isCut = all.some(({ applications, total }) => (total ?? 0) > applications.length)
  const unknown = new Map(all.flatMap((each) => each.unknown.map((entry) => [entry.what, entry] as const)))
  return {
    applications: [...named.values()],
    total: all.every(({ total }) => total === null)
      ? null
      : Math.max(named.size, ...all.map(({ total }) => total ?? 0)),
    allFirstParty: all.some(({ allFirstParty }) => allFirstParty),
    thirdPartyByDefault: all.some(({ thirdPartyByDefault }) => thirdPartyByDefault),
    defaultAudience: all.some(({ defaultAudience }) => defaultAudience === true)
      ? true
      : all.some(({ defaultAudience }) => defaultAudience === null)
        ? null
        : false,
    verifiers: all.some(({ verifiers }) => verifiers),
    unknown: [...unknown.values()],
    ...(isCut && { isCut }),
  }
}
