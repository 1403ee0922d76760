import fc from 'fast-check'
import { compareTenant, judgeFindings, standingAt, type TenantInput } from '../../src/compare/front.ts'
import { remember } from '../../src/memory/remember.ts'
import { replay } from '../../src/memory/replay.ts'
import { EMPTY, type Episode, type Memory, type Transition } from '../../src/memory/types.ts'
import { own, type JsonObject } from '../../src/schema/json.ts'
import type { PlacedRule } from '../../src/schema/accept-rule.ts'
import type { Report, ReportFinding } from '../../src/schema/report.ts'
import type { Look, Reading } from '../../src/schema/snapshot.ts'
import { cleanReport } from '../../test/report/rich-report.ts'
import { bareApi } from '../../test/support/corpus.ts'
import { declaredState, snapshotOf, TENANT } from '../../test/support/scenes.ts'

const NAMES = ['https://a/', 'https://b/', 'https://c/'] as const
const FIELDS = ['signing_alg', 'token_lifetime', 'allow_offline_access', 'scopes'] as const
const VALUES: Readonly<Record<(typeof FIELDS)[number], readonly JsonObject[string][]>> = {
  signing_alg: ['RS256', 'HS256', 'PS256'],
  token_lifetime: [7200, 86_400, 600_000],
  allow_offline_access: [false, true],
  scopes: [[], [{ value: 'read' }], [{ value: 'read', description: 'Read' }], [{ value: 'write' }]],
}
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A tenant and its code at one time. */
interface World {
  live: Map<string, JsonObject>
  code: Map<string, JsonObject>
  applied: Map<string, JsonObject> | null
  recorded: Map<string, JsonObject> | null
  rules: PlacedRule[]
  excluded: string[]
  elsewhere: string[]
  targets: string[] | null
  outage: 'none' | 'tenant' | 'list'
  unreadable: string[]
  hasStrangeKey: boolean
  now: number
}

const api = fc.constantFrom(...NAMES)
const setting = fc
  .constantFrom(...FIELDS)
  .chain((field) => fc.constantFrom(...VALUES[field]).map((value) => ({ [field]: value })))

type Move = (world: World) => void

/** Everything that people, tenants and clocks do. */
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ api, setting }).map(({ api: name, setting: set }) => drift(name, set)) },
  { weight: 3, arbitrary: api.map((name) => (world: World) => mend(world, name)) },
  api.map((name) => (world: World) => void world.live.delete(name)),
  api.map((name) => (world: World) => put(world.live, name, liveApi(name))),
  { weight: 2, arbitrary: fc.record({ api, setting }).map(({ api: name, setting: set }) => declare(name, set)) },
  fc.record({ api, field: fc.constantFrom(...FIELDS) }).map(({ api: name, field }) => undeclare(name, field)),
  api.map((name) => (world: World) => void world.code.delete(name)),
  fc.boolean().map((drop) => (world: World) => {
    world.recorded = drop ? null : new Map(world.live)
  }),
  fc.boolean().map((drop) => (world: World) => {
    world.applied = drop ? null : new Map(world.code)
  }),
  fc.record({ api, days: fc.integer({ min: 1, max: 20 }), pinned: fc.boolean() }).map(accept),
  fc.constant((world: World) => void world.rules.pop()),
  fc.subarray([...NAMES], { maxLength: 1 }).map((names) => (world: World) => {
    world.excluded = names
  }),
  fc.subarray([...NAMES], { maxLength: 1 }).map((names) => (world: World) => {
    world.elsewhere = names
  }),
  fc.option(fc.subarray([...NAMES], { minLength: 1, maxLength: 2 }), { nil: null }).map((names) => (world: World) => {
    world.targets = names
  }),
  fc
    .constantFrom('none' as const, 'none' as const, 'tenant' as const, 'list' as const)
    .map((outage) => (world: World) => {
      world.outage = outage
    }),
  fc.subarray([...NAMES], { maxLength: 1 }).map((names) => (world: World) => {
    world.unreadable = names
  }),
  fc.boolean().map((has) => (world: World) => {
    world.hasStrangeKey = has
  }),
  fc.constantFrom(DAY, -DAY, 40 * DAY, -40 * DAY, HOUR).map((by) => (world: World) => {
    world.now += by
  }),
)

function put(map: Map<string, JsonObject>, name: string, value: JsonObject): void {
  map.set(name, value)
}

function liveApi(name: string): JsonObject {
  return { ...bareApi(), identifier: name, name: 'An API', id: `id-${name}` }
}

function drift(name: string, set: JsonObject): Move {
  return ({ live }) => {
    const before = live.get(name)
    if (before !== undefined) live.set(name, { ...before, ...set })
  }
}

function mend({ live, code, recorded }: World, name: string): void {
  const before = live.get(name)
  if (before !== undefined) live.set(name, { ...before, ...recorded?.get(name), ...code.get(name) })
}

function declare(name: string, set: JsonObject): Move {
  return ({ code }) => put(code, name, { identifier: name, ...code.get(name), ...set })
}

function undeclare(name: string, field: string): Move {
  return ({ code }) => {
    const { [field]: _gone, ...rest } = code.get(name) ?? {}
    if (code.has(name)) code.set(name, rest)
  }
}

function accept({ api: name, days, pinned }: { api: string; days: number; pinned: boolean }): Move {
  return (world) => {
    const live = own(world.live.get(name), 'signing_alg') ?? null
    world.rules.push({
      rule: {
        resource_server: name,
        path: pinned ? 'signing_alg' : '**',
        ...(pinned ? { live } : {}),
        reason: `reason ${world.rules.length}`,
        owner: 'identity',
        expires: new Date(world.now + days * DAY).toISOString().slice(0, 10),
      },
      file: null,
      line: null,
    })
  }
}

function worldAtStart(): World {
  return {
    live: new Map(NAMES.slice(0, 2).map((name) => [name, liveApi(name)])),
    code: new Map([[NAMES[0], { identifier: NAMES[0], signing_alg: 'RS256', token_lifetime: 86_400 }]]),
    applied: null,
    recorded: null,
    rules: [],
    excluded: [],
    elsewhere: [],
    targets: null,
    outage: 'none',
    unreadable: [],
    hasStrangeKey: false,
    now: Date.parse('2026-01-01T00:00:00Z'),
  }
}

/** One check of it, through the comparison and the judgement of the product. */
function check(world: World) {
  const includes = (name: string) => !world.excluded.includes(name) && (world.targets?.includes(name) ?? true)
  const of = (map: ReadonlyMap<string, JsonObject>) =>
    [...map].flatMap(([name, value]) => (includes(name) ? [value] : []))
  const live = of(world.live).map((value) => (world.hasStrangeKey ? { ...value, strange_key: 1 } : value))
  const hidden = world.outage === 'list' ? [NAMES[1] as string] : []
  const readable = live.filter(({ identifier }) => ![...hidden, ...world.unreadable].includes(identifier as string))
  const reading: Reading =
    world.outage === 'tenant'
      ? { ok: false, code: 'timed_out', message: 'no', advice: 'wait', proof: snapshotOf([]).proof }
      : { ok: true, snapshot: snapshotOf(readable, world.outage === 'none') }
  const known = [...of(world.code), ...(world.recorded === null ? [] : of(world.recorded))]
  const looks = new Map(
    known.flatMap(({ identifier }): (readonly [string, Look])[] => {
      const name = identifier as string
      if (world.unreadable.includes(name))
        return [[name, { status: 'unreadable', code: 'timed_out', message: 'no', advice: 'wait' }]]
      return world.live.has(name) ? [] : [[name, { status: 'missing' }]]
    }),
  )
  const input: TenantInput = {
    declared: declaredState(of(world.code), world.elsewhere),
    base: world.applied === null ? null : declaredState(of(world.applied), world.elsewhere),
    recorded: world.recorded === null ? null : snapshotOf(of(world.recorded)),
    inventory: reading,
    looks: world.outage === 'tenant' ? new Map() : looks,
    secrets: new Map(),
    isPartial: world.targets !== null,
  }
  const comparison = compareTenant(TENANT, input)
  const isChosen = world.excluded.length > 0 || world.targets !== null
  const judged = judgeFindings(comparison, {
    gate: 'all',
    rules: world.rules,
    usedElsewhere: new Set(),
    today: new Date(world.now).toISOString().slice(0, 10),
    previous: null,
    onlyNew: false,
    failOn: 'any',
    strictRules: false,
    targets: isChosen ? includes : null,
  })
  const told = (finding: object) => ({ ...finding, message: '', help: '', link: '' }) as ReportFinding
  const report: Report = {
    ...cleanReport(),
    verdict: judged.verdict,
    findings: judged.findings.map(told),
    ignored: judged.ignored.map(({ finding, rule: { rule } }) => ({ finding: told(finding), ...rule })),
    rules: judged.rules,
  }
  const standing = standingAt(input, isChosen ? includes : null)
  const covers = world.targets === null ? ('all' as const) : ('some' as const)
  return { report, standing, covers, commit: null, took: null, includes }
}

/** What a run must never tell, whatever happened; each is a falsehood that the first rule told thousands of times. */
function falsehoods(
  world: World,
  before: Memory,
  after: Memory,
  transitions: readonly Transition[],
): readonly string[] {
  const { report, includes } = check(world)
  const present = [...report.findings, ...report.ignored.map(({ finding }) => finding)].filter(
    ({ kind }) => kind !== 'unreadable' && kind !== 'weaker-declaration',
  )
  const stands = (at: Episode) =>
    present.some(({ identifier, path }) => identifier === at.identifier && path === at.path)
  const ends = transitions.flatMap((each) => (each.about === 'episode' && each.type === 'resolved' ? [each] : []))
  const wrong: string[] = []
  for (const { after: ended, before: stood } of ends) {
    const { identifier, path } = ended
    const name = identifier ?? ''
    const isApi = identifier !== null
    const live = world.live.get(name)
    const now = own(live, path)
    const then = stood?.finding.live
    const isPlain = isApi && path !== '' && !path.includes('.') && path !== 'scopes'
    if (stands(ended)) wrong.push('ended what stands in the report')
    // What nobody declares and nothing records is in the list or is not there: nobody asks for it by its name, and so nobody fails to read it.
    const isKnown = world.code.has(name) || world.recorded?.has(name) === true
    const isHidden = world.unreadable.includes(name) && isKnown
    if (world.outage === 'tenant' || (isApi && (!includes(name) || isHidden)))
      wrong.push('ended what was not looked at')
    if (isApi && path !== '' && live === undefined && world.code.has(name))
      wrong.push('resolved a setting of an API that is gone')
    if (isPlain && ended.how === 'mended' && JSON.stringify(now) === JSON.stringify(then))
      wrong.push('set back, and as it was')
    if (isPlain && ended.how === 'adopted' && JSON.stringify(now) !== JSON.stringify(then))
      wrong.push('adopted, and another')
    const isSaid = own(world.code.get(name), path) !== undefined || own(world.recorded?.get(name), path) !== undefined
    if (isPlain && ended.how === 'unwatched' && isSaid && !world.elsewhere.includes(name))
      wrong.push('unwatched, and watched')
    if (
      isPlain &&
      ended.how !== 'unwatched' &&
      !isSaid &&
      world.recorded === null &&
      !own(world.applied?.get(name), path)
    )
      wrong.push('watched, and by nobody')
  }
  const keys = transitions.map((each) =>
    JSON.stringify(
      each.about === 'dark' ? ['dark', each.dark.identifier, each.dark.path] : [each.after.identifier, each.after.path],
    ),
  )
  if (new Set(keys).size < keys.length) wrong.push('told two things of one place')
  const old = new Map(before.episodes.map((each) => [`${each.identifier} ${each.path}`, each]))
  for (const each of after.episodes) {
    const was = old.get(`${each.identifier} ${each.path}`)
    if (was !== undefined && was.state !== 'ended' && was.since !== each.since) wrong.push('since moved while it stood')
    if (was !== undefined && was.state !== 'ended' && was.first !== each.first) wrong.push('first moved')
  }
  const counting = report.findings.filter(({ counts, kind }) => counts && kind !== 'unreadable').length
  const open = after.episodes.filter((each) => each.state === 'open' && stands(each) && each.form === 'counts').length
  if (counting !== open) wrong.push('what counts and what is open differ')
  return wrong
}

const withoutCounters = ({ episodes, dark }: Memory) => ({
  episodes: episodes.map(({ seen: _seen, row: _row, form: _form, ...rest }) => rest),
  dark: dark.map(({ row: _row, ...rest }) => rest),
})

/** A tenant that anything happens to, run after run: what happens before each. */
export const stories = fc.array(fc.array(move, { minLength: 0, maxLength: 3 }), { minLength: 2, maxLength: 12 })

export type Story = readonly (readonly Move[])[]

/**
 * Everything that is wrong about how a story is remembered: falsehoods; transitions that do not give the memory; a second process that remembers
 * something else; a run that finds the same and moves something.
 */
export function wrongIn(runs: Story): readonly string[] {
  const world = worldAtStart()
  const wrong: string[] = []
  let memory: Memory = EMPTY
  for (const moves of runs) {
    for (const each of moves) each(world)
    world.now += HOUR
    const ran = check(world)
    const { memory: after, transitions } = remember(memory, ran, world.now)
    wrong.push(...falsehoods(world, memory, after, transitions))
    if (JSON.stringify(withoutCounters(replay(memory, transitions))) !== JSON.stringify(withoutCounters(after)))
      wrong.push('its transitions do not give its memory')
    const reread = JSON.parse(JSON.stringify(memory)) as Memory
    if (JSON.stringify(remember(reread, ran, world.now)) !== JSON.stringify({ memory: after, transitions }))
      wrong.push('another process remembers something else')
    if (remember(after, ran, world.now).transitions.length > 0) wrong.push('the same again moves something')
    memory = after
  }
  return wrong
}

/** Places whose end is told without a beginning, or one of them twice in a row. */
export function outOfTurn(runs: Story): readonly string[] {
  const world = worldAtStart()
  const open = new Set<string>()
  const wrong: string[] = []
  let memory: Memory = EMPTY
  for (const moves of runs) {
    for (const each of moves) each(world)
    world.now += HOUR
    const result = remember(memory, check(world), world.now)
    ;({ memory } = result)
    for (const each of result.transitions) {
      if (each.about !== 'episode') continue
      const key = `${each.after.identifier} ${each.after.path}`
      const begins = each.before === null || each.before.state === 'ended'
      if (open.has(key) === begins) wrong.push(key)
      if (each.after.state === 'ended') open.delete(key)
      else open.add(key)
    }
  }
  return wrong
}
