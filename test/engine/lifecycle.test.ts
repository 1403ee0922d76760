import { asJsonObject } from '../../src/schema/json.ts'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../../tools/run.mjs'
import { tenantWith } from '../support/checks.ts'
import { resourcesOf, startProject, stepsOf } from '../support/engine.ts'

const UP = ['up', '--yes', '--skip-preview'] as const
const STREAMING = { env: { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' } }
const PACK = ['--policy-pack', `${ROOT}/dist/bin/tenant-drift-policies.js`] as const

async function projectWith(program: string) {
  const tenant = await tenantWith()
  tenant.create({ identifier: 'https://a', signing_alg: 'RS256' })
  tenant.create({ identifier: 'https://b', signing_alg: 'RS256' })
  const project = await startProject(tenant)
  onTestFinished(() => project.remove())
  project.setProgram(program)
  return { tenant, project }
}

const check = (identifier: string, more = ''): string => `import { ResourceServerCheck } from 'tenant-drift'
new ResourceServerCheck('orders', { identifier: '${identifier}', signing_alg: 'RS256'${more} })
`

test('a drift is one line that says so, stays one through up and refresh without the program, and ends with the repair', async () => {
  const { tenant, project } = await projectWith(check('https://a'))
  const made = await project.run(UP)
  tenant.edit('https://a', { signing_alg: 'HS256' })

  const first = await project.run(['preview', '--expect-no-changes'])
  const second = await project.run([...UP, '--expect-no-changes'])
  project.setProgram('throw new Error("a refresh runs what is stored, and not the program")')
  const third = await project.run(['refresh', '--preview-only', '--expect-no-changes'])
  const fourth = await project.run(['refresh', '--yes', '--skip-preview', '--expect-no-changes'])
  project.setProgram(check('https://a'))
  const fifth = await project.run(['preview', '--diff', '--expect-no-changes'])
  tenant.edit('https://a', { signing_alg: 'RS256' })
  const mended = await project.run(['refresh', '--yes', '--skip-preview', '--expect-no-changes'])
  const silent = await project.run(['preview', '--expect-no-changes'])

  expect([made, first, second, third, fourth, fifth, mended, silent].map(({ code }) => code)).toEqual([
    0, 7, 7, 7, 7, 7, 7, 0,
  ])
  expect(first.text).toMatch(/~ +pulumi-nodejs:dynamic\/tenantDrift:ResourceServerCheck orders update \[diff: ~drift\]/)
  expect(third.text).toMatch(/orders .*\[diff: ~drift\]/)
  expect(fifth.text).toMatch(/seen\s*: 1 => 2/)
  expect(silent.text).toContain('2 unchanged')
  expect(tenant.requests()).not.toHaveProperty('PATCH /api/v2/resource-servers/https%3A%2F%2Fa')
})

test('another identifier is a replacement with nothing of the old one; destroy takes the checks away and nothing else', async () => {
  const { tenant, project } = await projectWith(check('https://a'))
  await project.run(UP)
  project.setProgram(check('https://b'))

  const preview = await project.run(['preview'])
  const up = await project.run([...UP, '--json'])
  const stored = resourcesOf(project.stateText())
  const silent = await project.run(['preview', '--expect-no-changes'])
  tenant.edit('https://b', { signing_alg: 'HS256' })
  const drifted = await project.run(['preview', '--expect-no-changes'])
  const destroyed = await project.run(['destroy', '--yes', '--skip-preview'])

  expect(preview.text).toMatch(/orders replace \[diff: .*~?identifier/)
  expect([preview, up, silent, drifted, destroyed].map(({ code }) => code)).toEqual([0, 0, 0, 7, 0])
  expect(stored.orders?.inputs).toMatchObject({ identifier: 'https://b', drift: {}, observed: { status: 'read' } })
  expect(resourcesOf(project.stateText())).toEqual({})
  expect(tenant.list().map(({ identifier }) => identifier)).toEqual([tenant.audience, 'https://a', 'https://b'])
  expect(Object.keys(tenant.requests()).filter((request) => !/^(GET|POST \/oauth)/.test(request))).toEqual([])
})

test('beside a dynamic resource of Pulumi itself: its output is unknown in a first preview, and compared once it is known', async () => {
  const { tenant, project } = await projectWith(`import * as pulumi from '@pulumi/pulumi'
import { ResourceServerCheck } from 'tenant-drift'
class Other extends pulumi.dynamic.Resource {
  constructor(name) {
    super({ async create() { return { id: 'other', outs: { alg: 'RS256', at: 'https://b' } } } }, name, { alg: undefined, at: undefined })
  }
}
const other = new Other('other')
new ResourceServerCheck('field', { identifier: 'https://a', signing_alg: other.alg })
new ResourceServerCheck('whole', { identifier: other.at, signing_alg: 'RS256' })
`)
  tenant.edit('https://b', { signing_alg: 'HS256' })

  const preview = await project.run(['preview', '--json'], STREAMING)
  const withPack = await project.run(['preview', ...PACK])
  const up = await project.run(UP)
  const stored = resourcesOf(project.stateText())
  const after = await project.run(['preview', '--json', '--expect-no-changes'], STREAMING)

  expect([preview, withPack, up, after].map(({ code }) => code)).toEqual([0, 0, 0, 7])
  expect(stepsOf(preview.stdout).map(({ inputs }) => asJsonObject(inputs.observed).status)).toEqual([
    'unknown',
    'unknown',
  ])
  expect(withPack.text).toMatch(/\[advisory\].*unknown-input/)
  expect(stored.field?.outputs).toMatchObject({ drift: {}, observed: { status: 'read' } })
  expect(Object.keys(asJsonObject(stored.whole?.outputs.drift))).toEqual(['signing_alg'])
  expect(stepsOf(after.stdout).map(({ name, op }) => [name, op])).toEqual([
    ['field', 'same'],
    ['whole', 'update'],
  ])
})

test('onDrift refuse: an up fails and stores nothing, until the tenant is mended', async () => {
  const { tenant, project } = await projectWith(check('https://a', `, onDrift: 'refuse'`))
  const clean = await project.run(UP)
  const before = project.stateText()
  tenant.edit('https://a', { signing_alg: 'HS256' })

  const refused = await project.run(UP)
  const again = await project.run(UP)
  const shown = await project.run(['preview', '--expect-no-changes'])
  tenant.edit('https://a', { signing_alg: 'RS256' })
  const mended = await project.run(['preview', '--expect-no-changes'])

  expect([clean, refused, again, shown, mended].map(({ code }) => code)).toEqual([0, 1, 1, 7, 0])
  expect(refused.text).toContain(
    'https://a differs from its declaration at signing_alg; nothing was stored because onDrift is "refuse"',
  )
  expect(resourcesOf(before).orders?.outputs).toMatchObject({ drift: {} })
  expect(resourcesOf(project.stateText()).orders?.outputs).toMatchObject({ drift: {} })
})

test('an unreadable tenant is a failed preview with the pack, and proxies are none of loopback', async () => {
  const { tenant, project } = await projectWith(check('https://a'))
  const proxied = { env: { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' } }

  const clean = await project.run(['preview', ...PACK], proxied)
  tenant.setFault({ kind: 'status', status: 403, match: { method: 'GET' } })
  const unreadable = await project.run(['preview', ...PACK])
  const without = await project.run(['preview', '--json'], STREAMING)

  expect([clean, unreadable, without].map(({ code }) => code)).toEqual([0, 1, 0])
  expect(clean.text).not.toContain('unreadable')
  expect(unreadable.text).toMatch(/\[mandatory\].*unreadable-tenant/)
  expect(unreadable.text).toContain('read:resource_servers')
  expect(stepsOf(without.stdout)[0]?.inputs).toMatchObject({
    observed: { status: 'unreadable', code: 'insufficient_scope' },
  })
})
