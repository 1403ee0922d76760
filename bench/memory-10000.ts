// How much memory a check of a large tenant takes at its peak: `node bench/memory-10000.ts [ROUNDS|--quick]`. 10,000 APIs of ten scopes each,
// in sync, over TLS, declared as one JSON file and as a hundred YAML files. The largest of some runs is what counts.
import { declaredJson, declaredYaml, environmentOf, withTenants, writeFile } from './check-project.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, usageOf, verdict, type Program } from './measure.ts'

const APIS = 10_000
const SCOPES = 10
const YAML_FILES = 100
const MOST_MB = { json: 250, yaml: 300 }

const rounds = roundsFrom(process.argv, 5)
const flags = ['--apis', String(APIS), '--scopes-per-api', String(SCOPES), '--tls']
await withTenants([flags], async ([tenant], folder) => {
  if (tenant === undefined) return
  const apis = await tenant.declarable()
  const env = environmentOf(tenant, folder)
  const size = APIS / YAML_FILES
  for (let index = 0; index < YAML_FILES; index++) {
    writeFile(folder, `yaml/apis-${index}.yaml`, declaredYaml(apis.slice(index * size, (index + 1) * size)))
  }
  const check = (source: string): Program =>
    ours(['check', '--declared', source], { env, cwd: folder, exitCode: 0, says: 'IN SYNC' })
  const programs = [check(writeFile(folder, 'apis.json', declaredJson(apis))), check('yaml/*.yaml')]

  describeMachine()
  const [json = [], yaml = []] = await inTurn(
    programs.map((program) => () => usageOf(program)),
    rounds,
  )
  const cpu = [json, yaml].map((runs) => `${(median(runs.map(({ cpuMs }) => cpuMs)) / 1000).toFixed(2)} s`)
  console.log(`CPU: JSON ${cpu[0]}, YAML ${cpu[1]}`)
  const peak = (runs: typeof json): number => Math.max(...runs.map(({ peakMb }) => peakMb))
  verdict(`peak of ${APIS} APIs in one JSON file`, peak(json), MOST_MB.json, ' MB')
  verdict(`peak of ${APIS} APIs in ${YAML_FILES} YAML files`, peak(yaml), MOST_MB.yaml, ' MB')
})
