import { join } from 'node:path'
import { isJsonObject, own, type Json, type JsonObject } from '../../src/schema/json.ts'
import { WHOLE_API } from '../../src/schema/observed.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { startProject, stepsOf, type Project } from '../../test/support/engine.ts'
import { ROOT } from '../../tools/run.mjs'
import type { Case } from '../corpus/case.ts'
import { add, EMPTY, tally, type Found, type Mistake, type Tally } from '../tally.ts'
import { declaredText, inTenant, snapshot } from './check.ts'
import { side, together, type Together } from './together.ts'

const PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js')
const STREAMING = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' }

/** `pulumi preview` with the pack, one `TenantCheck` for each group of cases: what the engine shows, and what the pack says of it. */
export async function runTenantPreviews(cases: readonly Case[]): Promise<Tally> {
  let total = EMPTY
  for (const group of together(cases)) {
    const options = [
      `files: 'declared.json'`,
      ...(group.hasBase ? [`base: 'base.json'`] : []),
      ...(group.hasRecorded ? [`recorded: 'recorded.json'`] : []),
    ].join(', ')
    const program = `import { TenantCheck } from 'tenant-drift'\nnew TenantCheck('tenant', { ${options} })\n`
    total = add(total, await preview(group, program))
  }
  return total
}

/** The same with one `ResourceServerCheck` for each API: those cases that one API's own check can know. */
export async function runServerPreviews(cases: readonly Case[]): Promise<Tally> {
  const alone = cases.filter(
    (one) =>
      one.declared !== null && one.recorded === undefined && one.expected.every(({ kind }) => kind !== 'unknown-field'),
  )
  let total = EMPTY
  for (const group of together(alone)) {
    const program = `import { readFileSync } from 'node:fs'
import { ResourceServerCheck } from 'tenant-drift'
const { resource_servers: apis } = JSON.parse(readFileSync('plain.json', 'utf8'))
for (const { id, ...api } of apis) new ResourceServerCheck(api.identifier, id === undefined ? api : { ...api, expectedId: id })
`
    total = add(total, await preview(group, program))
  }
  return total
}

function preview(group: Together, program: string): Promise<Tally> {
  return inTenant(group.cases, async (tenant) => {
    const project = await startProject(tenant)
    try {
      const { steps, violations } = await runPreview(project, tenant, group, program)
      const found = steps.flatMap((step) => foundIn(step, tenant))
      return add(judgeShown(group, found), judgePack(group, violations))
    } finally {
      project.remove()
    }
  })
}

async function runPreview(project: Project, tenant: Simulator, { cases, hasBase }: Together, program: string) {
  const [canary = {}] = tenant.list()
  project.write('declared.json', declaredText(side(cases, 'declared')))
  project.write('plain.json', JSON.stringify({ resource_servers: side(cases, 'declared') }))
  project.write('base.json', declaredText(side(cases, 'base')))
  const recorded = snapshot(tenant, [canary, ...side(cases, 'recorded')])
  project.write('recorded.json', JSON.stringify({ ...recorded }))
  project.setProgram(program)
  const ran = await project.run(['preview', '--json', '--policy-pack', PACK], {
    env: { ...STREAMING, ...(hasBase && { TENANT_DRIFT_BASE: 'base.json' }) },
  })
  const steps = stepsOf(ran.stdout).map(({ inputs }) => inputs)
  if (steps.length === 0) throw new Error(`the preview checked nothing:\n${ran.stderr.slice(-2000)}`)
  return { steps, violations: violationsIn(ran.stdout) }
}

function violationsIn(lines: string): readonly string[] {
  return lines.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return []
    const { policyEvent } = JSON.parse(line) as JsonObject
    return isJsonObject(policyEvent) ? [policyEvent.message as string] : []
  })
}

interface Shown {
  /** By API and place: what counts, and what is pending. */
  readonly places: readonly Found[]
  /** Notices by kind, path and direction, with the number of APIs. */
  readonly notices: readonly (readonly [key: string, apis: number])[]
}

/** What one check's inputs tell. */
function foundIn(inputs: JsonObject, tenant: Simulator): readonly Shown[] {
  const observed = asObject(own(inputs, 'observed'))
  const identifier = own(inputs, 'identifier')
  const only = typeof identifier === 'string' ? identifier : null
  const byApi = (value: Json | undefined, counts: boolean) => {
    const all = only === null ? asObject(value) : { [only]: value ?? {} }
    return Object.entries(all).flatMap(([name, entries]) =>
      Object.entries(asObject(entries)).map(([path, entry]) => ({
        ...(entry as unknown as Found),
        identifier: name === tenant.domain ? null : name,
        path: path === WHOLE_API ? '' : path,
        counts,
      })),
    )
  }
  const groups = (own(observed, 'notices') ?? []) as readonly JsonObject[]
  const unread = only !== null && observed.status === 'unreadable' ? unreadable(only) : []
  return [
    {
      places: [...byApi(own(inputs, 'drift'), true), ...byApi(own(observed, 'pending'), false), ...unread],
      notices: groups.map((group) => [noticeKey(group as unknown as Found), group.apis as number]),
    },
  ]
}

function unreadable(identifier: string): readonly Found[] {
  return [{ identifier, kind: 'unreadable', path: '', origin: null, direction: 'neutral', counts: true }]
}

const noticeKey = ({ kind, path, direction }: Pick<Found, 'kind' | 'path' | 'direction'>) =>
  `${kind} ${path} ${direction}`
const isPlaced = ({ counts, origin }: Pick<Found, 'counts' | 'origin'>) => counts || origin === 'pending'

function judgeShown({ cases }: Together, shown: readonly Shown[]): Tally {
  const placed = cases.map((one) => ({ ...one, expected: one.expected.filter(isPlaced) }))
  const said = tally(
    placed,
    shown.flatMap(({ places }) => places),
  )
  const wanted = new Map<string, number>()
  const notices = cases.flatMap(({ expected }) => expected.filter((one) => !isPlaced(one)))
  for (const one of notices) wanted.set(noticeKey(one), (wanted.get(noticeKey(one)) ?? 0) + 1)
  const met = new Map<string, number>()
  for (const { notices: groups } of shown) for (const [key, apis] of groups) met.set(key, (met.get(key) ?? 0) + apis)
  const off = [...new Set([...wanted.keys(), ...met.keys()])].map(
    (key) => [key, (met.get(key) ?? 0) - (wanted.get(key) ?? 0)] as const,
  )
  const wrong = off.flatMap(([key, by]) =>
    Array.from({ length: Math.abs(by) }, () => [by < 0 ? 'missed' : 'falseAlarms', `notice ${key}`] as const),
  )
  return withMistakes({ ...said, findings: said.findings + notices.length }, wrong)
}

const NAMED = /https:\/\/case-\d+\.example\.com\//g

/** Every API with something that counts is named by a violation; none is whose only findings are pending, or that has none. */
function judgePack({ cases }: Together, violations: readonly string[]): Tally {
  const named = new Set(violations.flatMap((message) => message.match(NAMED) ?? []))
  const plain = cases.filter(({ identifier }) => identifier.replaceAll(NAMED, '') === '')
  const wrong = plain.flatMap((one): readonly (readonly [Mistake, string])[] => {
    const isDue = one.expected.some(({ counts, kind }) => counts && kind !== 'unknown-field')
    const isAllowed = one.expected.some(({ origin }) => origin !== 'pending')
    if (isDue && !named.has(one.identifier))
      return [['missed', `the pack says nothing of ${one.title} (${one.identifier})`] as const]
    if (!isAllowed && named.has(one.identifier))
      return [['falseAlarms', `the pack names ${one.title} (${one.identifier})`] as const]
    return []
  })
  return withMistakes(EMPTY, wrong)
}

function withMistakes(said: Tally, wrong: readonly (readonly [Mistake, string])[]): Tally {
  return wrong.reduce(
    (sum, [mistake, line]) => ({
      ...sum,
      mistakes: { ...sum.mistakes, [mistake]: sum.mistakes[mistake] + 1 },
      lines: [...sum.lines, `${mistake}: ${line}`],
    }),
    said,
  )
}

function asObject(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {}
}
