import type { ApiRepair, RepairPlan } from '../schema/repair.ts'

/** The plan that undoes another one. What cannot come back of an API stays named; 2 where that is anything. */
export function invert(plan: RepairPlan): RepairPlan {
  const apis = plan.apis.flatMap((api): readonly ApiRepair[] =>
    api.inverse.patch === null
      ? []
      : [{ ...api, patch: api.inverse.patch, inverse: { patch: api.patch, lost: api.inverse.lost } }],
  )
  const isWhole = plan.apis.every(({ inverse }) => inverse.lost.length === 0)
  return { ...plan, way: 'inverse', apis, exitCode: plan.exitCode === 0 && !isWhole ? 2 : plan.exitCode }
}
