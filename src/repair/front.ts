import type { PlanFormat } from '../schema/output-formats.ts'
import type { Json } from '../schema/json.ts'
import type { RepairPlan } from '../schema/repair.ts'
import { jsonText } from '../words/json-text.ts'
import { renderScript } from './render-script.ts'
import { renderPlanText } from './render-text.ts'

export { invert } from './invert.ts'
export { makeRepairPlan } from './make-plan.ts'
export type { RepairSides, Left } from './plan-api.ts'
export type { AlsoTold } from './told.ts'

export function renderPlan(format: PlanFormat, plan: RepairPlan): string {
  switch (format) {
    case 'text':
      return renderPlanText(plan)
    case 'json':
      return jsonText(plan as unknown as Json)
    case 'sh':
    case 'auth0':
      return renderScript(plan, format)
  }
}
