// What a history costs: `node bench/history.ts [ROUNDS|--quick]`. A check of 1,000 APIs with a year of hourly runs inside against one without, in turn; and
// the size of a year of 50 tenants with what `tenant-drift history` takes on it. Exits 1 where a limit is passed.
import { statSync } from 'node:fs'
import path from 'node:path'
import { declaredJson, environmentOf, withTenants, writeFile } from './check-project.ts'
import { writeYear } from './history-year.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, verdict, wallOf } from './measure.ts'

const APIS = 1000
const MOST_RATIO = 1.06
const TENANTS = 50
const MOST_MB = 100
const MOST_MS = 150

const rounds = roundsFrom(process.argv, 25)
await withTenants([['--apis', String(APIS), '--latency', '50', '--tls']], async ([tenant], folder) => {
  if (tenant === undefined) return
  const env = environmentOf(tenant, folder)
  const file = writeFile(folder, 'apis.json', declaredJson(await tenant.declarable()))
  const check = (...more: string[]) =>
    ours(['check', '--declared', file, ...more], { env, cwd: folder, exitCode: 0, says: 'IN SYNC' })
  const store = path.join(folder, 'one.db')
  await writeYear(store, [env.AUTH0_DOMAIN ?? ''])
  const [without, withOne] = [check(), check('--history', store)]
  describeMachine()
  const [bare = [], remembered = []] = await inTurn(
    [without, withOne].map((program) => () => wallOf(program)),
    rounds,
  )
  console.log(
    `${rounds} rounds, medians: ${median(bare).toFixed(0)} ms without, ${median(remembered).toFixed(0)} ms with`,
  )
  verdict(`check of ${APIS} APIs with --history, to one without`, median(remembered) / median(bare), MOST_RATIO)

  const fleet = path.join(folder, 'fleet.db')
  await writeYear(
    fleet,
    Array.from({ length: TENANTS }, (_, index) => `t${index}.eu.auth0.com`),
  )
  const list = ours(['history', '--history', fleet], { env, cwd: folder, exitCode: 0, says: 't49.eu.auth0.com' })
  const [times = []] = await inTurn([() => wallOf(list)], rounds)
  const size = statSync(fleet).size / 1e6
  console.log(`a year of ${TENANTS} tenants: ${size.toFixed(1)} MB, history ${median(times).toFixed(0)} ms`)
  verdict('its size, in MB', size, MOST_MB)
  verdict('history, in ms', median(times), MOST_MS)
})
