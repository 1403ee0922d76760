// How long it takes to compare a whole tenant: `node bench/compare.ts`. Prints CPU time (user and system, of this process), the best of five
// runs, for 1,000 and 10,000 APIs with ten scopes each. Exits 1 where 10,000 take a second or more, or where time does not grow linearly.
import { compareTenant } from '../src/compare/front.ts'
import type { TenantInput } from '../src/compare/front.ts'
import type { JsonObject } from '../src/schema/json.ts'
import type { Proof } from '../src/schema/proof.ts'
import type { Snapshot } from '../src/schema/snapshot.ts'

const TENANT = 'bench.eu.auth0.com'
const RUNS = 5
const MOST_CPU_MS = 1000
/** Ten times the APIs may take this many times the CPU: ten, and room for a busy machine's caches. */
const MOST_GROWTH = 20

function identifierOf(index: number): string {
  return `https://api-${index}.example.com/`
}

function apiOf(index: number): JsonObject {
  return {
    id: index.toString(16).padStart(24, '0'),
    identifier: identifierOf(index),
    name: `API ${index}`,
    signing_alg: 'RS256',
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    enforce_policies: true,
    token_dialect: 'access_token_authz',
    proof_of_possession: { mechanism: 'dpop', required: true },
    subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
    scopes: Array.from({ length: 10 }, (_, scope) => ({
      value: `do:${scope}`,
      description: `Lets a client do ${scope}`,
    })),
  }
}

/** Four fields of each API as somebody might leave them: an algorithm, proof of possession, a scope's description, and the scopes' order. */
function drifted(api: JsonObject): JsonObject {
  const scopes = (api.scopes as readonly JsonObject[]).toReversed()
  return {
    ...api,
    signing_alg: 'HS256',
    proof_of_possession: { mechanism: 'dpop', required: false },
    scopes: scopes.map((scope, index) => (index === 0 ? { ...scope, description: 'changed' } : scope)),
    allow_offline_access: true,
  }
}

function shuffled(apis: readonly JsonObject[]): readonly JsonObject[] {
  return apis.map((api) => structuredClone({ ...api, scopes: (api.scopes as readonly JsonObject[]).toReversed() }))
}

const proof: Proof = {
  total: 0,
  pages: 0,
  items: 0,
  rereads: 0,
  secondLook: false,
  canary: null,
  fieldsRefused: false,
  requests: { token: 0, list: 0, confirm: 0, secret: 0 },
  retries: 0,
  waits: 0,
  notes: [],
}

function inputOf(count: number, live: (apis: readonly JsonObject[]) => readonly JsonObject[]): TenantInput {
  const apis = Array.from({ length: count }, (_, index) => apiOf(index))
  const state = () => ({
    tenant: null,
    apis: structuredClone(apis).map(({ id: _id, ...values }, index) => ({
      identifier: identifierOf(index),
      values,
      file: 'declared/apis.json',
      line: 1,
      lines: {},
    })),
    managedElsewhere: ['urn:legacy:*'],
    warnings: [],
  })
  const snapshot: Snapshot = { tenant: TENANT, complete: true, items: structuredClone(live(apis)), proof }
  return {
    declared: state(),
    base: state(),
    recorded: null,
    inventory: { ok: true, snapshot },
    looks: new Map(),
    secrets: new Map(),
  }
}

/** CPU of the best of some runs, in ms. */
function cpuOf(input: TenantInput, findings: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage()
    const comparison = compareTenant(TENANT, input)
    const { user, system } = process.cpuUsage(before)
    if (comparison.findings.length !== findings) throw new Error(`found ${comparison.findings.length}, not ${findings}`)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

const CASES = [
  { name: 'in sync', live: (apis: readonly JsonObject[]) => apis, findings: 0 },
  { name: 'in sync, other order of scopes', live: shuffled, findings: 0 },
  { name: 'all drifted', live: (apis: readonly JsonObject[]) => apis.map(drifted), findings: 4 },
]

let isTooSlow = false
for (const { name, live, findings } of CASES) {
  const small = cpuOf(inputOf(1000, live), findings * 1000)
  const large = cpuOf(inputOf(10_000, live), findings * 10_000)
  const growth = large / small
  isTooSlow ||= large >= MOST_CPU_MS || growth > MOST_GROWTH
  const times = `${small.toFixed(0)} ms for 1,000, ${large.toFixed(0)} ms for 10,000 (x ${growth.toFixed(1)})`
  console.log(`${name}: ${times}, ${findings * 10_000} findings`)
}
process.exitCode = isTooSlow ? 1 : 0
