import { liveApis, type JudgedFinding, type RunJudgement } from '../compare/front.ts'
import { invert, makeRepairPlan, renderPlan, type AlsoTold, type RepairSides } from '../repair/front.ts'
import { PLAN_FORMATS, type PlanFormat } from '../schema/output-formats.ts'
import type { RepairPlan } from '../schema/repair.ts'
import type { Writing } from '../words/hide-rendered.ts'
import { moreToAsk } from './ask-more.ts'
import { askedFor } from './asked-for.ts'
import type { Io } from './io.ts'
import { lookAtTenant, takenAt, type ComparedTenant, type TenantLook } from './look.ts'
import { judgeCompared } from './make-report.ts'
import { oneTenant } from './one-tenant.ts'
import { writeInto } from './outputs.ts'
import { parseOutputsOf, outputPlaces, type Output } from './parse-outputs.ts'
import { makePlan, sourcesFrom, type Flags, type TenantPlan } from './plan.ts'
import { createProgress } from './progress.ts'
import { repairElsewhere } from './repair-elsewhere.ts'
import { secretVariables } from './secret-variable.ts'
import { ownVersion } from './version.ts'

export interface RepairFlags extends Omit<Flags, 'output'> {
  readonly only?: readonly string[]
  readonly acceptWeakened?: boolean
  readonly includeBreaking?: boolean
  readonly inverse?: boolean
  readonly output?: readonly string[]
}

const REPAIR_FORMATS = Object.keys(PLAN_FORMATS) as readonly PlanFormat[]
const WRITINGS = { text: 'text', json: 'json', sh: 'rendered', auth0: 'rendered' } as const satisfies Readonly<
  Record<PlanFormat, Writing>
>

/**
 * `tenant-drift repair`: prints what would put the tenant back, and sends nothing but the questions of a check. 0 where the plan holds all that counts (or all
 * that was named), 2 where some of it is left out, 1 where something could not be read.
 */
export async function repair(flags: RepairFlags, io: Io): Promise<number> {
  const { only = [], acceptWeakened = false, includeBreaking = false, inverse = false, output, ...rest } = flags
  const plan = await makePlan(rest, io)
  const tenant = oneTenant(plan)
  const written = { value: output ?? ['text'], origin: 'flag --output', folder: io.cwd }
  const outputs = parseOutputsOf(REPAIR_FORMATS, written, [tenant])
  const places = outputPlaces(outputs, [tenant])
  if (places.length > 0) {
    const { refuseInputs } = await import('./refuse-inputs.ts')
    await refuseInputs(places, plan, io)
  }
  const progress = createProgress(io, plan.settings.quiet.value)
  const readAt = new Date(io.now()).toISOString()
  const look = await lookAtTenant(plan, tenant, io, progress, moreToAsk(tenant, null, io))
  for (const { message } of look.errors) io.err(`error: ${message}\n`)
  if (look.compared === null) return 1
  const judged = judgeCompared(look.compared, tenant, io)
  const sources = sourcesFrom(tenant.settings.declared, plan.root, tenant)
  const asked = { only, acceptWeakened, includeBreaking, readAt, sources }
  const made = await repairPlanOf(look, look.compared, judged, asked, tenant, io)
  // Before words are made of it: half a secret is not found any more. No body holds one.
  const shown = io.secrets.hider().hideJson(inverse ? invert(made, countingIn(judged)) : made)
  return (await writePlan(shown, outputs, tenant, io)) ? shown.exitCode : 1
}

function countingIn({ findings }: RunJudgement): ReadonlySet<string> {
  return new Set(findings.filter(({ counts }) => counts).map(({ fingerprint }) => fingerprint))
}

interface RepairRequest {
  readonly only: readonly string[]
  readonly acceptWeakened: boolean
  readonly includeBreaking: boolean
  readonly readAt: string
  /** What is declared, as it is read. */
  readonly sources: readonly string[]
}

async function repairPlanOf(
  look: TenantLook,
  compared: ComparedTenant,
  judged: RunJudgement,
  { only, acceptWeakened, includeBreaking, readAt, sources }: RepairRequest,
  tenant: TenantPlan,
  io: Io,
): Promise<RepairPlan> {
  const hider = io.secrets.hider()
  const findings = askedFor(only, judged)
  const variables = await secretVariables(compared, findings, io.env)
  return makeRepairPlan({
    isNamed: only.length > 0,
    acceptWeakened,
    includeBreaking,
    findings,
    sidesOf: sidesIn(compared),
    management: look.proof?.canary?.identifier ?? null,
    lifetimeCeiling: tenant.settings.lifetimeCeiling.value,
    variableOf: ({ identifier }) => variables.get(identifier) ?? '',
    holdsSecret: (value) => hider.count(JSON.stringify(value)) > 0,
    elsewhereOf: (finding) => repairElsewhere(compared, finding, sources),
    alsoTold: alsoToldIn(look),
    hasErrors: look.errors.length > 0,
    head: {
      tool: { name: 'tenant-drift', version: ownVersion() },
      generatedAt: new Date(io.now()).toISOString(),
      tenant: look.address ?? '',
      name: tenant.name,
      readAt: takenAt(look) ?? readAt,
    },
  })
}

/** What was learned beside the comparison, by fingerprint: only some runs ask for it. */
function alsoToldIn(look: TenantLook): (finding: JudgedFinding) => AlsoTold {
  const { who, affected } = look
  return ({ fingerprint }) => ({ changedBy: who?.get(fingerprint), affected: affected?.get(fingerprint) })
}

/** The sides of a live API by its identifier; null for one that was not read. */
function sidesIn({ input }: ComparedTenant): (identifier: string) => RepairSides | null {
  const { declared, base } = input
  const apis = liveApis(input)
  const declares = new Map(declared.apis.map((api) => [api.identifier, api]))
  const based = new Map((base?.apis ?? []).map((api) => [api.identifier, api.values]))
  return (identifier) => {
    const live = apis.get(identifier)
    if (live === undefined) return null
    return { identifier, live, declared: declares.get(identifier) ?? null, base: based.get(identifier) ?? null }
  }
}

/** False where one could not be written; the others are there all the same. */
async function writePlan(
  plan: RepairPlan,
  outputs: readonly Output<PlanFormat>[],
  tenant: TenantPlan,
  io: Io,
): Promise<boolean> {
  let areWritten = true
  for (const { format, file } of outputs) {
    const text = renderPlan(format, plan)
    if (file === null) io.out(text, WRITINGS[format])
    else areWritten = (await writeInto(file, tenant, text, WRITINGS[format], io)) && areWritten
  }
  return areWritten
}
