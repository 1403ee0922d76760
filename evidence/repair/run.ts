import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { normalForm } from '../../src/compare/front.ts'
import { isJsonObject, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { parsePath } from '../../src/schema/path.ts'
import type { ApiRepair, RepairPlan } from '../../src/schema/repair.ts'
import type { ReportFinding } from '../../src/schema/report.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import type { Case } from '../corpus/case.ts'
import { direction } from '../corpus/mutated.ts'
import { check, inTenant } from '../runners/check.ts'
import { together, type Together } from '../runners/together.ts'
import { runProgram } from '../gate/run-program.ts'
import { runShipped } from '../shipped.ts'
import { apply } from './apply.ts'

export const REPAIR_MISTAKES = [
  'refused',
  'notPutBack',
  'wrongExitCode',
  'touchedMore',
  'lessSafe',
  'notUndone',
  'secretsTold',
] as const
export type RepairMistake = (typeof REPAIR_MISTAKES)[number]

/** How a plan is asked for. */
export const MODES = {
  'as it is': () => [],
  'with what can stop clients': () => ['--include-breaking'],
  'with all of it': () => ['--include-breaking', '--accept-weakened'],
  'with every difference named': (findings) => [
    '--accept-weakened',
    ...findings.flatMap(({ fingerprint }) => ['--only', fingerprint]),
  ],
} as const satisfies Readonly<Record<string, (findings: readonly ReportFinding[]) => readonly string[]>>
export type Mode = keyof typeof MODES

/** Only these may make anything less safe than it stands. */
const MAY_WEAKEN: ReadonlySet<Mode> = new Set(['with all of it', 'with every difference named'])

export interface RepairTally {
  readonly cases: number
  readonly plans: number
  readonly repairs: number
  readonly leftOut: number
  readonly lost: number
  readonly mistakes: Readonly<Record<RepairMistake, number>>
  /** How often each reason was given for leaving something out. */
  readonly reasons: Readonly<Record<string, number>>
  readonly lines: readonly string[]
}

interface Wrong {
  readonly mistake: RepairMistake
  readonly line: string
}

/** Who carries a plan out: its PATCHes as requests, or the script that is printed of it, in bash. */
export type Carrier = 'requests' | 'script'

export interface How {
  readonly by?: Carrier
  /** Spoils a plan before it is carried out, to see that this is noticed. */
  readonly spoil?: (plan: RepairPlan) => RepairPlan
}

/** Every case drifted, read, planned by the shipped command, put back by the plan, and undone by its inverse. */
export async function runRepair(cases: readonly Case[], mode: Mode, how: How = {}): Promise<RepairTally> {
  const tallies: RepairTally[] = []
  for (const group of together(cases)) tallies.push(await runGroup(group, mode, how))
  return tallies.reduce(add)
}

function runGroup(group: Together, mode: Mode, { by = 'requests', spoil = (plan) => plan }: How): Promise<RepairTally> {
  return inTenant(group.cases, async (tenant, folder) => {
    const sides = [
      '--declared',
      'declared.json',
      ...(group.hasBase ? ['--base', 'base.json'] : []),
      ...(group.hasRecorded ? ['--recorded', 'recorded.json'] : []),
    ]
    const before = await check(tenant, folder, sides)
    const drifted = new Map(tenant.list().map((api) => [api.identifier as string, api]))
    const { code, out, err } = await runShipped(
      [
        'repair',
        '--quiet',
        '--output',
        'json',
        '--output',
        'sh=fix.sh',
        ...sides,
        ...MODES[mode](before.report.findings),
      ],
      { cwd: folder, env: { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token } },
    )
    if (!out.startsWith('{')) throw new Error(`repair printed no plan:\n${err}`)
    const plan = spoil(JSON.parse(out) as RepairPlan)
    const script = readFileSync(join(folder, 'fix.sh'), 'utf8')
    const wrong: Wrong[] = secretsTold(group, [out, err, script, JSON.stringify(plan)])
    const carry = by === 'script' ? runScript : sendPatches
    wrong.push(...(await carry({ tenant, folder, plan, way: 'repair', secrets: secretsFor(plan, group.cases) })))
    const after = await check(tenant, folder, sides)
    wrong.push(...standing(plan, after.report.findings, before.report.findings))
    wrong.push(...exitCodes(plan, code, after.code, mode))
    for (const api of plan.apis) {
      const one = group.cases.find(({ identifier }) => identifier === api.identifier)
      wrong.push(...touched(api, drifted, tenant), ...weakened(api, drifted, tenant, one, mode))
    }
    wrong.push(...(await carry({ tenant, folder, plan, way: 'inverse', secrets: {} })))
    for (const api of plan.apis) wrong.push(...undone(api, drifted, tenant))
    return tallyOf(group.cases, plan, wrong)
  })
}

interface Carried {
  readonly tenant: Simulator
  readonly folder: string
  readonly plan: RepairPlan
  readonly way: 'repair' | 'inverse'
  readonly secrets: Readonly<Record<string, string>>
}

async function sendPatches({ tenant, plan, way, secrets }: Carried): Promise<readonly Wrong[]> {
  const answers = await apply(tenant, plan, way, secrets)
  return answers
    .filter(({ status }) => status !== 200)
    .map(({ identifier, status }) => ({ mistake: 'refused', line: `${identifier}: ${way}: ${status}` }))
}

async function runScript({ tenant, folder, plan, way, secrets }: Carried): Promise<readonly Wrong[]> {
  const { code, err } = await runProgram('/bin/bash', ['fix.sh', ...(way === 'inverse' ? ['--inverse'] : [])], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', AUTH0_API_TOKEN: tenant.token, ...placeholders(plan), ...secrets },
    limitMs: 600_000,
  })
  const isHalf = way === 'inverse' && plan.apis.some(({ inverse }) => inverse.patch === null)
  return code === (isHalf ? 1 : 0) ? [] : [{ mistake: 'refused', line: `the script, ${way}: ${err.slice(-300)}` }]
}

/** Undoing asks for no secret, and the script looks for all that it may need. */
function placeholders({ apis }: RepairPlan): Readonly<Record<string, string>> {
  const names = apis.flatMap(({ patch }) => Object.values(patch.secrets))
  return Object.fromEntries(names.map((name) => [name, 'x'.repeat(16)] as const))
}

/** What counts after it is what the plan named as left out, and nothing else. */
function standing(
  plan: RepairPlan,
  found: readonly ReportFinding[],
  before: readonly ReportFinding[],
): readonly Wrong[] {
  const told = new Map(before.map((finding) => [finding.fingerprint, finding]))
  const left = new Set(plan.leftOut.map(({ fingerprint }) => fingerprint))
  const counting = found.filter(({ counts }) => counts)
  const there = new Set(counting.map(({ fingerprint }) => fingerprint))
  const unnamed = counting
    .filter(({ fingerprint }) => !left.has(fingerprint))
    .map(({ identifier, path, kind }) => `${identifier ?? ''} ${kind} ${path} stands and was not named`)
  const gone = plan.leftOut
    .filter(({ fingerprint, counts }) => counts && !there.has(fingerprint))
    .map(({ identifier, path, why }) => `${identifier ?? ''} ${path} was left out (${why}) and is gone`)
  const put = plan.apis.flatMap(({ repairs }) => repairs.map(({ fingerprint }) => fingerprint))
  const again = found
    .filter(({ fingerprint, kind }) => put.includes(fingerprint) && kind === told.get(fingerprint)?.kind)
    .map(({ identifier, path }) => `${identifier ?? ''} ${path} was put back and is found again`)
  return [...unnamed, ...gone, ...again].map((line) => ({ mistake: 'notPutBack', line }))
}

function exitCodes(plan: RepairPlan, code: number | null, after: number, mode: Mode): readonly Wrong[] {
  const said: Wrong[] = []
  const say = (line: string) => said.push({ mistake: 'wrongExitCode', line })
  if (code !== plan.exitCode) say(`the command ended with ${code}, and its plan says ${plan.exitCode}`)
  if (plan.exitCode === 0 && plan.leftOut.length > 0) say('0, and something is left out')
  if (plan.exitCode === 2 && plan.leftOut.length === 0) say('2, and nothing is left out')
  // Of what is named some does not count: the plan may leave it out where the check is in sync.
  const isRight = after === plan.exitCode || (mode === 'with every difference named' && after === 0)
  if (!isRight) say(`the check ends with ${after} after a plan that ended with ${plan.exitCode}`)
  return said
}

/** Every place that is not as it was is one that the plan names, and what stays of a list stays in its order. */
function touched(api: ApiRepair, drifted: ReadonlyMap<string, JsonObject>, tenant: Simulator): readonly Wrong[] {
  const [was = {}, is] = [drifted.get(api.identifier), now(tenant, api.identifier)]
  const named = api.repairs.map(({ path }) => parsePath(path) ?? [path])
  const isNamed = (place: readonly string[]) =>
    named.some((path) => path.every((step, at) => place[at] === undefined || place[at] === step))
  const places = differing(normal(was), normal(is), []).filter(
    (place) => !isNamed(place) && place[0] !== 'signing_secret',
  )
  const disordered = Object.keys(LISTS).filter((field) => {
    const [before, after] = [keysIn(was, field), keysIn(is, field)]
    return (
      before.filter((key) => after.includes(key)).join('\n') !== after.filter((key) => before.includes(key)).join('\n')
    )
  })
  const lines = [...places.map((place) => place.join('.')), ...disordered.map((field) => `the order of ${field}`)]
  return lines.map((line) => ({ mistake: 'touchedMore', line: `${api.identifier}: ${line}` }))
}

/** Lists of an API, and the member by which their items are told apart. */
const LISTS: Readonly<Record<string, string>> = { scopes: 'value', authorization_details: 'type' }

function keysIn(api: JsonObject, field: string): readonly string[] {
  const list = api[field]
  if (!Array.isArray(list)) return []
  return (list as readonly Json[]).map((item) => JSON.stringify(isJsonObject(item) ? item[LISTS[field] ?? ''] : item))
}

/** By a table that knows nothing of the product: what stands after is not less safe than before, unless what had drifted was less safe still. */
function weakened(
  { identifier, repairs }: ApiRepair,
  drifted: ReadonlyMap<string, JsonObject>,
  tenant: Simulator,
  one: Case | undefined,
  mode: Mode,
): readonly Wrong[] {
  if (MAY_WEAKEN.has(mode) || one === undefined) return []
  const [was, is] = [drifted.get(identifier) ?? {}, now(tenant, identifier)]
  const agreed = { ...one.recorded, ...one.base, ...one.declared }
  return repairs
    .filter(({ path }) => direction(path, was, is) === 'weakened' && direction(path, agreed, was) !== 'weakened')
    .map(({ path }) => ({ mistake: 'lessSafe', line: `${identifier}: ${path}` }))
}

/** The inverse compares equal to what had drifted, but for what the plan says cannot come back. */
function undone(api: ApiRepair, drifted: ReadonlyMap<string, JsonObject>, tenant: Simulator): readonly Wrong[] {
  const lost = new Set(api.inverse.lost.map(({ field }) => field))
  const places = differing(normal(drifted.get(api.identifier)), normal(now(tenant, api.identifier)), [])
  return places
    .filter(([field = '']) => !lost.has(field) && field !== 'signing_secret')
    .map((place) => ({ mistake: 'notUndone', line: `${api.identifier}: ${place.join('.')}` }))
}

function now(tenant: Simulator, identifier: string): JsonObject {
  return tenant.list().find((api) => api.identifier === identifier) ?? {}
}

/** Each field in the form that two equal values share. */
function normal(api: JsonObject = {}): JsonObject {
  return Object.fromEntries(
    Object.entries(api).flatMap(([key, value]) => {
      const form = normalForm(key, value)
      return form === undefined || isEmpty(form) ? [] : [[key, form]]
    }),
  )
}

function isEmpty(value: Json): boolean {
  return isJsonObject(value) && Object.values(value).every(isEmpty)
}

function differing(
  left: Json | undefined,
  right: Json | undefined,
  at: readonly string[],
): readonly (readonly string[])[] {
  if (sameJson(left, right)) return []
  if (!isJsonObject(left) || !isJsonObject(right)) return [at]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differing(Object.hasOwn(left, key) ? left[key] : undefined, Object.hasOwn(right, key) ? right[key] : undefined, [
      ...at,
      key,
    ]),
  )
}

function secretsFor(plan: RepairPlan, cases: readonly Case[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    plan.apis.flatMap(({ identifier, patch }) => {
      const one = cases.find((each) => each.identifier === identifier)
      const secret = one?.declared?.signing_secret ?? one?.base?.signing_secret
      return Object.values(patch.secrets).map((name) => [name, typeof secret === 'string' ? secret : ''] as const)
    }),
  )
}

function secretsTold({ cases }: Together, texts: readonly string[]): Wrong[] {
  const secrets = cases.flatMap((one) =>
    [one.declared, one.base, one.recorded, one.live].flatMap((api) =>
      typeof api?.signing_secret === 'string' ? [api.signing_secret] : [],
    ),
  )
  return [...new Set(secrets)]
    .filter((secret) => texts.some((text) => text.includes(secret)))
    .map(() => ({ mistake: 'secretsTold', line: 'a signing secret stands in the plan' }))
}

function tallyOf(cases: readonly Case[], { apis, leftOut }: RepairPlan, wrong: readonly Wrong[]): RepairTally {
  const titles = new Map(cases.map(({ identifier, group, title }) => [identifier, `[${group}] ${title}`]))
  const titled = (line: string) => `${line} ${titles.get(line.split(/:? /, 1)[0]?.replace(/:$/, '') ?? '') ?? ''}`
  return {
    cases: cases.length,
    plans: apis.length,
    repairs: apis.reduce((sum, { repairs }) => sum + repairs.length, 0),
    leftOut: leftOut.length,
    reasons: countOf(leftOut.map(({ why }) => why)),
    lost: apis.reduce((sum, { inverse }) => sum + inverse.lost.length, 0),
    mistakes: Object.fromEntries(
      REPAIR_MISTAKES.map((mistake) => [mistake, wrong.filter((each) => each.mistake === mistake).length]),
    ) as Record<RepairMistake, number>,
    lines: wrong.map(({ mistake, line }) => `${mistake}: ${titled(line)}`),
  }
}

function add(left: RepairTally, right: RepairTally): RepairTally {
  return {
    cases: left.cases + right.cases,
    plans: left.plans + right.plans,
    repairs: left.repairs + right.repairs,
    leftOut: left.leftOut + right.leftOut,
    reasons: sumOf(left.reasons, right.reasons),
    lost: left.lost + right.lost,
    mistakes: Object.fromEntries(
      REPAIR_MISTAKES.map((mistake) => [mistake, left.mistakes[mistake] + right.mistakes[mistake]]),
    ) as Record<RepairMistake, number>,
    lines: [...left.lines, ...right.lines],
  }
}

function countOf(all: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(all, (each) => each)].map(([each, same]) => [each, same.length] as const))
}

function sumOf(left: Readonly<Record<string, number>>, right: Readonly<Record<string, number>>) {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted()
  return Object.fromEntries(keys.map((key) => [key, (left[key] ?? 0) + (right[key] ?? 0)] as const))
}
