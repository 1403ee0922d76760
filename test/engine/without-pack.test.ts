import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../../tools/run.mjs'
import { tenantWith } from '../support/checks.ts'
import { startProject, type Ran } from '../support/engine.ts'

const UP = ['up', '--yes', '--skip-preview'] as const
const PACK = ['--policy-pack', `${ROOT}/dist/bin/tenant-drift-policies.js`] as const
const SECRET = 'fY3mQ8tLr2vXz6Kp0bNw'

const PROGRAM = `import { ResourceServerCheck, TenantCheck } from 'tenant-drift'
new ResourceServerCheck('a', { identifier: 'https://a', signing_alg: 'RS256' })
new ResourceServerCheck('b', { identifier: 'https://b', signing_alg: 'RS256' })
new TenantCheck('tenant', { files: 'declared.yaml', variables: { sec: process.env.SEC } })
`
const FILE =
  'resource_servers:\n- { identifier: https://a, signing_alg: RS256 }\n- { identifier: https://b, signing_alg: RS256 }\n' +
  '- { identifier: https://c, signing_alg: HS256, signing_secret: "${sec}" }\n'

/** The warnings of ours. Beside the stack Pulumi's own display repeats the first words of one, which is no second warning. */
function warnings({ text }: Ran): readonly string[] {
  return text.split('\n').flatMap((line) => (/^\s*warning: tenant-drift: /.test(line) ? [line.trim()] : []))
}

async function projectOfThree() {
  const tenant = await tenantWith()
  for (const identifier of ['https://a', 'https://b']) tenant.create({ identifier, signing_alg: 'RS256' })
  tenant.create({ identifier: 'https://c', signing_alg: 'HS256', signing_secret: SECRET })
  const project = await startProject(tenant)
  onTestFinished(() => project.remove())
  project.setProgram(PROGRAM)
  project.write('declared.yaml', FILE)
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    project.run(args, { env: { SEC: SECRET, ...env } })
  return { tenant, project, run }
}

test('without the pack a preview says in one line that there is drift, an up in each of its phases, and where all is in sync nobody says anything', async () => {
  const { tenant, run } = await projectOfThree()
  const silent = await run([...UP])
  tenant.edit('https://a', { signing_alg: 'HS256' })
  tenant.edit('https://c', { signing_secret: `${SECRET}-changed` })

  const preview = await run(['preview', '--diff'])
  const json = await run(['preview', '--json'])
  const up = await run(['up', '--yes'])
  const expecting = await run(['preview', '--expect-no-changes'])
  const packed = await run(['preview', ...PACK])

  expect([silent, preview, json, up, expecting, packed].map(({ code }) => code)).toEqual([0, 0, 0, 0, 7, 1])
  expect(warnings(silent)).toEqual([])
  expect(warnings(preview)).toEqual([
    expect.stringMatching(
      /^warning: tenant-drift: 3 differences between code and tenant on 2 APIs \(3 critical\)\. .*--policy-pack/,
    ),
  ])
  expect(JSON.parse(json.stdout)).toMatchObject({
    diagnostics: [{ severity: 'warning', message: expect.stringContaining('3 differences') }],
  })
  expect(warnings(up)).toHaveLength(2)
  expect(warnings(expecting)).toHaveLength(1)
  for (const ran of [preview, json, up, expecting, packed]) expect(ran.text).not.toContain(SECRET)
})

test('without the pack wrong credentials and wrong files are said, each with what it is', async () => {
  const { project, run } = await projectOfThree()

  const refused = await run(['preview'], { AUTH0_CLIENT_SECRET: 'wrong-and-not-to-be-shown' })
  project.write('declared.yaml', `${FILE}- { identifier: https://d, signing_alg: ROT13 }\n`)
  const mistaken = await run(['preview'])

  expect([refused, mistaken].map(({ code }) => code)).toEqual([0, 0])
  expect(warnings(refused)).toEqual([
    expect.stringMatching(/^warning: tenant-drift: 3 checks could not compare \(unauthorized: /),
  ])
  expect(refused.text).not.toContain('wrong-and-not-to-be-shown')
  expect(warnings(mistaken)).toEqual([
    expect.stringMatching(/^warning: tenant-drift: 1 of 3 checks could not compare \(invalid_declaration: /),
  ])
})

test('a run that leaves checks out ends all the same, and says that of some nothing is known', async () => {
  const { tenant, run } = await projectOfThree()
  tenant.edit('https://a', { signing_alg: 'HS256' })

  const targeted = await run(['preview', '--target', '**::a'])

  expect(targeted.code).toBe(0)
  expect(warnings(targeted)).toEqual([
    expect.stringMatching(
      /1 difference between code and tenant on 1 API .*; 2 of 3 checks not compared \(left out of this run, /,
    ),
  ])
})
