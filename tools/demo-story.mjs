// The second story of `npm run demo`: previews with the policy pack. Runs on this repository's Node 24, and needs a Pulumi CLI.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { readDeclared } from '../src/sources/front.ts'
import { onStage, scene } from './demo-stage.mjs'
import { deploy, ORDERS, vandalise } from './demo-tenant.mjs'
import { cleanEnvironment } from './environment.mjs'
import { pulumiEnvironment, requirePulumi } from './pulumi-cli.mjs'
import { ROOT, run, say } from './run.mjs'

const PACK = join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js')
const PROGRAM = [
  "import { TenantCheck } from 'tenant-drift'",
  '',
  "new TenantCheck('tenant', { files: 'declared/*.yaml' })",
]
const MOST_LINES = 34
/** Pulumi's colours reach a terminal only where somebody looks at one: its output goes through this story. */
const isColored = process.argv.includes('--color')

await onStage(
  tell,
  (seconds) => `The demo ran as expected, in ${seconds} s. Your own tenant: README.md, "On your own tenant".`,
)

/**
 * @param {import('../src/simulator/front.ts').Simulator} tenant
 * @param {string} folder
 * @param {import('./demo-stage.mjs').Expect} expect
 */
async function tell(tenant, folder, expect) {
  const cli = requirePulumi()
  const state = join(folder, 'state')
  mkdirSync(state)
  const project = makeProject(folder)
  // What main declares; the pull request's branch is the project's own copy.
  const main = join(folder, 'main')
  cpSync(join(project, 'declared'), main, { recursive: true })
  const env = pulumiEnvironment({
    home: join(folder, 'home'),
    backend: state,
    cli,
    env: cleanEnvironment(),
    extra: {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
      TENANT_DRIFT_DEADLINE: '2s',
    },
  })
  const declared = await readDeclared(['declared/*.yaml'], { cwd: project, variables: {} })
  deploy(tenant, declared)
  const init = await run(cli.command, ['stack', 'init', 'demo'], { cwd: project, env })
  if (init.code !== 0) throw new Error(`pulumi stack init failed:\n${init.output}`)

  /**
   * @param {string} title
   * @param {{ exit: number, has: readonly string[], hasNot?: readonly string[], extra?: Record<string, string>, diff?: boolean }} expected
   */
  const preview = async (title, { exit, has, hasNot = [], extra = {}, diff = false }) => {
    const args = ['preview', ...(diff ? ['--diff'] : []), '--policy-pack', PACK]
    say(`   $ ${['pulumi', ...args].join(' ').replace(`${ROOT}/`, '')}`)
    const colored = isColored ? [...args, '--color', 'always'] : args
    const outcome = await run(cli.command, colored, { cwd: project, env: { ...env, ...extra } })
    const shown = diff ? pendingLines(outcome.output) : policyLines(outcome.output)
    for (const line of shown.slice(0, MOST_LINES)) say(line)
    if (shown.length > MOST_LINES) say(`    ... ${shown.length - MOST_LINES} more lines`)
    say(`    exit ${outcome.code}`)
    expect(title, outcome, { exit, has, hasNot })
  }

  say('')
  say('The program of this demo, with a policy pack beside it and without a state:')
  for (const line of PROGRAM.filter((each) => each !== '')) say(`    ${line}`)

  scene(
    1,
    `In sync. ${declared.apis.length} APIs are declared in declared/*.yaml and the tenant at ${tenant.domain} has them.`,
  )
  await preview('in sync', { exit: 0, has: ['✅ tenant-drift'] })

  scene(
    2,
    'Somebody changed this in the dashboard: HS256, another dialect, no proof of possession, a scope renamed, an encryption',
    [
      'key swapped, one API deleted, one created by hand. Note: what is high or critical is mandatory and stops the preview.',
    ],
  )
  vandalise(tenant)
  await preview('after the dashboard', {
    exit: 1,
    has: [
      'signing-alg-drift',
      'token-dialect-drift',
      'proof-of-possession-drift',
      'scopes-drift',
      'token-encryption-drift',
      'missing-api',
      'unmanaged-api',
    ],
  })

  scene(
    3,
    'The tenant is fixed. A pull request shortens the lifetime of tokens for orders; it is not applied yet. The base is',
    ['what main declares (TENANT_DRIFT_BASE). Note: a pending change is not a violation, so the gate lets it pass.'],
  )
  deploy(tenant, declared)
  changeLifetime(project)
  const base = join(main, '*.yaml')
  await preview('pending', {
    exit: 0,
    has: ['token_lifetime', 'origin   : "pending"'],
    hasNot: ['[mandatory]', '[advisory]'],
    extra: { TENANT_DRIFT_BASE: base },
    diff: true,
  })

  scene(
    4,
    'The same pull request, and meanwhile somebody set another lifetime by hand: a conflict. Applying the code would',
    ['overwrite what they did, so the gate stops it. Note: base, declared and live are three values.'],
  )
  tenant.edit(ORDERS, { token_lifetime: 14_400 })
  await preview('conflict', { exit: 1, has: ['token-lifetime-drift'], extra: { TENANT_DRIFT_BASE: base } })

  scene(5, 'The tenant answers with errors. Note: it is unreadable, which is neither "all deleted" nor "in sync".')
  tenant.setFault({ kind: 'status', status: 503, match: {} })
  await preview('unreadable', { exit: 1, has: ['unreadable-tenant'], hasNot: ['missing-api'] })
}

/**
 * A user's project: three lines of program beside the declared files, and the package as npm would link it.
 * @param {string} folder
 */
function makeProject(folder) {
  const project = join(folder, 'project')
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  cpSync(join(ROOT, 'declared'), join(project, 'declared'), { recursive: true })
  symlinkSync(ROOT, join(project, 'node_modules', 'tenant-drift'), 'dir')
  symlinkSync(join(ROOT, 'node_modules', '@pulumi'), join(project, 'node_modules', '@pulumi'), 'dir')
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "main": "program.ts" }\n')
  writeFileSync(
    join(project, 'Pulumi.yaml'),
    'name: demo\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
  )
  writeFileSync(join(project, 'program.ts'), `${PROGRAM.join('\n')}\n`)
  return project
}

/**
 * The pull request: tokens for orders live shorter.
 * @param {string} project
 */
function changeLifetime(project) {
  const file = join(project, 'declared', 'shop.yaml')
  const text = readFileSync(file, 'utf8')
  const changed = text.replace('token_lifetime: 7200', 'token_lifetime: 3600')
  if (changed === text) throw new Error('declared/shop.yaml no longer has what the story needs')
  writeFileSync(file, changed)
}

/**
 * What the policies say, out of a preview's output.
 * @param {string} output
 */
function policyLines(output) {
  const lines = output.split('\n').map((line) => line.replaceAll(`${ROOT}/`, ''))
  const plain = lines.map(stripVTControlCharacters)
  const from = plain.findIndex((line) => line.startsWith('Policies:'))
  if (from === -1) return []
  const to = plain.findIndex((line, index) => index > from && line !== '' && !line.startsWith(' '))
  const end = to === -1 ? lines.length : to
  return lines.filter((_line, index) => index > from && index < end && plain[index]?.trim() !== '')
}

/**
 * What is pending, out of the detailed diff of a preview.
 * @param {string} output
 */
function pendingLines(output) {
  const lines = stripVTControlCharacters(output).split('\n')
  const from = lines.findIndex((line) => /^\s+pending\s*: \{$/.test(line))
  if (from === -1) return []
  const indent = lines[from]?.search(/\S/) ?? 0
  const to = lines.findIndex((line, index) => index > from && line.search(/\S/) <= indent)
  return lines.slice(from, to + 1).map((line) => line.slice(Math.max(0, indent - 4)))
}
