// How long a check takes: `node bench/check-1000.ts [ROUNDS|--quick]`. `check` of 1,000 APIs, in sync, over TLS and with 50 ms before each
// answer, declared as one JSON file and as one YAML file, Node's start included, against one curl process that asks for the token and the same
// eleven pages one after another over one connection. Exits 1 where a check is not in sync or sends other requests than those twelve.
import { execFileSync } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { curlProgram } from './curl.ts'
import { declaredJson, declaredYaml, environmentOf, withTenants, writeFile } from './check-project.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, usageOf, verdict, wallOf, type Program } from './measure.ts'

const APIS = 1000
const PAGES = 11
const MOST_RATIO = { json: 0.7, yaml: 0.8 }
const REQUESTS = { 'GET /api/v2/resource-servers': PAGES, 'POST /oauth/token': 1 }

const rounds = roundsFrom(process.argv, 25)
await withTenants([['--apis', String(APIS), '--latency', '50', '--tls']], async ([tenant], folder) => {
  if (tenant === undefined) return
  const apis = await tenant.declarable()
  const env = environmentOf(tenant, folder)
  const check = (file: string): Program =>
    ours(['check', '--declared', file], { env, cwd: folder, exitCode: 0, says: 'IN SYNC' })
  const programs = {
    json: check(writeFile(folder, 'apis.json', declaredJson(apis))),
    yaml: check(writeFile(folder, 'apis.yaml', declaredYaml(apis))),
    curl: curlProgram(tenant, folder, PAGES),
  }
  for (const [name, program] of Object.entries(programs)) {
    await tenant.forget()
    await wallOf(program)
    const requests = await tenant.requests()
    if (!isDeepStrictEqual(requests, REQUESTS)) throw new Error(`${name} sent ${JSON.stringify(requests)}`)
  }

  describeMachine()
  console.log(execFileSync('curl', ['--version'], { encoding: 'utf8' }).split('\n')[0])
  const all = [programs.json, programs.yaml, programs.curl]
  const [json = [], yaml = [], peer = []] = await inTurn(
    all.map((program) => () => wallOf(program)),
    rounds,
  )
  const cpu = await inTurn(
    [programs.json, programs.yaml].map((program) => async () => (await usageOf(program)).cpuMs),
    Math.min(rounds, 5),
  )
  const times = [median(json), median(yaml), median(peer)].map((ms) => `${ms.toFixed(0)} ms`)
  console.log(`${rounds} rounds, medians: JSON ${times[0]}, YAML ${times[1]}, curl ${times[2]}`)
  console.log(`CPU: JSON ${median(cpu[0] ?? []).toFixed(0)} ms, YAML ${median(cpu[1] ?? []).toFixed(0)} ms`)
  verdict(`check of ${APIS} APIs in JSON, to curl`, median(json) / median(peer), MOST_RATIO.json)
  verdict(`check of ${APIS} APIs in YAML, to curl`, median(yaml) / median(peer), MOST_RATIO.yaml)
})
