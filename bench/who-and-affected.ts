// What it costs to ask who and whom: `node bench/who-and-affected.ts [ROUNDS|--quick]`. `check` of 1,000 APIs of which ten drifted, with 50 ms before
// each answer and a day of 300 log events (90 of them of resource servers), with `--who --affected` against the same without: where these lead back to
// what stood before, and where one difference is older than the log, so that all writes are looked at. Exits 1 where it sends more than the promised requests.
import type { JsonObject } from '../src/schema/json.ts'
import { declaredJson, environmentOf, withTenants, writeFile } from './check-project.ts'
import type { TenantProcess } from './tenant-process.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, verdict, wallOf, type Program } from './measure.ts'

const [APIS, DRIFTED, CLIENTS, MATCHING, OTHERS] = [1000, 10, 250, 90, 210]
const HOUR = 3_600_000
const MOST_RATIO = 1.5
const SCOPES = ['resource_servers', 'client_grants', 'clients', 'tenant_settings', 'logs'].map((name) => `read:${name}`)
const FLAGS = `--apis ${APIS} --clients ${CLIENTS} --grants-per-api 3 --latency 50 --scopes ${SCOPES.join()}`.split(' ')
/** One page of grants of each drifted API, of a hundred applications; the settings once. */
const MORE = {
  'GET /api/v2/client-grants': DRIFTED,
  'GET /api/v2/clients': Math.ceil(CLIENTS / 100),
  'GET /api/v2/tenants/settings': 1,
}
const NARROW = Math.ceil((MATCHING + 1) / 100)
const BROAD = Math.ceil((MATCHING + OTHERS + 1) / 100)

const rounds = roundsFrom(process.argv, 15)
await withTenants([FLAGS], async ([tenant], folder) => {
  if (tenant === undefined) return
  const apis = await tenant.declarable()
  const drifted = apis.slice(0, DRIFTED)
  await fillLog(tenant, drifted)
  const file = writeFile(folder, 'apis.json', declaredJson(apis))
  const rest = { env: environmentOf(tenant, folder), cwd: folder, exitCode: 2, says: 'DRIFTED' }
  const programs = [[], ['--who', '--affected']].map((flags) => ours(['check', '--declared', file, ...flags], rest))
  describeMachine()
  await compare('whose changes the log shows', NARROW)
  const [{ identifier = '', allow_offline_access: isAllowed = false } = {}] = drifted
  await tenant.control('edit', { identifier, patch: { allow_offline_access: isAllowed !== true }, write: 'silent' })
  await compare('one of them older than the log', NARROW + BROAD)

  async function compare(what: string, logs: number): Promise<void> {
    const [plain, asking] = programs
    if (tenant === undefined || plain === undefined || asking === undefined) return
    const [without, all] = [await sentBy(tenant, plain), await sentBy(tenant, asking)]
    refuseMore(without, all, { ...MORE, 'GET /api/v2/logs': logs })
    console.log(`${what}: requests with --who --affected: ${JSON.stringify(all)}`)
    const [alone = [], asked = []] = await inTurn(
      programs.map((program) => () => wallOf(program)),
      rounds,
    )
    console.log(
      `${rounds} rounds, medians: ${median(alone).toFixed(0)} ms without, ${median(asked).toFixed(0)} ms with`,
    )
    verdict('check --who --affected, to check without', median(asked) / median(alone), MOST_RATIO)
  }
})

/** Each drifted API has what stood before and what made it drift in the log; others wrote beside it. */
async function fillLog(tenant: TenantProcess, drifted: readonly JsonObject[]): Promise<void> {
  const start = Date.now() - 20 * HOUR
  for (let index = 0; index < MATCHING; index += 1)
    await tenant.control('edit', {
      identifier: drifted[index % DRIFTED]?.identifier ?? '',
      patch: { token_lifetime: 90_000 + index },
      write: { at: start + index * 60_000 },
    })
  const [event] = JSON.parse(await tenant.control('logs')) as readonly JsonObject[]
  for (let index = 0; index < OTHERS; index += 1)
    await tenant.control('logs', {
      ...event,
      log_id: `other${index}`,
      description: 'Update a client',
      date: new Date(start + index * 60_000).toISOString(),
    })
}

async function sentBy(tenant: TenantProcess, program: Program): Promise<JsonObject> {
  await tenant.forget()
  await wallOf(program)
  return tenant.requests()
}

function refuseMore(without: JsonObject, all: JsonObject, more: Readonly<Record<string, number>>): void {
  for (const [request, count] of Object.entries(all)) {
    const most = Number(without[request] ?? 0) + (more[request] ?? 0)
    const sent = Number(count)
    if (sent > most) throw new Error(`${request}: ${sent} requests, at most ${most}`)
  }
}
