import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'
import { cleanEnvironment } from '../../tools/environment.mjs'
import { NODE_24, ROOT } from '../../tools/run.mjs'
import type { Case } from '../corpus/case.ts'
import { inTenant } from './check.ts'

const CLI = join(ROOT, 'node_modules', 'auth0-deploy-cli', 'lib', 'index.js')

export interface PeerResults {
  readonly cases: number
  /** APIs with drift, by what was said of them. */
  readonly found: number
  readonly missed: number
  /** APIs that are as declared and are named all the same. */
  readonly falseAlarms: number
  /** Cases of the corpus that cannot be told to it. */
  readonly notApplicable: number
  readonly exitCode: number
  readonly missedByField: Readonly<Record<string, number>>
  readonly falseAlarmsByField: Readonly<Record<string, number>>
}

/** What a user of the deploy CLI would run, with all these APIs in one tenant: it names APIs and no fields, so only that is judged. */
export async function runDeployCli(corpus: readonly Case[]): Promise<PeerResults> {
  const relevant = corpus.filter((one) => one.base === undefined && one.recorded === undefined && one.declared !== null)
  const cases = relevant.filter(canBeTold).map(named)
  return inTenant(
    cases,
    async (tenant, folder) => {
      const [input, config, ca] = ['tenant.json', 'config.json', 'ca.pem'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ]
      const resourceServers = cases.map(({ declared }) => withoutId(declared ?? {}))
      // YAML, and JSON is YAML.
      writeFileSync(input.replace('.json', '.yaml'), JSON.stringify({ resourceServers }))
      writeFileSync(
        config,
        JSON.stringify({
          AUTH0_DOMAIN: tenant.domain,
          AUTH0_CLIENT_ID: tenant.client_id,
          AUTH0_CLIENT_SECRET: tenant.client_secret,
          AUTH0_INCLUDED_ONLY: ['resourceServers'],
          AUTH0_ALLOW_DELETE: false,
        }),
      )
      writeFileSync(ca, tenant.ca ?? '')
      const args = [
        CLI,
        'import',
        '--dry-run',
        '--input_file',
        input.replace('.json', '.yaml'),
        '--config_file',
        config,
        '--env',
        'false',
      ]
      const { code, text } = await runProgram(args, folder, { NODE_EXTRA_CA_CERTS: ca })
      return judge(cases, relevant.length - cases.length, code, text)
    },
    { tls: true, scopes: ['read:resource_servers', 'read:clients'] },
  )
}

/** It has no word for "must not be set", wants a name, and refuses a whole run for a member that its schema does not know. */
function canBeTold({ declared, live }: Case): boolean {
  const api = declared ?? {}
  const isName = api.name !== undefined || live?.name !== undefined
  const subjects = api.subject_type_authorization
  const hasAnonymous = isJsonObject(subjects ?? null) && Object.hasOwn(subjects as JsonObject, 'anonymous_user')
  const isNone =
    isJsonObject(api.proof_of_possession ?? null) && (api.proof_of_possession as JsonObject).mechanism === 'none'
  return (
    !holdsNull(api) &&
    !hasAnonymous &&
    !isNone &&
    (!isName || (typeof api.name === 'string' && typeof live?.name !== 'undefined'))
  )
}

function holdsNull(value: Json): boolean {
  if (value === null) return true
  return typeof value === 'object' && Object.values(value as Record<string, Json>).some(holdsNull)
}

/** It prints names alone: each API gets one of its own, on both sides. */
function named(one: Case, index: number): Case {
  const withName = (api: JsonObject | null) =>
    api === null ? null : { ...api, name: `${typeof api.name === 'string' ? api.name : 'API'} case-${index}-` }
  return { ...one, declared: withName(one.declared), live: withName(one.live) }
}

function withoutId({ id: _id, ...rest }: JsonObject): JsonObject {
  return rest
}

function judge(cases: readonly Case[], notApplicable: number, exitCode: number, text: string): PeerResults {
  const plan = text
    .split('\n')
    .filter((line) => /\b(CREATE|UPDATE|DELETE)\b/.test(line))
    .join('\n')
  if (plan === '') throw new Error(`the deploy CLI planned nothing:\n${text.slice(-2000)}`)
  const isNamed = (index: number) => plan.includes(`case-${index}-`)
  const isDrift = (one: Case) => one.expected.some(({ counts }) => counts)
  const missed = cases.filter((one, index) => isDrift(one) && !isNamed(index))
  const falseAlarms = cases.filter((one, index) => one.expected.length === 0 && isNamed(index))
  return {
    cases: cases.length,
    found: cases.filter((one, index) => isDrift(one) && isNamed(index)).length,
    missed: missed.length,
    falseAlarms: falseAlarms.length,
    notApplicable,
    exitCode,
    missedByField: byField(missed),
    falseAlarmsByField: byField(falseAlarms),
  }
}

/** The field is the first word of a title, or the group where a title says something else. */
function byField(cases: readonly Case[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const { group, title } of cases) {
    const [word = ''] = title.split(' ')
    const key = /_|^scopes|^name$/.test(word) ? word : group
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function runProgram(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...cleanEnvironment(), ...more, NO_COLOR: '1' }
    const child = spawn(NODE_24, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, text: Buffer.concat(chunks).toString('utf8') }))
  })
}
