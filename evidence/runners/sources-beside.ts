import { refuseOtherTenant } from '../../src/cli/sides.ts'
import { compareTenant } from '../../src/compare/front.ts'
import { gatherTenant } from '../../src/run/gather-tenant.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import { MistakesError } from '../../src/schema/errors.ts'
import { topRows } from '../../src/schema/fields.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import { digestSecret } from '../../src/schema/secret-digest.ts'
import type { TenantReader } from '../../src/schema/snapshot.ts'
import { memoryFiles } from '../../test/declared/memory-files.ts'
import { bareApi, IDENTIFIER, liveForm, samplesOf } from '../../test/support/corpus.ts'
import { PROOF, snapshotOf, TENANT } from '../../test/support/scenes.ts'
import { ENTRY, madeBy, plan, planOf, preview, pulumiProvider, stack, state, type Made } from './source-texts.ts'

/** A source that does not tell what was declared of one setting. `due`: what it comes to as declared, and as base; `silent` is measured by a record alone. */
interface Untold {
  readonly name: string
  readonly source: string
  readonly texts: Readonly<Record<string, string>>
  readonly declared: 'unread' | 'silent' | 'told' | 'notice' | 'refused'
  readonly base: 'dark' | 'silent' | 'refused'
}

interface Setting {
  readonly field: string
  readonly value: Json
  readonly other: Json
}

const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' }
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const PULUMI_SERVER = 'auth0:index/resourceServer:ResourceServer'
const PULUMI_SCOPES = 'auth0:index/resourceServerScopes:ResourceServerScopes'
const UNREAD = { declared: 'unread', base: 'dark' } as const
const SILENT = { declared: 'silent', base: 'silent' } as const

const READ = { value: 'read:orders', description: 'Read' }
const WRITE = { value: 'write:orders', description: 'Write' }
const SCOPES: Setting = { field: 'scopes', value: [READ], other: [READ, WRITE] }
const SIGNING_SECRET: Setting = {
  field: 'signing_secret',
  value: 'declared-secret-0123456789',
  other: 'someone-elses-secret-0123456',
}

const one = (kind: string, name: string, text: string, due: Pick<Untold, 'declared' | 'base'>): Untold => ({
  name: `${kind}: ${name}`,
  source: `${kind}:s.json`,
  texts: { 's.json': text },
  ...due,
})

const PULUMI_OWNER = { resourceServerIdentifier: IDENTIFIER }
const TERRAFORM_OWNER = { resource_server_identifier: IDENTIFIER }
const named = (...scopes: readonly (typeof READ)[]) =>
  scopes.map(({ value, description }) => ({ name: value, description }))
const server: Made = [PULUMI_SERVER, ENTRY]
const scopesOf = (scopes: Json, more: JsonObject = {}): Made => [PULUMI_SCOPES, { ...PULUMI_OWNER, scopes }, more]
const terraformScopes = (more: JsonObject): Made => ['auth0_resource_server_scopes', { ...TERRAFORM_OWNER, ...more }]
const terraformServer = (more: JsonObject = {}): Made => ['auth0_resource_server', { ...ENTRY, ...more }]
const withSecret = (signingSecret: Json, more: JsonObject = {}): Made => [
  PULUMI_SERVER,
  { ...ENTRY, signingSecret },
  more,
]

/** Scopes are resources of their own, and lists of items. */
const OF_SCOPES: readonly Untold[] = [
  one('pulumi-stack', 'encrypted', stack(server, scopesOf({ ...SECRET, ciphertext: 'v1:x' })), UNREAD),
  one('pulumi-stack', 'with a wrong passphrase', stack(server, scopesOf({ ...SECRET, plaintext: 'null' })), UNREAD),
  one('pulumi-stack', 'absent', stack(server), SILENT),
  one('pulumi-stack', 'ignored', stack(server, scopesOf(named(READ), { ignoreChanges: ['scopes'] })), SILENT),
  one('pulumi-stack', 'refreshed', stack(server, scopesOf(named(READ, WRITE))), { declared: 'notice', base: 'dark' }),
  one('pulumi-stack', 'of an API that it does not hold', stack(scopesOf({ ...SECRET, ciphertext: 'v1:x' })), UNREAD),
  one('pulumi-preview', 'secret', preview(server, scopesOf('[secret]')), UNREAD),
  one('pulumi-preview', 'not known yet', preview(server, scopesOf(UNKNOWN)), UNREAD),
  one('pulumi-preview', 'absent', preview(server), SILENT),
  one('tfstate', 'absent', state(terraformServer()), SILENT),
  one('tfstate', 'refreshed', state(terraformServer(), terraformScopes({ scopes: named(READ, WRITE) })), {
    declared: 'notice',
    base: 'dark',
  }),
  one(
    'tfstate',
    'inside the API',
    state(terraformServer({ scopes: [{ value: 'read:orders', description: 'Read' }] })),
    {
      declared: 'told',
      base: 'dark',
    },
  ),
  one('tfplan', 'not known before an apply', plan(['scopes'], terraformScopes({}), terraformServer()), UNREAD),
  one('tfplan', 'absent', plan([], terraformServer()), SILENT),
]

const OF_SECRETS: readonly Untold[] = [
  one('pulumi-stack', 'encrypted', stack(withSecret({ ...SECRET, ciphertext: 'v1:x' })), UNREAD),
  one('pulumi-stack', 'with a wrong passphrase', stack(withSecret({ ...SECRET, plaintext: 'null' })), UNREAD),
  one('pulumi-stack', 'absent', stack(server), { declared: 'silent', base: 'dark' }),
  one('pulumi-preview', 'secret', preview(withSecret('[secret]')), UNREAD),
  one('pulumi-preview', 'not known yet', preview(withSecret(UNKNOWN)), UNREAD),
  one('tfstate', 'null', state(terraformServer({ signing_secret: null })), { declared: 'silent', base: 'dark' }),
  one('tfstate', 'absent', state(terraformServer()), { declared: 'silent', base: 'dark' }),
  one('tfplan', 'not known before an apply', plan(['signing_secret'], terraformServer()), UNREAD),
]

/** Files of the deploy CLI: what its configuration leaves alone nobody knows, and a keyword without a value is a mistake. */
function ofDeployCli({ field, value }: Setting): readonly Untold[] {
  const entry = { ...ENTRY, [field]: value }
  const other = { identifier: 'urn:other', name: 'Other' }
  const made = (
    name: string,
    servers: readonly JsonObject[],
    config: JsonObject,
    due: Pick<Untold, 'declared' | 'base'>,
  ) => ({
    name: `a0deploy: ${name}`,
    source: 'a0deploy:tenant.yaml',
    texts: { 'tenant.yaml': JSON.stringify({ resourceServers: servers }), 'config.json': JSON.stringify(config) },
    ...due,
  })
  const excluded = { AUTH0_EXCLUDED_RESOURCE_SERVERS: ['Orders'] }
  const refused = { declared: 'refused', base: 'refused' } as const
  return [
    made('API excluded', [entry, other], excluded, { declared: 'silent', base: 'dark' }),
    made('every API excluded', [entry], excluded, refused),
    made('all APIs left out', [entry], { AUTH0_EXCLUDED: ['resourceServers'] }, refused),
    made('other types alone', [entry], { AUTH0_INCLUDED_ONLY: ['clients'] }, refused),
    made(
      'setting excluded',
      [entry],
      { EXCLUDED_PROPS: { resourceServers: [field] } },
      { declared: 'silent', base: 'dark' },
    ),
    made('absent', [ENTRY], {}, SILENT),
    made('keyword without a value', [{ ...ENTRY, [field]: '@@GONE@@' }], { AUTH0_ALLOW_DELETE: false }, refused),
    made('keyword in a text', [{ ...ENTRY, [field]: '##GONE##' }], { AUTH0_ALLOW_DELETE: false }, refused),
    made('no list', [], {}, SILENT),
  ].map((each) =>
    each.name.endsWith('no list') ? { ...each, texts: { 'tenant.yaml': '{"clients": []}' }, ...refused } : each,
  )
}

export interface Told {
  readonly cases: number
  readonly wrong: readonly string[]
}

/** Scopes, secrets, the deploy CLI and sources of other tenants: each as declared, as base and as both, with and without a record. */
export async function runSourcesBeside(): Promise<Told> {
  let cases = 0
  const wrong: string[] = []
  const judge = async (untold: Untold, setting: Setting): Promise<void> => {
    for (const role of ['declared', 'base', 'both'] as const) {
      for (const isRecorded of [false, true]) {
        const said = await outcome(untold, setting, role, isRecorded)
        if (said === null) continue
        cases++
        const record = isRecorded ? ', recorded' : ''
        if (said !== 'told') wrong.push(`${untold.name} as ${role}, ${setting.field}${record}: ${said}`)
      }
    }
  }
  for (const untold of OF_SCOPES) await judge(untold, SCOPES)
  for (const untold of OF_SECRETS) await judge(untold, SIGNING_SECRET)
  for (const setting of [...settings(), SCOPES, SIGNING_SECRET])
    for (const untold of ofDeployCli(setting)) await judge(untold, setting)
  for (const [name, source, texts] of OTHER_TENANTS) {
    for (const role of ['declared', 'base', 'both'] as const) {
      cases++
      const said = await ofOtherTenant(source, texts, role)
      if (said !== 'told') wrong.push(`${name} as ${role}: ${said}`)
    }
  }
  return { cases, wrong }
}

function settings(): readonly Setting[] {
  return topRows().flatMap((row) => {
    if (row.compare === 'key' || row.compare === 'secret' || !row.watched || row.path === 'scopes') return []
    const [value, other] = samplesOf(row).filter((sample) => sample !== null)
    return value === undefined || other === undefined ? [] : [{ field: row.path, value, other }]
  })
}

async function outcome(
  untold: Untold,
  { field, value, other }: Setting,
  role: 'declared' | 'base' | 'both',
  isRecorded: boolean,
): Promise<string | null> {
  const due = role === 'base' ? untold.base : untold.declared
  const source = await parse(untold.source, untold.texts).catch((error: unknown) => {
    if (error instanceof MistakesError) return null
    throw error
  })
  if (source === null || due === 'refused')
    return source === null && due === 'refused' ? 'told' : `refused: ${source === null}`
  // A record holds no secret, and what was not declared is measured by the record alone.
  if (due === 'silent' && (role === 'base' || !isRecorded || field === 'signing_secret')) return null
  if ((due === 'notice' || (role === 'base' && field === 'scopes' && untold.declared === 'notice')) && !isRecorded)
    return null
  const files = await parse('files.json', {
    'files.json': JSON.stringify({ resource_servers: [{ identifier: IDENTIFIER, [field]: value }] }),
  })
  const declared = role === 'base' ? files : source
  const base = role === 'declared' ? null : source
  const isSecret = field === 'signing_secret'
  const live = { ...bareApi(), ...(isSecret ? { signing_alg: 'HS256' } : liveForm({ [field]: other })) }
  const agreed = { ...bareApi(), ...(isSecret ? { signing_alg: 'HS256' } : liveForm({ [field]: value })) }
  const recorded = isRecorded ? snapshotOf([agreed]) : null
  const reader = readerOf(live, isSecret && typeof other === 'string' ? other : null)
  const { input } = await gatherTenant(reader, { declared, base, recorded }, { includes: null })
  const { findings, verdict } = compareTenant(TENANT, input)
  const here = findings.filter(
    ({ path, identifier }) =>
      identifier === IDENTIFIER && (path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)),
  )
  if (due === 'unread') return verdict === 'incomplete' ? 'told' : verdict
  if (here.some(({ counts }) => counts)) return 'told'
  // What is always written by somebody is said against the record, and fails nothing.
  if (due === 'notice' && here.some(({ kind }) => kind === 'undeclared')) return 'told'
  return `${verdict}: ${here.map(({ kind, origin }) => `${kind} ${origin}`).join(', ')}`
}

function readerOf(live: JsonObject, secret: string | null): TenantReader {
  const reader: TenantReader = {
    tenant: TENANT,
    inventory: () => Promise.resolve({ ok: true, snapshot: snapshotOf([live]) }),
    find: (identifiers) => Promise.resolve(new Map(identifiers.map((each) => [each, { status: 'missing' } as const]))),
    async secretDigests(identifiers) {
      const digest = secret === null ? null : await digestSecret(TENANT, IDENTIFIER, secret)
      return new Map(identifiers.map((each) => [each, { status: 'read', digest } as const]))
    },
    fresh: () => reader,
    proof: () => PROOF,
    close: () => Promise.resolve(),
  }
  return reader
}

const OTHER = 'other.eu.auth0.com'
/** Sources that say another tenant, or two. */
const OTHER_TENANTS: readonly (readonly [name: string, source: string, texts: Readonly<Record<string, string>>])[] = [
  ['files of another tenant', 's.json', { 's.json': JSON.stringify({ tenant: OTHER, resource_servers: [ENTRY] }) }],
  [
    'files of two tenants',
    '*.json',
    {
      'a.json': JSON.stringify({ tenant: OTHER, resource_servers: [ENTRY] }),
      'b.json': JSON.stringify({ tenant: TENANT, resource_servers: [] }),
    },
  ],
  [
    'pulumi-stack of another tenant',
    'pulumi-stack:s.json',
    { 's.json': stack(pulumiProvider('a', OTHER), [PULUMI_SERVER, ENTRY, madeBy('a')]) },
  ],
  [
    'pulumi-stack of two tenants',
    'pulumi-stack:s.json',
    {
      's.json': stack(
        pulumiProvider('a', OTHER),
        pulumiProvider('b', TENANT),
        [PULUMI_SERVER, ENTRY, madeBy('a')],
        [PULUMI_SERVER, { ...ENTRY, identifier: 'urn:b' }, madeBy('b')],
      ),
    },
  ],
  ['tfplan of another tenant', 'tfplan:s.json', { 's.json': planOf(OTHER) }],
  ['tfplan of two tenants', 'tfplan:s.json', { 's.json': planOf(TENANT, OTHER) }],
  [
    'tfstate of two configurations',
    'tfstate:s.json',
    {
      's.json': state(terraformServer(), ['auth0_resource_server', { ...ENTRY, identifier: 'urn:b' }]).replace(
        /(.*)auth0\/auth0\\"\]/s,
        '$1auth0/auth0\\"].two',
      ),
    },
  ],
]

async function ofOtherTenant(source: string, texts: Readonly<Record<string, string>>, role: string): Promise<string> {
  try {
    const said = await parse(source, texts)
    const ours = await parse('ours.json', {
      'ours.json': JSON.stringify({ tenant: TENANT, resource_servers: [ENTRY] }),
    })
    const sides = { declared: role === 'base' ? ours : said, base: role === 'declared' ? null : said, recorded: null }
    refuseOtherTenant(sides, TENANT)
    return `is read as ${said.tenant ?? 'a tenant without a name'}`
  } catch (error) {
    if (error instanceof MistakesError) return 'told'
    throw error
  }
}

function parse(source: string, texts: Readonly<Record<string, string>>): Promise<DeclaredState> {
  return parseDeclaredFiles([source], memoryFiles(texts), { variables: {} })
}
