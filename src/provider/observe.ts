import { statusOfFailure } from '../run/front.ts'
import { TenantDriftError, MistakesError } from '../schema/errors.ts'
import { asJsonObject, type Json, type JsonObject } from '../schema/json.ts'
import { emptyObserved, type Drift, type Observed, type TenantDrift } from '../schema/observed.ts'
import type { AgreedScope, EngineRun } from './engine-run.ts'
import { withSeen } from './entries.ts'

/** What a check adds to its inputs. */
export interface Observation {
  readonly observed: Observed
  readonly drift: Drift | TenantDrift
}

/** What the state holds of an earlier check; null where it holds none. */
export interface Stored {
  readonly inputs: JsonObject
  readonly observed: JsonObject
  readonly drift: JsonObject
}

export function storedOf(olds: JsonObject): Stored | null {
  if (Object.keys(olds).length === 0) return null
  return { inputs: olds, observed: asJsonObject(olds.observed), drift: asJsonObject(olds.drift) }
}

/** The tenant that a state is of; null where it never knew one. */
export function tenantOfState({ tenant, stateTenant }: JsonObject): string | null {
  if (typeof tenant === 'string') return tenant
  return typeof stateTenant === 'string' ? stateTenant : null
}

/** 1 where the state holds what was seen before (`check`, `read`), 0 where the same operation looks again. */
export type SeenStep = 0 | 1

/** One look that is asked for. */
export interface CheckRequest {
  readonly inputs: JsonObject
  /** What was seen before: its counters go on. Null too where it was of another API. */
  readonly stored: Stored | null
  /** Inputs that were declared for this API when the code was last applied; null: what a source names, if any. */
  readonly before: JsonObject | null
  readonly step: SeenStep
  /** Look at the tenant as it is now, not at the reading that the run shares. */
  readonly fresh: boolean
  /** The inputs are those of the state (a refresh), not those of the program. */
  readonly isFromState: boolean
}

/** What a failure needs of a check: the state that its counter goes on from. */
type StoredLook = Pick<CheckRequest, 'stored' | 'step'>

/**
 * Nothing that a tenant or a file does may throw out of a check: the engine would stop at the first resource and print a stack. A bug of ours
 * still throws. `tenant`: null where it is not known yet.
 */
export async function observing(
  look: StoredLook,
  tenant: string | null,
  observe: () => Promise<Observation>,
): Promise<Observation> {
  try {
    return await observe()
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    return unsuccessful(look, tenant, statusOfFailure(error), error)
  }
}

/** Observes by what people agreed on for the tenant. What the configuration says wrong is a mistake in a file, as one in a declaration is. */
export function observingAgreed(
  session: EngineRun,
  look: CheckRequest,
  tenant: string,
  observe: (agreed: AgreedScope) => Promise<Observation>,
): Promise<Observation> {
  return observing(look, tenant, async () => {
    let agreed: AgreedScope
    try {
      agreed = await session.agreed(look.inputs.rules, tenant)
    } catch (error) {
      if (!(error instanceof MistakesError)) throw error
      return unsuccessful(look, tenant, 'invalid', error)
    }
    return observe(agreed)
  })
}

/** An observation without anything observed. Its counter keeps it visible for as long as it lasts, as with a drift. */
export function unsuccessful(
  { stored, step }: StoredLook,
  tenant: string | null,
  status: 'invalid' | 'unreadable',
  failure: Pick<TenantDriftError, 'code' | 'message' | 'advice'>,
): Observation {
  const acceptedId = stored?.observed.id
  const stateTenant = tenant === null ? tenantOfState(stored?.observed ?? {}) : null
  const { status: was, code: wasCode, seen } = stored?.observed ?? {}
  const before: Json | undefined =
    stored === null
      ? undefined
      : { status: was ?? null, code: wasCode ?? null, ...(seen === undefined ? {} : { seen }) }
  const counted = withSeen<{ status: string; code: string; seen?: number }>(
    { status, code: failure.code },
    before,
    step,
  )
  const observed: Observed = {
    ...emptyObserved(status),
    ...(tenant === null ? {} : { tenant }),
    ...(stateTenant === null ? {} : { stateTenant }),
    ...(typeof acceptedId === 'string' ? { id: acceptedId } : {}),
    code: failure.code,
    message: failure.message,
    advice: failure.advice,
    ...(counted.seen === undefined ? {} : { seen: counted.seen }),
  }
  return { observed, drift: {} }
}
