import type { JsonObject } from '../../src/schema/json.ts'
import type { PatchPlan, RepairPlan } from '../../src/schema/repair.ts'
import type { Simulator } from '../../src/simulator/front.ts'

/** What the tenant said to one PATCH of a plan. */
export interface Answered {
  readonly identifier: string
  readonly status: number
}

/** Sends the PATCHes of a plan, as whoever may write would: one for each API that has one. */
export async function apply(
  tenant: Simulator,
  plan: RepairPlan,
  way: 'repair' | 'inverse',
  secrets: Readonly<Record<string, string>> = {},
): Promise<readonly Answered[]> {
  const answers: Answered[] = []
  for (const { id, identifier, patch, inverse } of plan.apis) {
    const wanted = way === 'repair' ? patch : inverse.patch
    if (wanted === null) continue
    const answer = await fetch(`${tenant.url}/api/v2/resource-servers/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(wanted, secrets)),
    })
    await answer.arrayBuffer()
    answers.push({ identifier, status: answer.status })
  }
  return answers
}

function bodyOf({ body, secrets: names }: PatchPlan, secrets: Readonly<Record<string, string>>): JsonObject {
  return {
    ...body,
    ...Object.fromEntries(Object.entries(names).map(([field, name]) => [field, secrets[name] ?? ''] as const)),
  }
}
