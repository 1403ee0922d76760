import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ReportFinding, Report } from '../../src/schema/report.ts'
import { isHidden, type Shown } from '../../src/schema/finding.ts'
import { canonicalText, type Json, type JsonObject } from '../../src/schema/json.ts'
import { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../../src/schema/state-contract.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import type { Fault } from '../../src/simulator/options.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { envOf, NOW, reportIn, run } from '../cli/run.ts'
import { runPack } from '../policies/run-policies.ts'
import { checkOnce, projectFolder, startProcess } from '../support/checks.ts'
import { IS_WIDE } from '../support/wide.ts'

// One corpus of declared, live, base, recorded and rules; the gate of a preview and the command must say the same of each.

const ORDERS = 'https://orders.example.com/'
const BILLING = 'https://billing.example.com/'
const BY_HAND = 'https://by-hand.example.com/'
const LEGACY = 'urn:legacy:crm'

const orders: JsonObject = {
  identifier: ORDERS,
  name: 'Orders',
  signing_alg: 'RS256',
  token_lifetime: 7200,
  scopes: [
    { value: 'read:orders', description: 'Read' },
    { value: 'write:orders', description: 'Write' },
  ],
}
const billing: JsonObject = { identifier: BILLING, name: 'Billing', allow_offline_access: false }
const APPLIED = [orders, billing]

const DECLARED: Readonly<Record<string, readonly JsonObject[]>> = {
  'what was applied': APPLIED,
  'an edit, and an API taken out': [{ ...orders, token_lifetime: 3600 }],
  'something weaker, and a new API': [
    { ...orders, signing_alg: 'HS256', signing_secret: 'planted-secret-of-the-code' },
    billing,
    { identifier: 'https://new.example.com/' },
  ],
  nothing: [],
  'a mistake': [{ ...orders, token_lifetime: -1 }],
}

const live = (...apis: readonly JsonObject[]): readonly JsonObject[] =>
  apis.map((api, index) => ({ id: `66a1f000000000000000000${index}`, ...api }))
const IN_SYNC = live(orders, billing, { identifier: LEGACY, name: 'CRM' })
const TURNED: JsonObject = {
  ...orders,
  signing_alg: 'HS256',
  token_lifetime: 600,
  scopes: [{ value: 'read:orders', description: 'Read all' }, { value: 'admin:orders' }],
}

const LIVE: Readonly<Record<string, { readonly apis: readonly JsonObject[]; readonly fault?: Fault }>> = {
  'as it was applied': { apis: IN_SYNC },
  'turned by hand, an API gone, another made': {
    apis: live(TURNED, {
      identifier: BY_HAND,
      name: 'By hand',
      allow_offline_access: true,
      token_dialect: 'rfc9068_profile',
    }),
  },
  'with settings and fields that nobody declares': {
    apis: live(
      { ...orders, token_lifetime: 20_000, allow_offline_access: true, made_up: 1 },
      { ...billing, skip_consent_for_verifiable_first_party_clients: false, made_up: 1 },
    ),
  },
  unreadable: { apis: IN_SYNC, fault: { kind: 'status', status: 403, match: { method: 'GET' } } },
}

const words = { reason: 'for the time being', owner: 'identity team', expires: '2026-12-31' }
const rule = (path: string, more: JsonObject = {}): JsonObject => ({ resource_server: '*', path, ...words, ...more })

const RULES: Readonly<Record<string, readonly JsonObject[]>> = {
  'no rule': [],
  'for everything': [rule('**'), rule('')],
  'for some': [
    rule('signing_alg', { live: 'HS256' }),
    rule('/scopes/read:orders', { resource_server: ORDERS }),
    rule('scopes.*', { kind: 'changed', resource_server: 'https://b*' }),
    rule('', { kind: 'missing' }),
    rule('allow_offline_access', { kind: 'undeclared', resource_server: 'https://o*' }),
    rule('made_up'),
  ],
  'for weaker declarations and new APIs': [
    rule('**', { kind: 'weaker-declaration' }),
    rule('', { kind: 'unmanaged', resource_server: 'https://by-*' }),
    rule('made_up', { resource_server: ORDERS }),
  ],
  'that are over, and unreadable ones': [rule('**', { expires: '2026-11-23' }), rule('**', { kind: 'unreadable' })],
  'on their last day': [rule('token_lifetime', { expires: '2026-11-24' })],
}

/** What else a configuration says of what is judged. Here two sets of rules are enough. */
const SCOPES: Readonly<Record<string, JsonObject>> = {
  'an API excluded': { exclude: ['https://billing*', BY_HAND] },
  'everything excluded': { exclude: '*' },
  'a low ceiling': { lifetime_ceiling: 10_000 },
}
const RULES_WITH_SCOPES = ['no rule', 'for some']

const BASES: Readonly<Record<string, JsonObject>> = {
  'no base': {},
  base: { base: 'base.json' },
  "another tenant's base": { base: 'foreign.json' },
}

/** The same settings at the top of a configuration, or in the entry of the tenant beside another one’s. */
const PLACES: Readonly<Record<string, (settings: JsonObject, domain: string) => JsonObject>> = {
  'for all': (settings) => settings,
  'for one of two tenants': ({ accept, ...settings }, domain) => ({
    tenants: {
      demo: { domain, accept: accept ?? [], ...settings },
      other: { domain: 'other.eu.auth0.com', accept: [rule('**')] },
    },
  }),
}

let tenant: Simulator
let recorded: string

beforeAll(async () => {
  tenant = await startSimulator({ seed: 8200 })
  setLive({ apis: IN_SYNC })
  const reading = await (await startProcess(tenant).session.reader()).inventory()
  if (!reading.ok) throw new Error(reading.message)
  recorded = JSON.stringify(toSnapshotFile(reading.snapshot, new Date('2026-11-01T08:00:00Z')))
  return () => tenant.close()
})

function setLive({ apis, fault }: (typeof LIVE)[string]): void {
  tenant.reset()
  for (const api of tenant.list()) if (api.is_system !== true) tenant.remove(api.identifier as string)
  for (const api of apis) tenant.put(api)
  if (fault !== undefined) tenant.setFault(fault)
}

/** One finding in one line, the same for both sides. Values of notices are left out: groups do not keep all of them. */
function line(
  finding: Omit<Told, 'origin'> & { readonly origin?: Json | undefined },
  counts: boolean,
  isNotice: boolean,
): string {
  const { identifier, path, kind, origin, direction, severity } = finding
  const values = isNotice ? [] : [shown(finding.declared), shown(finding.live)]
  return JSON.stringify([
    identifier,
    path === 'identifier' ? '' : path,
    kind,
    origin ?? null,
    counts,
    direction,
    severity,
    ...values,
  ])
}

interface Told {
  readonly identifier: string | null
  readonly path: string
  readonly kind: Json
  readonly origin: Json
  readonly direction: Json
  readonly severity: Json
  readonly declared?: Shown
  readonly live?: Shown
}

const shown = (value: Shown | undefined): Json =>
  value === undefined ? null : canonicalText(isHidden(value) ? '(hidden)' : value)

function saidByReport(findings: readonly ReportFinding[]): readonly string[] {
  // A pack tells a notice of an unknown field on each API that has it.
  const each = (finding: ReportFinding): readonly ReportFinding[] =>
    finding.counts || finding.on === undefined
      ? [finding]
      : finding.on.map(({ identifier }) => ({ ...finding, identifier }))
  return findings
    .flatMap(each)
    .map((one) => line(one, one.counts, !one.counts && one.origin !== 'pending'))
    .sort()
}

type Entries = Readonly<Record<string, JsonObject>>

/** What a check found of one API or (null) of its tenant, as it stands in `drift`, `pending` or `accepted`. */
function entries(identifier: string | null, part: Json | undefined): readonly Told[] {
  return Object.entries((part ?? {}) as Entries).map(
    ([path, entry]) => ({ identifier, path, ...entry }) as unknown as Told,
  )
}

function ofTenant(part: Json | undefined): readonly Told[] {
  return Object.entries((part ?? {}) as JsonObject).flatMap(([name, inner]) =>
    entries(name === tenant.domain ? null : name, inner),
  )
}

function notices({ notices: groups }: JsonObject): readonly Told[] {
  return (groups as readonly JsonObject[]).flatMap((group) => {
    const names = group.identifiers as readonly string[]
    if (names.length > 0 && names.length !== group.apis)
      throw new Error('the corpus is too big: a group leaves APIs out')
    return (names.length === 0 ? [null] : names).map((identifier) => ({ ...group, identifier }) as unknown as Told)
  })
}

function saidByCheck(
  drift: readonly Told[],
  pending: readonly Told[],
  noticed: readonly Told[],
  observed: JsonObject,
): readonly string[] {
  if (observed.status === 'unreadable') {
    return [
      ...[...drift, ...pending, ...noticed].map((each) => `of what could not be read: ${each.path}`),
      line({ identifier: null, path: '', kind: 'unreadable', direction: 'neutral', severity: 'high' }, true, false),
    ]
  }
  return [
    ...drift.map((each) => line(each, true, false)),
    ...pending.map((each) => line(each, false, false)),
    ...noticed.map((each) => line(each, false, true)),
  ].sort()
}

const ruled = (identifier: string | null, path: string, kind: Json, words_: unknown): string => {
  const { reason, owner, expires } = words_ as JsonObject
  return JSON.stringify([identifier, path === 'identifier' ? '' : path, kind, reason, owner, expires])
}

function acceptedByReport({ ignored }: Report): readonly string[] {
  // One path of one API can be two findings, of which a check names the one that would count.
  const byPlace = new Map<string, Report['ignored'][number]>()
  for (const each of ignored) {
    const place = JSON.stringify([each.finding.identifier, each.finding.path])
    if (byPlace.get(place)?.finding.counts !== true) byPlace.set(place, each)
  }
  return [...byPlace.values()]
    .map(({ finding, ...rest }) => ruled(finding.identifier, finding.path, finding.kind, rest))
    .sort()
}

const stale = (state: Json, file: Json, line_: Json, { resource_server, path, kind }: JsonObject): string =>
  JSON.stringify([state, file, line_, resource_server, path, kind ?? null])

function staleByReport({ rules }: Report): readonly string[] {
  return rules
    .flatMap(({ state, file, line: at, rule: each }) =>
      state === 'used' ? [] : [stale(state, file, at, each as unknown as JsonObject)],
    )
    .sort()
}

function staleByCheck({ staleRules = [] }: JsonObject): readonly string[] {
  return (staleRules as readonly JsonObject[])
    .map((each) => stale(each.state ?? null, each.file ?? null, each.line ?? null, each))
    .sort()
}

/** What the pack makes of a check, without what it only shows; and of the rules. */
function byPack(type: string, inputs: JsonObject): { readonly counting: number; readonly stale: number } {
  const onlyShown = /Advisory: (there is no record|it does not count)/
  const reported = runPack([{ type, props: inputs }])
  const isAside = (policy: string): boolean => policy === 'weaker-declaration' || policy === 'stale-rule'
  return {
    counting: reported.filter(({ policy, message }) => !isAside(policy) && !onlyShown.test(message)).length,
    stale: reported.filter(({ policy }) => policy === 'stale-rule').length,
  }
}

interface Combination {
  readonly at: string
  readonly base: JsonObject
  readonly isRecorded: boolean
  readonly accept: readonly JsonObject[]
  readonly scope: JsonObject
  readonly configOf: (settings: JsonObject, domain: string) => JsonObject
}

function combine(
  bases: readonly string[],
  rules: readonly string[],
  scopes: Readonly<Record<string, JsonObject>>,
): readonly Combination[] {
  return bases.flatMap((base) =>
    [false, true].flatMap((isRecorded) =>
      rules.flatMap((name) =>
        Object.entries(scopes).flatMap(([scope, settings]) =>
          Object.entries(PLACES).map(([place, configOf]) => ({
            at: `${base}, ${isRecorded ? '' : 'not '}recorded, rules ${name}, ${scope}, ${place}`,
            base: BASES[base] ?? {},
            isRecorded,
            accept: RULES[name] ?? [],
            scope: settings,
            configOf,
          })),
        ),
      ),
    ),
  )
}

const combinations: readonly Combination[] = [
  ...combine(['no base', 'base'], Object.keys(RULES), { 'everything looked at': {} }),
  ...combine(['no base', 'base'], RULES_WITH_SCOPES, SCOPES),
  ...combine(["another tenant's base"], ['no rule'], { 'everything looked at': {} }),
]

/** In `npm test` a fifth of them for each case: every combination meets every live, each with another one of the declared. */
const NTH = IS_WIDE ? 1 : 5
const cases = Object.keys(LIVE).flatMap((lives, row) =>
  Object.keys(DECLARED).map((declares, column) => {
    const combined = combinations.filter((_, index) => index % NTH === (row + column) % NTH)
    return { lives, declares, combined }
  }),
)

describe('the gate and the check over one corpus', () => {
  test.for(cases)(
    'live $lives, declared $declares: find, count and accept the same',
    async ({ lives, declares, combined }) => {
      const cwd = projectFolder()
      const apis = DECLARED[declares] ?? []
      const write = (name: string, value: unknown): void =>
        writeFileSync(join(cwd, name), typeof value === 'string' ? value : JSON.stringify(value))
      write('declared.json', { resource_servers: apis, managed_elsewhere: ['urn:legacy:*'] })
      write('base.json', { resource_servers: APPLIED, managed_elsewhere: ['urn:legacy:*'] })
      write('foreign.json', { tenant: 'other.eu.auth0.com', resource_servers: APPLIED })
      write('agreed.json', recorded)
      setLive(LIVE[lives] ?? { apis: [] })
      let accepted = 0

      for (const { at, base, isRecorded, accept, scope, configOf } of combined) {
        const recording = isRecorded ? { recorded: 'agreed.json' } : {}
        const settings = { declared: 'declared.json', ...base, ...recording, ...scope, accept }
        write('tenant-drift.json', configOf(settings, tenant.domain))
        const argv = ['check', '--output', 'json', '--tenant', tenant.domain]
        const report = reportIn((await run(argv, { cwd, env: envOf(tenant) })).out)
        const process = startProcess(tenant, { cwd, now: () => NOW })
        const { inputs, observed, drift } = await checkOnce(process, 'files', { files: 'declared.json', ...base })
        const isInvalid = observed.status === 'invalid'
        const pack = byPack(TENANT_TYPE, inputs)
        // Where nothing was compared, a check has nothing to say of rules.
        const isSilent = isInvalid || observed.status === 'unreadable'
        accepted += report.ignored.length

        expect({
          at,
          said: saidByCheck(ofTenant(drift), ofTenant(observed.pending), notices(observed), observed),
          ruledBy: ofTenant(observed.accepted)
            .map((each) => ruled(each.identifier, each.path, each.kind, each))
            .sort(),
          isOpen: isInvalid || observed.status === 'unreadable',
          stale: staleByCheck(observed),
          // A mistake is an error of a report, and a violation of the pack.
          // ... and so is that nothing was judged, where everything is excluded: a report says it in its headline.
          counting: pack.counting - (isInvalid || observed.allExcluded === true ? 1 : 0),
          staleByPack: pack.stale,
        }).toEqual({
          at,
          said: saidByReport(report.findings),
          ruledBy: acceptedByReport(report),
          isOpen: report.verdict === 'incomplete',
          stale: isSilent ? [] : staleByReport(report),
          counting: report.summary.counting,
          staleByPack: isSilent ? 0 : staleByReport(report).length,
        })

        // One API's check knows nothing of what is recorded, and a new field is the tenant's.
        const comparable = isRecorded || report.verdict === 'incomplete' ? [] : apis
        for (const api of comparable) {
          const identifier = api.identifier as string
          const one = await checkOnce(process, 'server', { ...api, ...base })
          const isOwn = (each: { readonly identifier: string | null; readonly kind: Json }): boolean =>
            each.identifier === identifier && each.kind !== 'unknown-field'
          const [counting, pending] = [one.drift, one.observed.pending].map((part) => entries(identifier, part))
          const findings = report.findings.filter(isOwn)

          expect({
            at: [at, identifier],
            said: saidByCheck(counting ?? [], pending ?? [], notices(one.observed).filter(isOwn), one.observed),
            counting: byPack(RESOURCE_SERVER_TYPE, one.inputs).counting,
          }).toEqual({
            at: [at, identifier],
            said: saidByReport(findings),
            counting: findings.filter(({ counts }) => counts).length,
          })
        }
      }
      // A corpus in which no rule had anything to do would show nothing.
      const isQuiet = lives === 'as it was applied' && declares === 'what was applied'
      expect(accepted > 0).toBe(lives !== 'unreadable' && declares !== 'a mistake' && !isQuiet)
    },
  )
})
