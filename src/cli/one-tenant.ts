import { configMistake } from '../schema/errors.ts'
import type { Plan, TenantPlan } from './plan.ts'

/**
 * The tenant of a command that works on one at a time.
 * @throws MistakesError `invalid_config`
 */
export function oneTenant({ tenants }: Plan): TenantPlan {
  const [tenant, ...others] = tenants
  if (tenant === undefined || others.length > 0)
    throw configMistake('several tenants are configured: choose one with --tenant')
  return tenant
}
