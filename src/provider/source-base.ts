import type { DeclaredState } from '../schema/declared.ts'
import { declarationMistake } from '../schema/errors.ts'
import type { JsonObject } from '../schema/json.ts'
import { otherTenant } from '../schema/other-tenant.ts'
import type { EngineRun } from './engine-run.ts'
import { textsOf } from './text-inputs.ts'

/** The base that the inputs of a check name, or TENANT_DRIFT_BASE. @throws MistakesError where it was declared for another tenant, of which it says nothing here */
export async function sourceBase(
  session: EngineRun,
  inputs: JsonObject,
  variables: Readonly<Record<string, string>>,
  tenant: string,
): Promise<DeclaredState | null> {
  const base = await session.base(textsOf(inputs.base), variables)
  const other = otherTenant('base', base?.tenant ?? null, tenant)
  if (other !== null) throw declarationMistake(`${other}; see the input base and TENANT_DRIFT_BASE`)
  return base
}
