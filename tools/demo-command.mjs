// The first story of `npm run demo`: the command alone, as somebody uses it on a tenant of their own. It needs no Pulumi CLI.
import { join } from 'node:path'
import { readDeclared } from '../src/sources/front.ts'
import { onStage, scene } from './demo-stage.mjs'
import { deploy, ORDERS } from './demo-tenant.mjs'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, say } from './run.mjs'

const COMMAND = join(ROOT, 'dist', 'bin', 'tenant-drift.js')
const MOST_LINES = 24
const color = process.argv.includes('--color') ? ['--color', 'always'] : []

await onStage(
  async (tenant, folder, expect) => {
    const declared = await readDeclared(['declared/*.yaml'], { cwd: ROOT, variables: {} })
    deploy(tenant, declared)
    const env = {
      ...cleanEnvironment(),
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
    }
    const project = join(folder, 'acme')

    /**
     * @param {readonly string[]} args
     * @param {{ exit: number, has: readonly string[], cwd?: string, extra?: readonly string[] }} expected
     */
    const command = async (args, { exit, has, cwd = project, extra = [] }) => {
      const line = ['tenant-drift', ...args].join(' ')
      say(`   $ ${line}`)
      const outcome = await run(NODE_24, [COMMAND, ...args, ...extra], { cwd, env })
      const shown = outcome.output.trimEnd().split('\n')
      for (const each of shown.slice(0, MOST_LINES)) say(each === '' ? '' : `    ${each}`)
      if (shown.length > MOST_LINES) say(`    ... ${shown.length - MOST_LINES} more lines`)
      say(`    exit ${outcome.code}`)
      expect(line, outcome, { exit, has })
    }

    scene(
      1,
      `A tenant with ${declared.apis.length} APIs at ${tenant.domain}. It is declared and recorded as it stands.`,
    )
    await command(['init', 'acme'], { exit: 0, has: ['acme'], cwd: folder })
    await command(['check'], { exit: 0, has: ['IN SYNC'], extra: color })

    scene(2, 'Somebody flips a switch in the dashboard: tokens for orders are signed with HS256 from now on.')
    tenant.edit(ORDERS, { signing_alg: 'HS256' })
    await command(['check'], { exit: 2, has: ['DRIFTED', 'CRITICAL', 'signing_alg'], extra: color })

    scene(3, 'What does that mean, and what can be done?')
    await command(['explain', 'signing_alg'], { exit: 0, has: ['HS256'] })
  },
  (seconds) => `The command ran as expected, in ${seconds} s. Next: the same in a preview of Pulumi.`,
)
