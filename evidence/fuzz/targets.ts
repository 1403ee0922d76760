import { createHash } from 'node:crypto'
import { judgeFindings, matcher, type Comparison } from '../../src/compare/front.ts'
import { parseConfig, readRules } from '../../src/declared/config-file.ts'
import type { TrustedFiles } from '../../src/git/disk-files.ts'
import { parseReport, render } from '../../src/report/front.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import { canonicalText, isJsonObject, own, sameJson, type Json, type JsonObject } from '../../src/schema/json.ts'
import type { PlacedRule } from '../../src/schema/accept-rule.ts'
import type { Report } from '../../src/schema/report.ts'
import { parseDeclaredFiles } from '../../src/sources/front.ts'
import { parseSnapshotFile, toSnapshotFile } from '../../src/tenant/front.ts'
import { memoryFiles } from '../../test/declared/memory-files.ts'
import { PLANTED } from '../../test/properties/wounds.ts'
import { richReport } from '../../test/report/rich-report.ts'
import { TENANT } from '../../test/support/scenes.ts'
import { formsOfApis } from './forms.ts'
import type { Random } from './mutate.ts'
import { APIS, compared, DRIFTED, isQuiet, LIVE_ALG, RECORDED } from './scene.ts'

/** What came of one input that was read. */
export interface Outcome {
  /** What is wrong with it; nothing should be. */
  readonly wrong: readonly string[]
  /** What people are told beside the values: no secret may stand in it. */
  readonly said: readonly string[]
}

export interface Target {
  readonly name: string
  /** Well-formed inputs with a drift in what they say. */
  readonly seeds: readonly Json[]
  readonly isYaml: boolean
  /** Reads an input as the product does, and compares what it says with a tenant that has drifted. Throws what the product throws. */
  readonly read: (text: string, random: Random) => Promise<Outcome>
}

const VARIABLES = { env: 'prod', 'a.b': 'x', LIST: '["read:orders"]', ENV: 'prod' }
const NOW = Date.parse('2026-11-24T12:00:00Z')

/** Whether an input itself says that the tenant is right: the algorithm that it signs with stands in it. */
const isRestored = (text: string): boolean => text.includes(LIVE_ALG)

/** A kind of SOURCE, read as what is declared, as what was declared before, and as both. */
function source(name: string, seeds: readonly Json[], files: (text: string, random: Random) => SourceFiles): Target {
  return {
    name,
    seeds,
    isYaml: /YAML|extends|a0deploy/.test(name),
    async read(text, random) {
      const { source: named, texts } = files(text, random)
      const state = await parseDeclaredFiles([named], memoryFiles(texts), { variables: VARIABLES, env: {} })
      const wrong = [
        ...(name === 'declared, JSON' ? unfaithful(text, state) : []),
        ...quiet('as declared', text, compared({ declared: state }), state),
        ...quiet('as base', text, compared({ base: state }), state),
        ...(random() < 0.3 ? quiet('as both', text, compared({ declared: state, base: state }), state) : []),
      ]
      return { wrong, said: state.warnings.map(({ message }) => message) }
    },
  }
}

interface SourceFiles {
  readonly source: string
  readonly texts: Readonly<Record<string, string>>
}

function quiet(role: string, text: string, { findings }: Comparison, { managedElsewhere }: DeclaredState) {
  const isHandedOver = matcher(managedElsewhere)(DRIFTED)
  return isQuiet(findings) && !isRestored(text) && !isHandedOver ? [`${role}: the drift went quiet`] : []
}

/** What JSON itself says is declared, and what was read of it: entry by entry the same. Texts with variables are left out. */
function unfaithful(text: string, { apis }: DeclaredState): readonly string[] {
  const plain = text.replace(/^\uFEFF/, '')
  if (plain.includes('${')) return []
  const written = own(JSON.parse(plain) as JsonObject, 'resource_servers')
  const entries = Array.isArray(written) ? (written as readonly Json[]) : []
  const read = new Map(apis.map(({ identifier, values }) => [identifier, values]))
  const wrong = entries.flatMap((entry) => {
    if (!isJsonObject(entry)) return ['an entry that is no object was passed over']
    const { $unset: _unset, ...said } = entry
    const values = read.get(own(entry, 'identifier') as string)
    if (values === undefined) return ['an API that is declared was not read']
    return sameJson(said, values) ? [] : ['an API is read as another than it is declared']
  })
  return apis.length > entries.length ? [...wrong, 'an API was read that nobody declares'] : wrong
}

const declaredFile: JsonObject = {
  tenant: TENANT,
  resource_servers: APIS,
  managed_elsewhere: ['urn:legacy:*'],
}
const withVariables: JsonObject = {
  resource_servers: [
    { identifier: DRIFTED, name: '${env} orders', signing_alg: 'RS256', scopes: [{ value: 'read:${env}' }] },
    { identifier: 'urn:secret', signing_secret: PLANTED },
  ],
}
const nothingElse: JsonObject = { resource_servers: [], managed_elsewhere: ['urn:other'] }

const forms = formsOfApis()
const one = (kind: string, file: string) => (text: string) => ({ source: `${kind}${file}`, texts: { [file]: text } })
const deployConfig = JSON.stringify({
  AUTH0_CLIENT_SECRET: PLANTED,
  AUTH0_KEYWORD_REPLACE_MAPPINGS: { ENV: 'prod', LIST: ['a', 'b'], X: null, __proto__: 'x' },
  AUTH0_EXCLUDED_RESOURCE_SERVERS: ['urn:nobody'],
})

/** Files that lie upon one another: the input is the one above, or one that has another below it. */
function layered(text: string, random: Random): SourceFiles {
  const below = JSON.stringify(nothingElse)
  if (random() < 0.5) return { source: 'above.yaml', texts: { 'above.yaml': text, 'below.json': below } }
  const above = JSON.stringify({
    extends: ['between.json'],
    resource_servers: [{ identifier: 'urn:rich', name: 'Rich' }],
  })
  return { source: 'above.json', texts: { 'above.json': above, 'between.json': text, 'below.json': below } }
}

const snapshotFile = toSnapshotFile(RECORDED, new Date(NOW)) as unknown as JsonObject

/** Rules that hide other things than the drift. */
const config: JsonObject = {
  tenants: {
    acme: {
      domain: TENANT,
      credentials: { client_id: 'ACME_ID', client_secret: 'ACME_SECRET' },
      variables: { stage: 'prod' },
      accept: [
        {
          resource_server: 'urn:other',
          path: 'scopes.**',
          kind: 'changed',
          reason: 'r',
          owner: 'o',
          expires: '2026-12-31',
        },
      ],
    },
  },
  declared: ['declared/*.yaml'],
  recorded: 'r.json',
  accept: [
    { resource_server: DRIFTED, path: 'name', live: 'Orders', reason: 'r', owner: 'o', expires: '2026-12-31' },
    { resource_server: DRIFTED, path: 'signing_alg', live: 'ES256', reason: 'r', owner: 'o', expires: '2026-12-31' },
    { resource_server: DRIFTED, path: 'signing_alg', reason: 'r', owner: 'o', expires: '2026-01-31' },
  ],
  exclude: ['urn:excluded'],
  deadline: '60s',
  max_age: '2h',
  gate: 'all',
  fail_on: 'high',
  output: ['text', 'json=r.json'],
}

const NO_FILES = { read: () => Promise.reject(new Error('no such file')) } as unknown as TrustedFiles

const drift = compared({})
const judgeBy = (given: { rules?: readonly PlacedRule[]; previous?: Report }) =>
  judgeFindings(drift, {
    gate: 'all',
    rules: [],
    usedElsewhere: new Set(),
    today: '2026-11-24',
    previous: null,
    onlyNew: given.previous !== undefined,
    failOn: 'any',
    strictRules: false,
    targets: null,
    ...given,
  })

/** Whether somebody who reads the rule says that it may hide the drift: written without the product's own matching. */
function mayHide({ rule: { resource_server: glob, path, live, kind, expires } }: PlacedRule): boolean {
  const isOfIt = glob === DRIFTED || /[*?[{(!+@]/.test(glob)
  const isThere = /\*|^\/?$|^\/?signing_alg$|^\["signing_alg"\]$/.test(path)
  const isNow = expires >= '2026-11-24' && (live === undefined || live === LIVE_ALG)
  return isOfIt && isThere && isNow && (kind === undefined || kind === 'changed')
}

async function readConfig(text: string, random: Random): Promise<Outcome> {
  const name = random() < 0.5 ? 'tenant-drift.yaml' : 'tenant-drift.json'
  const file = await parseConfig(text, name, '/work')
  const rules: PlacedRule[] = []
  for (const tenant of [null, ...Object.keys(file.config.tenants ?? {})]) {
    // A path of rules leads to another file, which is not there.
    const accept = tenant === null ? file.config.accept : file.config.tenants?.[tenant]?.accept
    if (typeof accept !== 'string') rules.push(...(await readRules(file, tenant, NO_FILES)))
  }
  const { findings } = judgeBy({ rules })
  const isHidden = isQuiet(findings) && !rules.some(mayHide)
  return { wrong: isHidden ? ['rules for other things hid the drift'] : [], said: [] }
}

function sameSnapshot(text: string): Outcome {
  const read = parseSnapshotFile(text, { tenant: TENANT, maxAgeMs: Infinity, now: NOW })
  const isSame = canonicalText(read.items) === canonicalText(RECORDED.items)
  return { wrong: isSame ? [] : ['it says something else than was written, and its digest fits'], said: [] }
}

/** With a digest that fits whatever is in it: what a careless program would write. */
async function digested(text: string, random: Random): Promise<Outcome> {
  const read = parseSnapshotFile(fitting(text), { tenant: TENANT, maxAgeMs: Infinity, now: NOW })
  if (random() < 0.5) compared({ live: read })
  const { findings } = compared({ recorded: read })
  return { wrong: isQuiet(findings) ? ['as recorded: the drift went quiet'] : [], said: [] }
}

function fitting(text: string): string {
  try {
    const { digest: _old, ...content } = JSON.parse(text.replace(/^\uFEFF/, '')) as JsonObject
    const digest = createHash('sha256').update(canonicalText(content)).digest('hex')
    return JSON.stringify({ ...content, digest })
  } catch {
    // What is no JSON has no digest; what is nested too deeply none that could be made.
    return text
  }
}

const driftedReport = (live: string, counts: boolean): Json => {
  const report = richReport()
  const [first] = drift.findings.filter(({ path }) => path === 'signing_alg')
  const [pattern] = report.findings.filter(({ kind }) => kind === 'changed')
  const earlier = { ...pattern, ...first, live, counts, seen: null }
  return JSON.parse(JSON.stringify({ ...report, tenant: TENANT, findings: [...report.findings.slice(0, 4), earlier] }))
}

async function readEarlier(text: string, random: Random): Promise<Outcome> {
  const report = parseReport(text)
  const { findings } = judgeBy({ previous: report })
  if (random() < 0.1) await render('text', report)
  return { wrong: isQuiet(findings) && !isRestored(text) ? ['an earlier report silenced the drift'] : [], said: [] }
}

/** Every parser that takes a file. */
export const TARGETS: readonly Target[] = [
  source('declared, JSON', [declaredFile, withVariables], one('', 'a.json')),
  source('declared, YAML', [declaredFile, withVariables], one('', 'a.yaml')),
  source('declared, by extends', [{ extends: ['below.json'], ...declaredFile }, declaredFile], layered),
  source('tfstate', forms.tfstate, one('tfstate:', 's.json')),
  source('tfplan', forms.tfplan, one('tfplan:', 'p.json')),
  source('pulumi-stack', forms.pulumiStack, one('pulumi-stack:', 's.json')),
  source('pulumi-preview', forms.pulumiPreview, one('pulumi-preview:', 'p.json')),
  source('a0deploy, YAML', forms.deployList, (text) => ({
    source: 'a0deploy:d/tenant.yaml',
    texts: { 'd/tenant.yaml': text, 'd/config.json': deployConfig },
  })),
  source('a0deploy, folder', forms.deployEntry, (text) => ({
    source: 'a0deploy:d',
    texts: { 'd/resource-servers/a.json': text, 'd/resource-servers/.b.json': '{}', 'd/config.json': deployConfig },
  })),
  source('a0deploy, its configuration', [JSON.parse(deployConfig) as Json], (text) => ({
    source: 'a0deploy:d/tenant.yaml',
    texts: { 'd/tenant.yaml': JSON.stringify(forms.deployList[0]), 'd/config.json': text },
  })),
  { name: 'tenant-drift.yaml', seeds: [config], isYaml: true, read: readConfig },
  {
    name: 'snapshot',
    seeds: [snapshotFile],
    isYaml: false,
    read: (text) => Promise.resolve().then(() => sameSnapshot(text)),
  },
  { name: 'record with a digest that fits', seeds: [snapshotFile], isYaml: false, read: digested },
  {
    name: 'report',
    seeds: [driftedReport('ES256', true), driftedReport('PS256', false), driftedReport('ES256', false)],
    isYaml: false,
    read: readEarlier,
  },
]
