import { parsePath } from '../schema/path.ts'
import type { ApiRepair, LeftOut, RepairPlan } from '../schema/repair.ts'
import { compareLeftOut } from './make-plan.ts'

/**
 * The plan that undoes another one. What cannot come back is left out, each difference with its reason; 2 where that is anything. `counting`: fingerprints of
 * what counts in a check.
 */
export function invert(plan: RepairPlan, counting: ReadonlySet<string>): RepairPlan {
  const lost = plan.apis.flatMap((api) => lostIn(api, counting))
  const apis = plan.apis.flatMap((api): readonly ApiRepair[] => {
    const { patch, lost: fields } = api.inverse
    if (patch === null) return []
    const repairs = api.repairs.filter(({ path }) => whyLost(api, path) === undefined)
    return [{ ...api, repairs, patch, inverse: { patch: api.patch, lost: fields } }]
  })
  return {
    ...plan,
    way: 'inverse',
    apis,
    leftOut: [...plan.leftOut, ...lost].toSorted(compareLeftOut),
    exitCode: plan.exitCode === 0 && lost.length > 0 ? 2 : plan.exitCode,
  }
}

function lostIn(api: ApiRepair, counting: ReadonlySet<string>): readonly LeftOut[] {
  return api.repairs.flatMap(({ fingerprint, kind, path, severity }): readonly LeftOut[] => {
    const why = whyLost(api, path)
    if (why === undefined) return []
    const counts = counting.has(fingerprint)
    const { identifier } = api
    return [{ fingerprint, kind, identifier, path, severity, counts, why: `it cannot be restored, because ${why}` }]
  })
}

/** A field comes back whole or not at all. */
function whyLost({ inverse }: ApiRepair, path: string): string | undefined {
  const field = parsePath(path)?.[0]
  return inverse.lost.find((each) => each.field === field)?.why
}
