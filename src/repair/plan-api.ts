import type { JudgedFinding } from '../compare/front.ts'
import type { DeclaredApi } from '../schema/declared.ts'
import { compareSeverity, HIDDEN, isHidden, type Shown } from '../schema/finding.ts'
import { byCodeUnits, fromEntries, own, type Json, type JsonObject } from '../schema/json.ts'
import { parsePath, type Path } from '../schema/path.ts'
import type { ApiRepair, Elsewhere, Inverse, PatchPlan, Repair, FieldStanding } from '../schema/repair.ts'
import { mutableOf } from '../schema/system-apis.ts'
import { catalogueTree, type RowNode } from '../schema/tree.ts'
import { changeField, whyImmutable, type SentChange } from './change-field.ts'
import { whyNotDone, whyNotPutBack, type RepairWishes } from './left-out.ts'
import { keptByText, type AlsoTold } from './told.ts'
import { formsOnce, judgeWayBack, type WayBack } from './way-back.ts'

/** One live API, and what code and base say of it. */
export interface RepairSides {
  readonly identifier: string
  readonly declared: DeclaredApi | null
  readonly base: JsonObject | null
  readonly live: JsonObject
}

export interface PlanContext extends RepairWishes {
  /** Identifier of the Management API, where the reading knows it. */
  readonly management: string | null
  readonly lifetimeCeiling?: number | undefined
  /** The environment variable that holds the signing secret of an API. */
  readonly variableOf: (api: RepairSides) => string
  /** Whether a text that no output may hold stands in it. */
  readonly holdsSecret: (value: Json) => boolean
  /** What the check learned beside a difference. */
  readonly alsoTold: (finding: JudgedFinding) => AlsoTold
  /** What else declares the place of a finding, and how that is put back there. */
  readonly elsewhereOf: (finding: JudgedFinding) => Elsewhere | null
}

/** A finding that is not taken, and why, or what there is to do instead. */
export interface Left {
  readonly finding: JudgedFinding
  readonly why: string
}

export interface ApiPlan {
  /** Null where nothing is left to be put back. */
  readonly repair: ApiRepair | null
  readonly left: readonly Left[]
}

/** One finding, and what is to stand at its place. */
interface PlanStep {
  readonly finding: JudgedFinding
  readonly path: Path
  readonly node: RowNode
  readonly wanted: Json | undefined
}

function isSecretPlace({ node }: PlanStep): boolean {
  return node.row.compare === 'secret'
}

/** Plans the one PATCH of an API. What may not be put back is left out, and what remains is judged again as long as that changes anything. */
export function planApi(sides: RepairSides, findings: readonly JudgedFinding[], context: PlanContext): ApiPlan {
  const left: Left[] = []
  let steps: readonly PlanStep[] = findings.flatMap((finding): readonly PlanStep[] => {
    const step = toStep(finding, sides, context)
    if (!('why' in step)) return [step]
    left.push({ finding, why: step.why })
    return []
  })
  for (;;) {
    const { done, refused } = attemptSteps(sides, steps, context)
    if (refused.size === 0) return { repair: done.length === 0 ? null : repairOf(sides, done, context), left }
    left.push(...[...refused].map(([{ finding }, why]) => ({ finding, why })))
    steps = steps.filter((step) => !refused.has(step))
  }
}

const NO_ID = 'the id of this API in the tenant cannot be used in the path of a request'

function toStep(
  finding: JudgedFinding,
  { identifier, declared, live }: RepairSides,
  context: PlanContext,
): PlanStep | { why: string } {
  const why = whyNotPutBack(finding, context)
  if (why !== null) return { why }
  if (typeof live.id !== 'string' || !/^[0-9a-f]{24}$/.test(live.id)) return { why: NO_ID }
  if (context.holdsSecret(identifier)) return { why: HIDDEN_VALUE }
  const path = parsePath(finding.path) ?? [finding.path]
  const [field = ''] = path
  const node = catalogueTree().get(field)
  if (node === undefined) return { why: 'this version does not know the field' }
  const isSaid = finding.kind === 'changed' && declared !== null && Object.hasOwn(declared.values, field)
  const shown: Shown | undefined = isSaid ? finding.declared : finding.base
  if (node.row.compare !== 'secret')
    return isHidden(shown) ? { why: HIDDEN_VALUE } : { finding, path, node, wanted: shown ?? undefined }
  if (shown === undefined || shown === null) return { why: 'a PATCH cannot take a signing secret away' }
  return { finding, path, node, wanted: undefined }
}

const HIDDEN_VALUE = 'its value is a secret, and no plan holds one'

interface DoneStep {
  readonly step: PlanStep
  readonly way: WayBack
  /** Null for a secret. */
  readonly change: SentChange | null
}

/** Builds every field of these steps and judges what the whole does; the steps that may not be in it, each with its reason. */
function attemptSteps(
  sides: RepairSides,
  steps: readonly PlanStep[],
  context: PlanContext,
): { readonly done: readonly DoneStep[]; readonly refused: ReadonlyMap<PlanStep, string> } {
  const { live } = sides
  const refused = new Map<PlanStep, string>()
  const mutable = mutableOf(live, context.management)
  const changes = new Map<RowNode, SentChange>()
  for (const [node, ofField] of Map.groupBy(steps, ({ node: each }) => each)) {
    const keys = [own(sides.declared?.values, node.key), own(sides.base ?? undefined, node.key)]
    const change = ofField.some(isSecretPlace) ? null : changeField({ node, live, mutable, keys }, ofField)
    const why = change === null ? whyImmutable(node, mutable, ofField) : whyNotSent(change, context)
    if (why !== null) for (const step of ofField) refused.set(step, why)
    else if (change !== null && !('why' in change)) changes.set(node, change)
  }
  const after = [...changes.values()].reduce((api, change) => standingWith(api, change.after), live)
  const formOf = formsOnce()
  const done = steps.flatMap((step): readonly DoneStep[] => {
    if (refused.has(step)) return []
    const way = judgeWayBack(step.finding, step.path, live, after, formOf, context.lifetimeCeiling)
    const change = changes.get(step.node) ?? null
    const lost = lostOf(change)
    const why = whyNotDone({ ...way, lost }, context)
    if (why === null) return [{ step, way, change }]
    refused.set(step, why)
    return []
  })
  return { done, refused }
}

function whyNotSent(change: SentChange | { readonly why: string }, { holdsSecret }: PlanContext): string | null {
  if ('why' in change) return change.why
  return holdsSecret([change.sent, change.before.value ?? null]) ? HIDDEN_VALUE : null
}

const SECRET_LOST = 'the tenant never returns the old signing secret'

function lostOf(change: SentChange | null): string | null {
  if (change === null) return SECRET_LOST
  return 'lost' in change.back ? change.back.lost : null
}

function standingWith(api: JsonObject, { field, value }: FieldStanding): JsonObject {
  const { [field]: _before, ...others } = api
  return value === undefined ? others : { ...others, [field]: value }
}

function repairOf(sides: RepairSides, done: readonly DoneStep[], context: PlanContext): ApiRepair {
  const { live, identifier } = sides
  const changes = new Map(
    done.flatMap(({ step, change }) => (change === null ? [] : [[step.node.key, change] as const])),
  )
  const secret = done.find(({ step }) => isSecretPlace(step))?.step.node.key
  const patch: PatchPlan = {
    body: fromEntries([...changes].map(([field, { sent }]) => [field, sent] as const)),
    secrets: secret === undefined ? {} : { [secret]: context.variableOf(sides) },
    before: [...changes.values()].map(({ before }) => before),
    after: [...changes.values()].map(({ after }) => after),
  }
  return {
    identifier,
    id: live.id as string,
    name: typeof live.name === 'string' ? live.name : null,
    repairs: done.map((each) => toRepair(each, context)).toSorted(byEffect),
    patch,
    inverse: inverseOf(changes, secret),
    elsewhere: distinct(done.flatMap(({ step }) => context.elsewhereOf(step.finding) ?? [])),
  }
}

function inverseOf(changes: ReadonlyMap<string, SentChange>, secret: string | undefined): Inverse {
  const lost: { field: string; why: string }[] = secret === undefined ? [] : [{ field: secret, why: SECRET_LOST }]
  const body: [string, Json][] = []
  const [before, after]: [FieldStanding[], FieldStanding[]] = [[], []]
  for (const [field, { back, after: stands }] of changes) {
    if ('lost' in back) {
      lost.push({ field, why: back.lost })
      continue
    }
    body.push([field, back.sent])
    before.push(stands)
    after.push(back.after)
  }
  return { patch: body.length === 0 ? null : { body: fromEntries(body), secrets: {}, before, after }, lost }
}

function toRepair({ step, way }: DoneStep, { alsoTold }: PlanContext): Repair {
  const { finding, wanted } = step
  const { fingerprint, kind, path, severity, live } = finding
  const told = alsoTold(finding)
  return {
    fingerprint,
    kind,
    path,
    severity,
    ...(live === undefined ? {} : { live }),
    ...(isSecretPlace(step) ? { wanted: HIDDEN } : wanted === undefined ? {} : { wanted }),
    becomes: way.becomes,
    breaks: way.breaks,
    says: way.says,
    warnings: [keptByText(told), way.leaves].filter((text) => text !== null),
    ...(told.affected === undefined ? {} : { affected: told.affected }),
  }
}

const RANKS: Readonly<Record<Repair['becomes'], number>> = { safer: 0, neither: 1, 'less-safe': 2 }

function byEffect(a: Repair, b: Repair): number {
  return RANKS[a.becomes] - RANKS[b.becomes] || compareSeverity(b.severity, a.severity) || byCodeUnits(a.path, b.path)
}

function distinct(all: readonly Elsewhere[]): readonly Elsewhere[] {
  return [...new Map(all.map((each) => [each.command, each])).values()]
}
