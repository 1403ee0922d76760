import type { RepairPlan } from '../schema/repair.ts'
import { renderScript } from './render-script.ts'
import { renderText } from './render-text.ts'

export { invert } from './invert.ts'
export { makeRepairPlan } from './make-plan.ts'
export type { ApiSides } from './plan-api.ts'
export { shellArgument } from './shell.ts'

/** Every format of a plan, with one sentence for people. */
export const REPAIR_FORMATS = {
  text: 'For people: what is put back, what that does, and what is left out.',
  json: 'The whole plan, for programs; its JSON Schema is `tenant-drift schema repair`.',
  sh: 'A script of bash that carries it out with curl and jq.',
  auth0: 'The same script with the Auth0 CLI in place of curl.',
} as const satisfies Readonly<Record<string, string>>

export type RepairFormat = keyof typeof REPAIR_FORMATS

export function renderPlan(format: RepairFormat, plan: RepairPlan): string {
  switch (format) {
    case 'text':
      return renderText(plan)
    case 'json':
      return `${JSON.stringify(plan, null, 2)}\n`
    case 'sh':
    case 'auth0':
      return renderScript(plan, format)
  }
}
