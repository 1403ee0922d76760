import { isJsonObject, memberOf, own, type JsonObject } from '../schema/json.ts'
import type { Finding } from '../schema/finding.ts'
import { systemKind } from '../schema/system-apis.ts'

/** Who gets tokens for an API, as it stands; of a difference in that itself, on either side of it. */
export interface Access {
  readonly identifier: string
  /** Applications that act for users need no grant. */
  readonly isOpen: boolean
  /** Somebody with a grant loses it all the same, or gains by it. */
  readonly loses: boolean
  /** Subjects of grants for which all are denied. */
  readonly denied: ReadonlySet<string>
  readonly isSystem: boolean
  /** Whether proof of possession is asked of applications that keep no secret (true), or that keep one. */
  readonly proves: (isPublic: boolean) => boolean
}

/** What an absent policy means. */
const DEFAULTS = { user: 'allow_all', client: 'require_client_grant', anonymous_user: 'deny_all' } as const
type AccessSubject = keyof typeof DEFAULTS

export function accessOf(
  { identifier, path, declared, base, live }: Pick<Finding, 'identifier' | 'path' | 'declared' | 'base' | 'live'>,
  api: JsonObject | undefined,
): Access {
  const policies = (subject: AccessSubject): readonly unknown[] => {
    const stands = accessPolicy(api, subject)
    if (path !== `subject_type_authorization.${subject}.policy`) return [stands]
    return [live ?? stands, declared ?? base ?? DEFAULTS[subject]]
  }
  const user = policies('user')
  const denied = (Object.keys(DEFAULTS) as AccessSubject[]).filter((subject) =>
    policies(subject).every((policy) => policy === 'deny_all'),
  )
  return {
    identifier: identifier ?? '',
    isOpen: user.includes('allow_all'),
    loses: user.includes('deny_all'),
    denied: new Set(denied),
    isSystem: api !== undefined && systemKind(api) !== null,
    proves: askedOf(path, { declared: declared ?? base, live }, api),
  }
}

function accessPolicy(api: JsonObject | undefined, subject: AccessSubject): unknown {
  const access = own(api, 'subject_type_authorization')
  return memberOf(memberOf(access, subject), 'policy') ?? DEFAULTS[subject]
}

/** `required_for` of either side: of a difference in it, those for whom the sides differ. */
function askedOf(
  path: string,
  sides: { readonly declared: unknown; readonly live: unknown },
  api: JsonObject | undefined,
): (isPublic: boolean) => boolean {
  if (path === 'proof_of_possession.required_for') return (isPublic) => !isPublic
  const whole = path === 'proof_of_possession' ? [sides.declared, sides.live] : [own(api, 'proof_of_possession')]
  const asked = whole.filter((value) => isJsonObject(value) && own(value, 'mechanism') !== 'none')
  const isPublicAlone =
    asked.length > 0 && asked.every((value) => isJsonObject(value) && own(value, 'required_for') === 'public_clients')
  return (isPublic) => isPublic || !isPublicAlone
}
