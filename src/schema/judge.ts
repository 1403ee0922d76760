import type { Direction, Impact, Severity } from './finding.ts'
import type { FieldChange, Judge, Judgement } from './field-row.ts'
import { isJsonObject, memberOf, own, type Json, type JsonObject } from './json.ts'
import { systemKind } from './system-apis.ts'

/** Severities: see docs/decisions on severity. critical: forge, replay or skip authorization; high: a control gone, or clients stopped. */
export function judged(direction: Direction, severity: Severity, impact: Impact | null = null): Judgement {
  return { direction, severity, impact }
}

export const always =
  (direction: Direction, severity: Severity, impact: Impact | null = null): Judge =>
  () =>
    judged(direction, severity, impact)

/** A switch whose `true` is the less safe side. */
export const riskySwitch =
  (on: Severity): Judge =>
  ({ live }) =>
    live === true ? judged('weakened', on) : judged('strengthened', 'low')

/** A switch whose `false` is the less safe side: on, callers that were not made for it break. */
export const safeSwitch =
  (off: Severity): Judge =>
  ({ live }) =>
    live === true ? judged('strengthened', 'low', 'breaks-clients') : judged('weakened', off)

export function lifetime({ declared, live, lifetimeCeiling }: FieldChange): Judgement {
  if (typeof declared !== 'number' || typeof live !== 'number') return judged('neutral', 'medium')
  if (live <= declared) return judged('strengthened', 'low')
  return judged('weakened', live > lifetimeCeiling ? 'high' : 'medium')
}

/** The value at `path` in a resource server; undefined where something on the way is absent or no object. */
export function valueAt(api: JsonObject, ...path: readonly string[]): Json | undefined {
  let value: Json | undefined = api
  for (const step of path) value = memberOf(value, step)
  return value
}

function userPolicy(api: JsonObject): Json {
  return valueAt(api, 'subject_type_authorization', 'user', 'policy') ?? 'allow_all'
}

function isRbacOn(api: JsonObject): boolean {
  return own(api, 'enforce_policies') === true
}

/** A scope that came or went; its description is a row of its own. */
export function judgeScope({ live, liveApi }: FieldChange): Judgement {
  if (live === undefined) return judged('strengthened', 'medium', 'breaks-clients')
  const anybodyMayAsk = !isRbacOn(liveApi) && userPolicy(liveApi) === 'allow_all'
  return judged('weakened', anybodyMayAsk ? 'high' : 'medium')
}

export function judgeSigningAlg({ declared, live }: FieldChange): Judgement {
  const isSymmetric = (alg: Json | undefined) =>
    typeof alg === 'string' && (alg.startsWith('HS') || alg.toLowerCase() === 'none')
  if (isSymmetric(live)) return isSymmetric(declared) ? judged('neutral', 'medium') : judged('weakened', 'critical')
  if (isSymmetric(declared)) return judged('strengthened', 'medium')
  if (declared === 'PS256' && typeof live === 'string' && live.startsWith('RS')) return judged('weakened', 'medium')
  return judged('neutral', 'medium')
}

export function judgeSigningSecret({ liveApi }: FieldChange): Judgement {
  const alg = own(liveApi, 'signing_alg')
  return typeof alg === 'string' && alg.startsWith('HS') ? judged('weakened', 'critical') : judged('neutral', 'low')
}

export function judgeEnforcePolicies({ live, liveApi }: FieldChange): Judgement {
  if (live === true) return judged('strengthened', 'low', 'breaks-clients')
  return judged('weakened', userPolicy(liveApi) === 'allow_all' ? 'critical' : 'high')
}

const DIALECTS: ReadonlySet<string> = new Set([
  'access_token',
  'access_token_authz',
  'rfc9068_profile',
  'rfc9068_profile_authz',
])

export function judgeTokenDialect({ declared, live, declaredApi, liveApi }: FieldChange): Judgement {
  const before = typeof declared === 'string' ? declared : 'access_token'
  const after = typeof live === 'string' ? live : 'access_token'
  const losesProfile = before.startsWith('rfc9068') && after.startsWith('access_token')
  const losesPermissions = before.endsWith('_authz') && !after.endsWith('_authz')
  if (losesPermissions && (isRbacOn(declaredApi) || isRbacOn(liveApi))) {
    return judged(losesProfile ? 'weakened' : 'neutral', 'high', 'breaks-clients')
  }
  if (losesProfile) return judged('weakened', 'medium')
  if (before.startsWith('access_token') && after.startsWith('rfc9068')) return judged('strengthened', 'low')
  const isKnown = DIALECTS.has(after) && DIALECTS.has(before)
  return judged('neutral', isKnown ? 'low' : 'medium')
}

export function judgeTokenEncryption({ live }: FieldChange): Judgement {
  return live === undefined ? judged('weakened', 'high') : judged('strengthened', 'medium', 'breaks-clients')
}

export function judgeAuthorizationDetail({ path, declared, live }: FieldChange): Judgement {
  const isWholeType = path.length <= 2
  if (!isWholeType) return judged('neutral', 'medium')
  if (live === undefined) return judged('neutral', 'medium', 'breaks-clients')
  return declared === undefined ? judged('weakened', 'medium') : judged('neutral', 'medium')
}

/** A claim that came or went; what it says is a row of its own. */
export function judgeCustomClaim({ live }: FieldChange): Judgement {
  return live === undefined ? judged('neutral', 'medium', 'breaks-clients') : judged('weakened', 'medium')
}

export function judgeProofOfPossession({ declared, live }: FieldChange): Judgement {
  const requires = (value: Json | undefined) => isJsonObject(value) && own(value, 'required') === true
  if (live === undefined) return judged('weakened', requires(declared) ? 'critical' : 'medium')
  return requires(live) ? judged('neutral', 'high', 'breaks-clients') : judged('strengthened', 'low')
}

export function judgePopRequired({ live }: FieldChange): Judgement {
  return live === true ? judged('neutral', 'high', 'breaks-clients') : judged('weakened', 'critical')
}

export function judgePopRequiredFor({ live, declaredApi, liveApi }: FieldChange): Judgement {
  const isRequired = [declaredApi, liveApi].some((api) => valueAt(api, 'proof_of_possession', 'required') === true)
  if (live === 'public_clients') return judged('weakened', isRequired ? 'high' : 'medium')
  if (live !== undefined && live !== 'all_clients') return judged('neutral', 'high')
  return isRequired ? judged('strengthened', 'high', 'breaks-clients') : judged('strengthened', 'low')
}

const OPENNESS: Readonly<Record<string, number>> = { deny_all: 0, require_client_grant: 1, allow_all: 2 }

function openness(policy: Json | undefined, whenAbsent: string): number | undefined {
  const value = policy ?? whenAbsent
  return typeof value === 'string' && Object.hasOwn(OPENNESS, value) ? OPENNESS[value] : undefined
}

/** Access of one kind of subject. `deny_all` < `require_client_grant` < `allow_all`; a value nobody knows may be anything. */
export const judgeAccess =
  (subject: 'user' | 'client' | 'anonymous_user', whenAbsent: string): Judge =>
  ({ declared, live, liveApi }) => {
    const before = openness(declared, whenAbsent)
    const after = openness(live, whenAbsent)
    if (before === undefined || after === undefined) return judged('neutral', 'high')
    if (after === 0) return judged('neutral', 'high', 'breaks-clients')
    if (after < before) return judged('strengthened', 'medium', 'breaks-clients')
    if (subject === 'anonymous_user') return judged('weakened', 'high')
    if (after < 2) return judged('weakened', 'medium')
    const system = systemKind(liveApi)
    const guardsAccounts = system === 'management' || system === 'my-account'
    return judged('weakened', guardsAccounts || !isRbacOn(liveApi) ? 'critical' : 'high')
  }

export function judgeAuthorizationPolicy({ declared, live }: FieldChange): Judgement {
  if (declared === undefined && live !== undefined) return judged('strengthened', 'medium')
  return judged('weakened', 'high')
}
