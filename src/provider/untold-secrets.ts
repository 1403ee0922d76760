import { SIGNING_SECRET, withoutSecretKey } from '../schema/secret-field.ts'
import { matchRules, wordsOf, type Includes, type Sides } from '../compare/front.ts'
import type { Agreed } from '../declared/agreed.ts'
import { withValues, type DeclaredApi, type DeclaredState } from '../schema/declared.ts'
import { HIDDEN } from '../schema/finding.ts'
import { asJsonObject, isJsonObject, own, type JsonObject } from '../schema/json.ts'
import type { AcceptedEntry, DriftEntry } from '../schema/observed.ts'
import { SECRET_NOT_KEPT } from '../schema/secret-digest.ts'
import type { CheckRequest } from './observe.ts'
import { withSeen } from './entries.ts'

export const UNTOLD_SECRETS =
  'this run does not know the declared signing secrets, so they are not compared; after the next pulumi up a refresh compares them, too'

/** The sides without the signing secrets of which the state only says that there are some, and the APIs that have one, among those that are looked at. */
export function withoutUntoldSecrets(sides: Sides, includes: Includes | null): [Sides, ReadonlySet<string>] {
  const { declared, base } = sides
  const isUntold = ({ identifier, values }: DeclaredApi): boolean =>
    own(values, SIGNING_SECRET) === SECRET_NOT_KEPT && includes?.(identifier) !== false
  const untold = new Set(declared.apis.filter(isUntold).map((api) => api.identifier))
  if (untold.size === 0) return [sides, untold]
  const without = (state: DeclaredState): DeclaredState => ({
    ...state,
    apis: state.apis.map((api) => (untold.has(api.identifier) ? withValues(api, withoutSecretKey(api.values)) : api)),
  })
  const told = base === null ? null : without(base)
  return [{ ...sides, declared: without(declared), base: told }, untold]
}

/** What is said of a secret that nobody can compare here: neither in sync nor different. */
export const UNREADABLE_SECRET: DriftEntry = {
  kind: 'unreadable',
  origin: null,
  direction: 'neutral',
  severity: 'high',
  code: 'secret_unreadable',
}

/**
 * A secret that cannot be compared now is unreadable. Where the state holds a difference there, that stands: it was not mended as far as anybody
 * knows. Whether it is accepted is asked anew.
 */
export function storedSecrets(
  look: CheckRequest,
  untold: ReadonlySet<string>,
  agreed: Agreed,
  today: string,
): {
  readonly standing: Readonly<Record<string, DriftEntry>>
  readonly accepted: Readonly<Record<string, AcceptedEntry>>
} {
  const standing = new Map<string, DriftEntry>()
  const accepted = new Map<string, AcceptedEntry>()
  const { drift = {}, observed = {} } = look.stored ?? {}
  for (const identifier of untold) {
    const known = secretIn(drift, identifier) ?? secretIn(asJsonObject(observed.accepted), identifier)
    if (known === undefined) {
      standing.set(identifier, UNREADABLE_SECRET)
      continue
    }
    const { seen: _count, reason: _reason, owner: _owner, expires: _expires, ...difference } = known
    const entry = difference as unknown as DriftEntry
    const finding = { kind: entry.kind, origin: entry.origin, identifier, path: SIGNING_SECRET, live: HIDDEN }
    const rule = matchRules([finding], agreed.rules, today).get(finding)
    if (rule === undefined) standing.set(identifier, withSeen(entry, known, look.step))
    else accepted.set(identifier, { ...entry, ...wordsOf(rule) })
  }
  // By entries: an identifier may be called `__proto__`.
  return { standing: Object.fromEntries(standing), accepted: Object.fromEntries(accepted) }
}

function secretIn(part: JsonObject, identifier: string): JsonObject | undefined {
  const entry = own(asJsonObject(own(part, identifier)), SIGNING_SECRET)
  return isJsonObject(entry) ? entry : undefined
}

/** The entries of many APIs, with these for their secrets. */
export function withSecretEntries<T>(
  part: Readonly<Record<string, Readonly<Record<string, T>>>>,
  secrets: Readonly<Record<string, T>>,
): Readonly<Record<string, Readonly<Record<string, T>>>> {
  const more = Object.entries(secrets).map(
    ([name, entry]) => [name, { ...own(part, name), signing_secret: entry }] as const,
  )
  return more.length === 0 ? part : { ...part, ...Object.fromEntries(more) }
}
