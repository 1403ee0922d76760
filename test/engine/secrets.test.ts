import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from '../../tools/run.mjs'
import { tenantWith } from '../support/checks.ts'
import { resourcesOf, startProject } from '../support/engine.ts'

const API = 'https://orders.example.com/'
const INLINE = 'https://inline.example.com/'
const FILED = 'https://filed.example.com/'
/** Whatever holds one of these has leaked. */
const PLANTED = {
  declared: 'planted-declared-1a2b3c',
  config: 'planted-config-4d5e6f',
  nested: 'planted-nested-7a8b9c',
  inline: 'planted-inline-0d1e2f',
  filed: 'planted-filed-3a4b5c',
  title: 'planted-title-1b2c3d',
  plain: 'planted-plain-5b6c7d',
  liveDeclared: 'planted-live-declared-6d7e8f',
  liveInline: 'planted-live-inline-9a0b1c',
  liveNested: 'planted-live-nested-2d3e4f',
  liveUndeclared: 'planted-live-undeclared-5a6b7c',
  liveFiled: 'planted-live-filed-8d9e0f',
} as const

const PROGRAM = `import * as pulumi from '@pulumi/pulumi'
import { ResourceServerCheck, TenantCheck } from 'tenant-drift'
const config = new pulumi.Config()
new ResourceServerCheck('server', {
  identifier: '${API}',
  signing_alg: 'HS256',
  signing_secret: pulumi.secret('${PLANTED.declared}'),
  name: config.requireSecret('name'),
  scopes: [{ value: 'read:orders', description: pulumi.secret('${PLANTED.nested}') }],
})
new TenantCheck('tenant', {
  resource_servers: [
    { identifier: '${INLINE}', signing_alg: 'HS256', signing_secret: pulumi.secret('${PLANTED.inline}') },
    { identifier: '${API}', scopes: [{ value: pulumi.secret('${PLANTED.nested}') }] },
  ],
})
new TenantCheck('files', { files: 'declared.json', variables: { filed: pulumi.secret('${PLANTED.filed}'), title: pulumi.secret('${PLANTED.title}') }, managedElsewhere: ['${API}'] })
// Nobody said that this one is a secret, and it is.
new TenantCheck('plain', { files: 'plain.json', variables: { plain: '${PLANTED.plain}', name: 'Plain' }, managedElsewhere: ['${API}'] })
`

test(
  'planted secrets are in no output, no event, no log and no state, through a whole life',
  { timeout: 600_000 },
  async () => {
    const tenant = await tenantWith()
    tenant.create({
      identifier: API,
      name: 'Orders',
      signing_alg: 'HS256',
      signing_secret: PLANTED.liveDeclared,
      scopes: [{ value: 'read:orders', description: PLANTED.liveNested }],
    })
    tenant.create({ identifier: INLINE, signing_alg: 'HS256', signing_secret: PLANTED.liveInline })
    tenant.create({ identifier: FILED, signing_alg: 'HS256', signing_secret: PLANTED.liveFiled })
    tenant.create({ identifier: 'https://undeclared', signing_alg: 'HS256', signing_secret: PLANTED.liveUndeclared })
    const project = await startProject(tenant)
    onTestFinished(() => project.remove())
    project.write(
      'declared.json',
      JSON.stringify({
        resource_servers: [{ identifier: FILED, name: '${title}', signing_alg: 'HS256', signing_secret: '${filed}' }],
      }),
    )
    project.write(
      'plain.json',
      JSON.stringify({
        resource_servers: [{ identifier: FILED, name: '${name}', signing_alg: 'HS256', signing_secret: '${plain}' }],
      }),
    )
    await project.run(['config', 'set', '--secret', 'name', PLANTED.config])
    project.setProgram(PROGRAM)
    const pack = ['--policy-pack', join(ROOT, 'dist', 'bin', 'tenant-drift-policies.js')]
    const debug = { env: { PULUMI_DEBUG_COMMANDS: 'true' } }
    const events = (name: string): readonly string[] => ['--event-log', join(project.folder, name)]

    const outputs = [
      await project.run(['preview', ...pack, ...events('first.json')], debug),
      await project.run(['preview', '--json']),
      await project.run(['up', '--yes', '--skip-preview', '--json', ...events('up.json')], debug),
      await project.run(['preview', '--diff', ...pack, ...events('second.json')], debug),
      await project.run(['preview', '--json', '--refresh'], { env: { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' } }),
      await project.run(['refresh', '--yes', '--skip-preview', '--diff', ...events('refresh.json')], debug),
      await project.run(['stack', 'export']),
      await project.run(['stack', 'output', '--json']),
    ].map(({ code, text }) => ({ code, text }))
    const logs = ['first.json', 'up.json', 'second.json', 'refresh.json'].map((name) =>
      readFileSync(join(project.folder, name), 'utf8'),
    )
    const texts = [...outputs.map(({ text }) => text), ...logs, project.everything()]

    const secrets = { ...PLANTED, client: tenant.client_secret, token: tenant.token }
    const leaks = Object.entries(secrets).flatMap(([name, value]) =>
      texts.flatMap((text, index) =>
        text.includes(value) ? [`${name} in text ${index}: ${around(text, value)}`] : [],
      ),
    )
    expect(leaks).toEqual([])
    expect(outputs.map(({ code }) => code)).toEqual([1, 0, 0, 1, 0, 0, 0, 0])
    // Digests of file secrets are kept, and as secrets: encrypted in inputs and in outputs.
    const { files, plain } = resourcesOf(project.stateText())
    for (const kept of [files?.inputs, files?.outputs, plain?.inputs, plain?.outputs])
      expect(kept?.secretDigests).toMatchObject({ ciphertext: expect.any(String) })
    expect(plain?.outputs.variables).toEqual({ name: 'Plain', plain: expect.stringMatching(/^scrypt-/) })
    // What was hidden was there to be hidden.
    expect(outputs[3]?.text).toContain('(hidden)')
    expect(logs.every((log) => log.includes('RegisterResource') || log.includes('refresh'))).toBe(true)
  },
)

function around(text: string, value: string): string {
  const at = text.indexOf(value)
  return text.slice(Math.max(0, at - 160), at + 40)
}
