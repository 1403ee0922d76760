import { asJsonObject } from '../schema/json.ts'
import type { Observed } from '../schema/observed.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { tenantOfState, type CheckRequest } from './observe.ts'

/**
 * A look without what a state says of another tenant: the values that were applied there, the ids and the differences found there say nothing of
 * this one.
 */
export function onTenant(
  look: CheckRequest,
  tenant: string,
): {
  readonly look: CheckRequest
  readonly passedOver: Pick<Observed, 'stateTenant'>
  /** The inputs are those that a state has of another tenant. */
  readonly isForeign: boolean
  readonly notes: readonly string[]
} {
  const states = [look.stored?.observed ?? {}, asJsonObject(look.before?.observed)].map(tenantOfState)
  const isOther = (state: string | null | undefined): state is string =>
    typeof state === 'string' && !isSameTenant(state, tenant)
  const [stored, before] = states.map(isOther)
  const other = states.find(isOther)
  if (other === undefined) return { look, passedOver: {}, isForeign: false, notes: [] }
  return {
    look: { ...look, stored: stored ? null : look.stored, before: before ? null : look.before },
    passedOver: { stateTenant: other },
    isForeign: look.isFromState,
    notes: [`the state is of ${other}, so it is not used as a base here, and its findings are not continued`],
  }
}
