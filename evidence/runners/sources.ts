import { parseDeclaredFiles } from '../../src/sources/front.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import { MistakesError } from '../../src/schema/errors.ts'
import { topRows } from '../../src/schema/fields.ts'
import { sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import { memoryFiles } from '../../test/declared/memory-files.ts'
import { bareApi, IDENTIFIER, liveForm, samplesOf } from '../../test/support/corpus.ts'
import { compareAll, snapshotOf } from '../../test/support/scenes.ts'
import { toPulumi, toTerraform } from '../../test/support/to-provider.ts'
import { runSourcesBeside } from './sources-beside.ts'

/** What a source of another tool does not tell of one setting, and how it says so. */
interface Way {
  readonly name: string
  readonly change: (attribute: string, value: Json) => Readonly<Record<string, Json>>
  /** As declared: it could not be read, or nothing is declared by it, or it stands there as the tenant has it. */
  readonly declared: 'unread' | 'silent' | 'refreshed' | 'beside'
  /** As base: nothing can be told from it; or it says, rightly, that nothing was declared. */
  readonly base: 'dark' | 'silent' | 'refreshed' | 'beside'
}

interface Kind {
  readonly name: string
  readonly attributes: (api: JsonObject) => JsonObject
  readonly text: (attributes: JsonObject, more: JsonObject) => string
  readonly ways: readonly Way[]
}

const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' }
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const URN = 'urn:pulumi:dev::shop::auth0:index/resourceServer:ResourceServer::orders'
const PULUMI = { urn: URN, custom: true, type: 'auth0:index/resourceServer:ResourceServer' }
const PROVIDER = 'provider["registry.terraform.io/auth0/auth0"]'

const way = (name: string, both: Pick<Way, 'declared' | 'base'>, change: Way['change']): Way => ({
  name,
  change,
  ...both,
})
const UNREAD = { declared: 'unread', base: 'dark' } as const
const unmapped = way(
  'beside an attribute without a row',
  { declared: 'beside', base: 'beside' },
  (attribute, value) => ({
    [attribute]: value,
    novelty: true,
  }),
)
/** What `set` gives stands for the live value: see `sourceOf`. */
const refreshed = way('refreshed', { declared: 'refreshed', base: 'refreshed' }, (attribute, value) => ({
  [attribute]: value,
}))

const KINDS: readonly Kind[] = [
  {
    name: 'pulumi-stack',
    attributes: (api) => toPulumi(api).server,
    text: (inputs, more) => JSON.stringify({ version: 3, deployment: { resources: [{ ...PULUMI, inputs, ...more }] } }),
    ways: [
      way('encrypted', UNREAD, (attribute) => ({ [attribute]: { ...SECRET, ciphertext: 'v1:x' } })),
      way('decrypted with a wrong passphrase', UNREAD, (attribute) => ({
        [attribute]: { ...SECRET, plaintext: 'null' },
      })),
      way('absent', { declared: 'silent', base: 'silent' }, () => ({})),
      way('ignored', { declared: 'silent', base: 'silent' }, (attribute, value) => ({
        [attribute]: value,
        __ignoreChanges: [attribute],
      })),
      unmapped,
      refreshed,
    ],
  },
  {
    name: 'pulumi-preview',
    attributes: (api) => toPulumi(api).server,
    text: (inputs, more) =>
      JSON.stringify({ steps: [{ op: 'create', urn: URN, newState: { ...PULUMI, inputs, ...more } }] }),
    ways: [
      way('secret', UNREAD, (attribute) => ({ [attribute]: '[secret]' })),
      way('not known yet', UNREAD, (attribute) => ({ [attribute]: UNKNOWN })),
      way('absent', { declared: 'silent', base: 'silent' }, () => ({})),
      unmapped,
    ],
  },
  {
    name: 'tfstate',
    attributes: (api) => toTerraform(api).server,
    text: (attributes) =>
      JSON.stringify({
        version: 4,
        resources: [
          {
            mode: 'managed',
            type: 'auth0_resource_server',
            name: 'a',
            provider: PROVIDER,
            instances: [{ attributes }],
          },
        ],
      }),
    ways: [
      way('null', { declared: 'silent', base: 'dark' }, (attribute) => ({ [attribute]: null })),
      way('absent', { declared: 'silent', base: 'dark' }, () => ({})),
      unmapped,
      refreshed,
    ],
  },
  {
    name: 'tfplan',
    attributes: (api) => toTerraform(api).server,
    text: (attributes, { unknown = {}, expressions = {} }) => {
      const names = { type: 'auth0_resource_server', name: 'a', mode: 'managed' }
      const change = { actions: ['create'], before: null, after: attributes, after_unknown: unknown }
      return JSON.stringify({
        format_version: '1.2',
        complete: true,
        resource_changes: [{ ...names, address: 'auth0_resource_server.a', change }],
        configuration: { root_module: { resources: [{ ...names, expressions }] } },
      })
    },
    ways: [
      way('not known before an apply', UNREAD, (attribute) => ({ __unresolved: attribute })),
      way('null', { declared: 'silent', base: 'silent' }, (attribute) => ({ [attribute]: null })),
      unmapped,
    ],
  },
]

export interface SourcesTally {
  readonly cases: number
  /** Clean or pending where something that is declared, or was, could not be judged; one line each. */
  readonly wrong: readonly string[]
}

/** Every kind of source as declared, as base and as both, with every way of not knowing one setting, of each setting: the tenant has another value. */
export async function runSources(): Promise<SourcesTally> {
  let cases = 0
  const wrong: string[] = []
  for (const kind of KINDS) {
    for (const [field, value, other] of settings(kind)) {
      for (const each of kind.ways) {
        for (const role of ['declared', 'base', 'both'] as const) {
          for (const isRecorded of [false, true]) {
            const said = await outcome(kind, each, role, { field, value, other, isRecorded })
            if (said === null) continue
            cases++
            const record = isRecorded ? ', recorded' : ''
            if (said !== 'told') wrong.push(`${kind.name} as ${role}, ${field} ${each.name}${record}: ${said}`)
          }
        }
      }
    }
    cases++
    if (!(await isRefused(kind))) wrong.push(`${kind.name} without APIs is read`)
  }
  const beside = await runSourcesBeside()
  return { cases: cases + beside.cases, wrong: [...wrong, ...beside.wrong] }
}

/** Settings that the provider has an attribute for, each with two values. */
function settings(kind: Kind): readonly (readonly [field: string, value: Json, other: Json])[] {
  return topRows().flatMap((row) => {
    if (row.compare === 'key' || row.compare === 'secret' || !row.watched || row.path === 'scopes') return []
    const [value, other] = samplesOf(row).filter((sample) => sample !== null)
    if (value === undefined || other === undefined) return []
    return attributeOf(kind, row.path, value) === null ? [] : [[row.path, value, other] as const]
  })
}

function attributeOf(kind: Kind, field: string, value: Json): string | null {
  const before = kind.attributes({ identifier: IDENTIFIER })
  const after = kind.attributes({ identifier: IDENTIFIER, [field]: value })
  return Object.keys(after).find((name) => !sameJson(before[name], after[name])) ?? null
}

interface Setting {
  readonly field: string
  readonly value: Json
  readonly other: Json
  /** The tenant was recorded as it was declared. */
  readonly isRecorded: boolean
}

/** `told`, or what was said in place of it; null where the case says nothing: there is nothing declared, and nothing that it could be measured by. */
async function outcome(
  kind: Kind,
  each: Way,
  role: 'declared' | 'base' | 'both',
  setting: Setting,
): Promise<string | null> {
  const { field, value, other, isRecorded } = setting
  const source = await sourceOf(kind, each, setting)
  const files = await parse(
    'files.json',
    JSON.stringify({ resource_servers: [{ identifier: IDENTIFIER, [field]: value }] }),
    'files',
  )
  const live = { ...bareApi(), ...liveForm({ [field]: other }) }
  const agreed = { ...bareApi(), ...liveForm({ [field]: value }) }
  const asDeclared = role === 'base' ? files : source
  const asBase = role === 'declared' ? null : source
  const due = role === 'base' ? each.base : each.declared
  // What was not declared is measured by the record alone, and so is what a refresh took over.
  if (due === 'silent' && (role === 'base' || !isRecorded)) return null
  if (due === 'refreshed' && !isRecorded) return null
  const { findings, verdict } = compareAll({
    live: [live],
    input: { declared: asDeclared, base: asBase, recorded: isRecorded ? snapshotOf([agreed]) : null },
  })
  const here = findings.filter(
    ({ path }) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
  )
  if (due === 'unread') return verdict === 'incomplete' ? 'told' : verdict
  return here.some(({ counts }) => counts)
    ? 'told'
    : `${verdict}: ${here.map(({ kind: of, origin }) => `${of} ${origin}`).join(', ')}`
}

async function sourceOf(kind: Kind, each: Way, { field, value, other }: Setting): Promise<DeclaredState> {
  const attribute = attributeOf(kind, field, value) ?? ''
  const stands = each.declared === 'refreshed' ? other : value
  const whole = kind.attributes({ identifier: IDENTIFIER, [field]: stands })
  const { [attribute]: written = null, id: _id, ...rest } = whole
  const { __ignoreChanges, __unresolved, ...changed } = each.change(attribute, written)
  const more: JsonObject =
    __unresolved === undefined
      ? __ignoreChanges === undefined
        ? {}
        : { ignoreChanges: __ignoreChanges }
      : {
          unknown: { [attribute]: true },
          expressions: { [attribute]: { references: ['auth0_client.x.name', 'auth0_client.x'] } },
        }
  return parse('s.json', kind.text({ ...rest, ...changed }, more), kind.name)
}

function parse(file: string, text: string, kind: string): Promise<DeclaredState> {
  return parseDeclaredFiles([`${kind}:${file}`], memoryFiles({ [file]: text }), { variables: {} })
}

/** A source without any API is a mistake: as base it would make every difference pending. */
async function isRefused(kind: Kind): Promise<boolean> {
  const text = kind.text({ identifier: IDENTIFIER }, {}).replaceAll(/auth0_resource_server|ResourceServer/g, 'other')
  try {
    await parse('s.json', text, kind.name)
    return false
  } catch (error) {
    return error instanceof MistakesError
  }
}
