import { TenantDriftError, MistakesError } from '../schema/errors.ts'
import { asJsonObject, type Json, type JsonObject } from '../schema/json.ts'
import { emptyObserved, type Drift, type Observed, type TenantDrift } from '../schema/observed.ts'
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

/**
 * Nothing that a tenant or a file does may throw out of a check: the engine would stop at the first resource and print a stack. A bug of ours
 * still throws.
 */
export async function observing(
  stored: Stored | null,
  step: SeenStep,
  tenant: string | null,
  look: () => Promise<Observation>,
): Promise<Observation> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof TenantDriftError)) throw error
    return failed(stored, step, tenant, error)
  }
}

/** What the configuration says wrong is a mistake in a file, as one in a declaration is: `look` is given what it says right. */
export async function agreeing<T>(
  read: Promise<T>,
  stored: Stored | null,
  step: SeenStep,
  tenant: string,
  look: (agreed: T) => Promise<Observation>,
): Promise<Observation> {
  let agreed: T
  try {
    agreed = await read
  } catch (error) {
    if (!(error instanceof MistakesError)) throw error
    return unsuccessful(stored, step, tenant, 'invalid', error)
  }
  return look(agreed)
}

function failed(stored: Stored | null, step: SeenStep, tenant: string | null, error: TenantDriftError): Observation {
  const status = error instanceof MistakesError && error.code === 'invalid_declaration' ? 'invalid' : 'unreadable'
  return unsuccessful(stored, step, tenant, status, error)
}

/** An observation without anything observed. Its counter keeps it visible for as long as it lasts, as with a drift. */
export function unsuccessful(
  stored: Stored | null,
  step: SeenStep,
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
