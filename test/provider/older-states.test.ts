import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dynamicMethods } from '../../src/provider/methods.ts'
import { resourceServerKind } from '../../src/provider/resource-server.ts'
import { openEngineRun } from '../../src/provider/engine-run.ts'
import { tenantKind } from '../../src/provider/tenant.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Proof } from '../../src/schema/proof.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { projectFolder } from '../support/checks.ts'
import { COMMANDS, runCommand, type Command, type Resource } from '../support/engine-model.ts'

// States that the provider wrote before it kept digests of file secrets: an upgrade by itself is no change.
const FIXTURE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/states/before-secret-digests.json'), 'utf8'),
) as {
  readonly live: readonly JsonObject[]
  readonly proof: Proof
  readonly states: Readonly<Record<string, { readonly program: JsonObject; readonly state: Resource }>>
}
const NOW = Date.parse('2026-11-20T12:00:00Z')
const [ORDERS] = FIXTURE.live.filter(({ name }) => name === 'Orders')

function upgraded(name: string, live: readonly JsonObject[]) {
  const found = FIXTURE.states[name]
  if (found === undefined) throw new Error(`no state is called ${name}`)
  const cwd = projectFolder()
  const { allow_offline_access: _undeclared, id: _id, ...declared } = ORDERS ?? {}
  const files = { resource_servers: [{ ...declared, name: '${name}' }], managed_elsewhere: ['urn:*'] }
  writeFileSync(join(cwd, 'declared.json'), JSON.stringify(files))
  const snapshot = { tenant: 'acme.eu.auth0.com', complete: true, items: live, proof: FIXTURE.proof }
  writeFileSync(join(cwd, 'live.json'), JSON.stringify(toSnapshotFile(snapshot, new Date(NOW))))
  const session = openEngineRun({
    config: () => undefined,
    cwd,
    now: () => NOW,
    env: { TENANT_DRIFT_LIVE: 'live.json' },
  })
  const methods = dynamicMethods(name.startsWith('server') ? resourceServerKind : tenantKind, () => session)
  return (command: Command) => runCommand(command, { methods, program: found.program, state: found.state })
}

const inSync = Object.keys(FIXTURE.states).filter((name) => !name.includes('drifted'))

test.for(inSync.flatMap((name) => COMMANDS.map((command) => [name, command] as const)))(
  '%s: %s shows nothing by an upgrade alone',
  async ([name, command]) => {
    const outcome = await upgraded(name, FIXTURE.live)(command)

    expect([outcome.changed, outcome.error]).toEqual([false, null])
    expect(outcome.state?.outputs.drift).toEqual({})
  },
)

test.for(inSync.flatMap((name) => COMMANDS.map((command) => [name, command] as const)))(
  '%s: %s shows a drift',
  async ([name, command]) => {
    const live = FIXTURE.live.map((api) => (api === ORDERS ? { ...api, signing_alg: 'HS256' } : api))

    expect((await upgraded(name, live)(command)).changed).toBe(true)
  },
)

test('a drift that such a state holds still counts up', async () => {
  const { state } = await upgraded('server, drifted', FIXTURE.live)('refresh')
  expect(state?.outputs.drift).toMatchObject({ token_lifetime: { origin: 'drift', seen: 1 } })
})
