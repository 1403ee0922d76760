import type { JsonObject } from '../../src/schema/json.ts'
import type { Report } from '../../src/schema/report.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { bareApi } from '../../test/support/corpus.ts'
import type { Case } from '../corpus/case.ts'
import { check, inTenant } from './check.ts'

/** A tenant as a whole, what happens to it, and how the command must end: exit code, verdict, and how often each thing is said. */
interface TenantCase {
  readonly title: string
  readonly apis: readonly Case[]
  readonly flags: readonly string[]
  /** What happens while the command runs, or before it. */
  readonly happens?: (tenant: Simulator) => void
  readonly exitCode: 0 | 1 | 2
  /** By `kind path origin`, `notice` behind what does not count. */
  readonly said: Readonly<Record<string, number>>
}

const many = (count: number, make: (index: number) => Partial<Case>): readonly Case[] =>
  Array.from({ length: count }, (_, index) => {
    const identifier = `urn:api:${index}`
    const { declared = null, base, recorded, live = null } = make(index)
    const named = (api: JsonObject | null, more: JsonObject = {}) =>
      api === null ? null : { ...api, ...more, identifier }
    const id = { id: `66a1${index.toString(16).padStart(20, '0')}` }
    return {
      group: 'tenant',
      title: identifier,
      identifier,
      declared: named(declared),
      live: named(live, id),
      ...(base !== undefined && { base: named(base) }),
      ...(recorded !== undefined && { recorded: named(recorded, id) }),
      expected: [],
    }
  })

const SAYS: JsonObject = { signing_alg: 'RS256', token_lifetime: 86_400, allow_offline_access: false }
const NEW: JsonObject = { ...SAYS, token_lifetime: 3600, allow_offline_access: true }
const api = (more: JsonObject = {}): JsonObject => ({ ...bareApi(), ...more })
const [DECLARED, BASE, RECORDED] = [
  ['--declared', 'declared.json'],
  ['--base', 'base.json'],
  ['--recorded', 'recorded.json'],
]
/** Longer than a deploy needs between two of its requests. */
const CONFIRM = ['--confirm', '900ms']
const SECOND_PATCH_MS = 200

const CASES: readonly TenantCase[] = [
  {
    title: 'a new field on every API, nothing recorded: one notice',
    apis: many(40, () => ({ declared: SAYS, live: api({ brand_new: true }) })),
    flags: DECLARED,
    exitCode: 0,
    said: { 'unknown-field brand_new null notice': 1 },
  },
  {
    title: 'a new field on every API after the record: one finding',
    apis: many(40, () => ({ declared: SAYS, recorded: api(), live: api({ brand_new: true }) })),
    flags: [...DECLARED, ...RECORDED],
    exitCode: 2,
    said: { 'unknown-field brand_new drift': 1 },
  },
  {
    title: 'a new value of a known field on every API: each is found',
    apis: many(40, () => ({ declared: SAYS, base: SAYS, live: api({ signing_alg: 'EdDSA' }) })),
    flags: [...DECLARED, ...BASE],
    exitCode: 2,
    said: { 'changed signing_alg drift': 40 },
  },
  {
    title: 'a default that every API returns from today on',
    apis: many(40, () => {
      const { subject_type_authorization: _later, ...before } = api()
      return { declared: SAYS, base: SAYS, recorded: before, live: api() }
    }),
    flags: [...DECLARED, ...BASE, ...RECORDED],
    exitCode: 0,
    said: {},
  },
  {
    title: 'a first run: what nobody declares is shown and fails nothing',
    apis: many(75, (index) => ({
      ...(index < 5 ? { declared: SAYS } : {}),
      live: api(index < 5 ? {} : { allow_offline_access: true }),
    })),
    flags: DECLARED,
    exitCode: 0,
    said: { 'unmanaged  null notice': 70, 'undeclared allow_offline_access null notice': 70 },
  },
  {
    title: 'a deploy in flight, without a second look',
    apis: many(3, () => ({ declared: NEW, live: api() })),
    flags: DECLARED,
    happens: deploy,
    exitCode: 2,
    said: { 'changed allow_offline_access drift': 3 },
  },
  {
    title: 'a deploy in flight, with --confirm',
    apis: many(3, () => ({ declared: NEW, live: api() })),
    flags: [...DECLARED, ...CONFIRM],
    happens: deploy,
    exitCode: 0,
    said: {},
  },
  {
    title: 'a drift that stays, with --confirm',
    apis: many(3, () => ({ declared: NEW, live: api() })),
    flags: [...DECLARED, ...CONFIRM],
    exitCode: 2,
    said: { 'changed allow_offline_access drift': 3, 'changed token_lifetime drift': 3 },
  },
  {
    title: "a pull request's own change beside drift that it does not touch, with --gate touched",
    apis: many(6, (index) =>
      index === 0
        ? { declared: NEW, base: SAYS, live: api() }
        : { declared: SAYS, base: SAYS, live: api({ token_lifetime: 1 }) },
    ),
    flags: [...DECLARED, ...BASE, '--gate', 'touched'],
    exitCode: 0,
    said: {
      'changed allow_offline_access pending notice': 1,
      'changed token_lifetime pending notice': 1,
      'changed token_lifetime drift notice': 5,
      'weaker-declaration allow_offline_access null notice': 1,
    },
  },
  {
    title: "a pull request's own change against a hotfix, with --gate touched",
    apis: many(2, (index) =>
      index === 0
        ? { declared: NEW, base: SAYS, live: api({ token_lifetime: 1 }) }
        : { declared: SAYS, base: SAYS, live: api() },
    ),
    flags: [...DECLARED, ...BASE, '--gate', 'touched'],
    exitCode: 2,
    said: {
      'changed allow_offline_access pending notice': 1,
      'changed token_lifetime conflict': 1,
      'weaker-declaration allow_offline_access null notice': 1,
    },
  },
  {
    title: 'a list that is suddenly empty: nothing is missing, nothing is in sync',
    apis: many(20, () => ({ declared: SAYS, base: SAYS, live: api() })),
    flags: [...DECLARED, ...BASE],
    happens: (tenant) => tenant.setFault({ kind: 'empty-list' }),
    exitCode: 1,
    said: { 'unreadable  null': 1 },
  },
]

/** The first request has gone through; the second follows while the command is at work: soon after it began to read the list. */
function deploy(tenant: Simulator): void {
  const identifiers = tenant
    .list()
    .flatMap(({ identifier, is_system: isSystem }) => (isSystem === true ? [] : [identifier as string]))
  for (const identifier of identifiers) tenant.edit(identifier, { token_lifetime: 3600 })
  const stop = tenant.onRequest(({ page }) => {
    if (page !== 0) return
    stop()
    setTimeout(() => {
      for (const identifier of identifiers) tenant.edit(identifier, { allow_offline_access: true })
    }, SECOND_PATCH_MS)
  })
}

export interface TenantResults {
  readonly cases: number
  readonly wrong: number
  readonly titles: readonly string[]
  readonly lines: readonly string[]
}

/** Each through the command, against a tenant of its own. */
export async function runTenants(): Promise<TenantResults> {
  const lines: string[] = []
  for (const one of CASES) {
    const { code, report } = await inTenant(one.apis, (tenant, folder) => {
      one.happens?.(tenant)
      return check(tenant, folder, one.flags)
    })
    const [wanted, met] = [JSON.stringify(sorted(one.said)), JSON.stringify(sorted(countsOf(report)))]
    if (code !== one.exitCode) lines.push(`${one.title}: exit ${code}, not ${one.exitCode}`)
    if (wanted !== met) lines.push(`${one.title}: said ${met}, not ${wanted}`)
  }
  const wrong = CASES.filter(({ title }) => lines.some((line) => line.startsWith(`${title}: `))).length
  return { cases: CASES.length, wrong, titles: CASES.map(({ title }) => title), lines }
}

function countsOf({ findings }: Report): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind, path, origin, counts: isCounting } of findings) {
    const key = `${kind} ${path} ${String(origin)}${isCounting ? '' : ' notice'}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function sorted(counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
