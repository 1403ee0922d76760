// What tenants beside one another cost: `node bench/three-tenants.ts [ROUNDS|--quick]`. One configuration with three tenants of 300 APIs, over
// TLS and with 50 ms before each answer: a check of all three against a check of the slowest of them alone.
import { declaredYaml, trust, withTenants, writeFile } from './check-project.ts'
import { describeMachine, inTurn, median, ours, roundsFrom, verdict, wallOf, type Program } from './measure.ts'

const NAMES = ['dev', 'stage', 'prod'] as const
const APIS = 300
const MOST_RATIO = 1.2

const rounds = roundsFrom(process.argv, 25)
const flags = NAMES.map((_name, index) => {
  const seed = String(index + 1)
  return ['--apis', String(APIS), '--latency', '50', '--seed', seed, '--tls']
})
await withTenants(flags, async (tenants, folder) => {
  const env: Record<string, string> = { ...trust(tenants, folder) }
  const config: string[] = ['tenants:']
  for (const [index, name] of NAMES.entries()) {
    const tenant = tenants[index]
    if (tenant === undefined) continue
    writeFile(folder, `declared/${name}.yaml`, declaredYaml(await tenant.declarable()))
    const [id, secret] = [`${name.toUpperCase()}_CLIENT_ID`, `${name.toUpperCase()}_CLIENT_SECRET`]
    env[id] = tenant.clientId
    env[secret] = tenant.clientSecret
    config.push(
      `  ${name}:`,
      `    domain: ${tenant.domain}`,
      `    declared: declared/${name}.yaml`,
      `    credentials: { client_id: ${id}, client_secret: ${secret} }`,
    )
  }
  writeFile(folder, 'tenant-drift.yaml', `${config.join('\n')}\n`)
  const check = (...args: readonly string[]): Program =>
    ours(['check', ...args], { env, cwd: folder, exitCode: 0, says: 'IN SYNC' })
  const programs = [check(), ...NAMES.map((name) => check('--tenant', name))]

  describeMachine()
  const [all = [], ...alone] = await inTurn(
    programs.map((program) => () => wallOf(program)),
    rounds,
  )
  const slowest = Math.max(...alone.map(median))
  console.log(
    `${rounds} rounds, medians: three ${median(all).toFixed(0)} ms, the slowest alone ${slowest.toFixed(0)} ms`,
  )
  verdict(`three tenants of ${APIS} APIs, to the slowest alone`, median(all) / slowest, MOST_RATIO)
})
