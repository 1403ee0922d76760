// What a history costs a check: `node bench/history.ts [ROUNDS|--quick]`. A check of 1,000 APIs with a year of hourly runs inside against one without,
// in turn: wall time, and CPU (user and system), which says more where the machine is shared. The year of a fleet: bench/history-fleet.ts
import path from 'node:path'
import { declaredJson, environmentOf, withTenants, writeFile } from './check-project.ts'
import { writeYear } from './history-year.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, usageOf, verdict, wallOf } from './measure.ts'

const APIS = 1000
const MOST_RATIO = 1.06

const rounds = roundsFrom(process.argv, 25)
await withTenants([['--apis', String(APIS), '--latency', '50', '--tls']], async ([tenant], folder) => {
  if (tenant === undefined) return
  const env = environmentOf(tenant, folder)
  const file = writeFile(folder, 'apis.json', declaredJson(await tenant.declarable()))
  const check = (...more: string[]) =>
    ours(['check', '--declared', file, ...more], { env, cwd: folder, exitCode: 0, says: 'IN SYNC' })
  const store = path.join(folder, 'one.db')
  await writeYear({ kind: 'file', file: store, shown: store }, [env.AUTH0_DOMAIN ?? ''])
  const programs = [check(), check('--history', store)]
  describeMachine()
  const walls = await inTurn(
    programs.map((program) => () => wallOf(program)),
    rounds,
  )
  const cpus = await inTurn(
    programs.map((program) => async () => (await usageOf(program)).cpuMs),
    rounds,
  )
  for (const [what, [bare = [], remembered = []]] of [
    ['wall', walls],
    ['CPU', cpus],
  ] as const) {
    console.log(
      `${what}, ${rounds} rounds, medians: ${median(bare).toFixed(0)} ms without, ${median(remembered).toFixed(0)} ms with`,
    )
    verdict(
      `check of ${APIS} APIs with --history, to one without, ${what}`,
      median(remembered) / median(bare),
      MOST_RATIO,
    )
  }
})
