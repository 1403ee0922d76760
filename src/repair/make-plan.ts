import type { JudgedFinding } from '../compare/front.ts'
import { compareSeverity } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { ApiRepair, LeftOut, RepairPlan } from '../schema/repair.ts'
import { whyNotPutBack } from './left-out.ts'
import { planApi, type RepairSides, type Left, type PlanContext } from './plan-api.ts'

export interface PlanInput extends PlanContext {
  /** What is asked for: what counts, or what was named. */
  readonly findings: readonly JudgedFinding[]
  /** Null for an API that was not read. */
  readonly sidesOf: (identifier: string) => RepairSides | null
  /** Something could not be read. */
  readonly hasErrors: boolean
  readonly head: Pick<RepairPlan, 'tool' | 'generatedAt' | 'tenant' | 'name' | 'readAt'>
}

/**
 * The way back: for each API the one PATCH that puts right what is asked for, and each finding that it does not. 0 where it holds all that was asked for, 2 where
 * some of it is left out, 1 where something could not be read.
 */
export function makeRepairPlan(input: PlanInput): RepairPlan {
  const apis: ApiRepair[] = []
  const left: Left[] = []
  for (const [identifier, findings] of Map.groupBy(input.findings, (finding) => finding.identifier)) {
    const sides = identifier === null ? null : input.sidesOf(identifier)
    if (sides === null) {
      const why = (finding: JudgedFinding) => whyNotPutBack(finding, input) ?? 'the tenant was not read'
      left.push(...findings.map((finding) => ({ finding, why: why(finding) })))
    } else {
      const plan = planApi(sides, findings, input)
      if (plan.repair !== null) apis.push(plan.repair)
      left.push(...plan.left)
    }
  }
  const isUnreadable = input.hasErrors || left.some(({ finding }) => finding.kind === 'unreadable')
  return {
    schemaVersion: 1,
    ...input.head,
    way: 'repair',
    exitCode: isUnreadable ? 1 : left.length > 0 ? 2 : 0,
    apis: apis.toSorted(byUrgency),
    leftOut: left.map(toLeftOut).toSorted(compareLeftOut),
  }
}

function toLeftOut({ finding, why }: Left): LeftOut {
  const { fingerprint, kind, identifier, path, severity, counts } = finding
  return { fingerprint, kind, identifier, path, severity, counts, why }
}

/** What became less safe in the tenant comes first, the gravest before the others. */
function byUrgency(a: ApiRepair, b: ApiRepair): number {
  const [first, second] = [gravest(a), gravest(b)]
  const isSafer = (api: ApiRepair) => Number(api.repairs.some(({ becomes }) => becomes === 'safer'))
  return isSafer(b) - isSafer(a) || compareSeverity(second, first) || byCodeUnits(a.identifier, b.identifier)
}

function gravest({ repairs }: ApiRepair) {
  const safer = repairs.filter(({ becomes }) => becomes === 'safer')
  const among = safer.length === 0 ? repairs : safer
  return among.map(({ severity }) => severity).reduce((a, b) => (compareSeverity(a, b) >= 0 ? a : b))
}

/** The gravest first. */
export function compareLeftOut(a: LeftOut, b: LeftOut): number {
  return (
    compareSeverity(b.severity, a.severity) ||
    byCodeUnits(a.identifier ?? '', b.identifier ?? '') ||
    byCodeUnits(a.path, b.path) ||
    byCodeUnits(a.kind, b.kind)
  )
}
