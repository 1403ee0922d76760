import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { unpackTexts } from '../../src/schema/pack-declared.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { openTenant, toSnapshotFile } from '../../src/tenant/front.ts'
import { methodsOf, programOf, projectFolder, startProcess, tenantWith, type Form } from '../support/checks.ts'
import { runCommand, type Command, type Outcome, type Resource } from '../support/engine-model.ts'

const ORDERS = 'https://orders.example.com/'
const SHOP = 'https://shop.example.com/'
const [FIRST, SECOND] = ['66a1f0000000000000000001', '66a1f0000000000000000002']
const DECLARED: JsonObject = { identifier: ORDERS, signing_alg: 'RS256' }
const FORMS = ['server', 'inline', 'files'] as const satisfies readonly Form[]

async function checked(form: Form) {
  const tenant = await tenantWith()
  tenant.put({ ...DECLARED, id: FIRST })
  tenant.create({ identifier: SHOP, name: 'Of nobody' })
  const cwd = projectFolder()
  writeFileSync(join(cwd, 'declared.json'), JSON.stringify({ resource_servers: [DECLARED] }))
  const run = (command: Command, state: Resource | null, program = programOf(form, DECLARED)): Promise<Outcome> =>
    runCommand(command, { methods: methodsOf(startProcess(tenant, { cwd }), form), program, state })
  return { tenant, cwd, run }
}

/** Deleted and made again, to the letter; only its grants are gone. */
function makeAgain(tenant: Simulator, id = SECOND): void {
  const live = tenant.list().find(({ identifier }) => identifier === ORDERS)
  tenant.remove(ORDERS)
  tenant.put({ ...live, id })
}

async function record(tenant: Simulator, cwd: string): Promise<void> {
  const env = { AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
  const reader = await openTenant({ pulumi: () => undefined, env, root: cwd, now: Date.now() })
  const inventory = await reader.inventory()
  await reader.close()
  if (!inventory.ok) throw new Error('the tenant cannot be read')
  const file = toSnapshotFile(inventory.snapshot, new Date())
  writeFileSync(join(cwd, 'tenant-drift.recorded.json'), JSON.stringify(file))
}

const entriesOf = (form: Form, drift: unknown): JsonObject =>
  (form === 'server' ? drift : ((drift as JsonObject)[ORDERS] ?? {})) as JsonObject
const AGAIN = {
  kind: 'changed',
  origin: 'drift',
  severity: 'high',
  direction: 'neutral',
  impact: 'breaks-clients',
  declared: FIRST,
  live: SECOND,
}

test.for(FORMS)(
  '%s: an API that was made again with the same values is another one, for as long as nobody agrees',
  async (form) => {
    const { tenant, run } = await checked(form)
    const made = await run('up', null)
    makeAgain(tenant)

    const preview = await run('preview', made.state)
    const refreshed = await run('refresh --preview-only', made.state)
    const applied = await run('up', made.state)
    const after = await run('preview', applied.state)
    const later = await run('refresh', applied.state)

    expect([preview, refreshed, applied, after, later].map(({ changed }) => changed)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
    expect(entriesOf(form, preview.checked?.drift)).toEqual({ id: AGAIN })
    expect(entriesOf(form, later.state?.outputs.drift)).toEqual({ id: { ...AGAIN, seen: 1 } })
  },
)

test.for(FORMS)('%s: a record that was made since agrees to the new id', async (form) => {
  const { tenant, cwd, run } = await checked(form)
  const made = await run('up', null)
  makeAgain(tenant)
  await record(tenant, cwd)

  const applied = await run('up', made.state)
  makeAgain(tenant, FIRST)
  const again = await run('preview', applied.state)

  expect(applied.checked?.drift).toEqual({})
  expect(entriesOf(form, again.checked?.drift)).toMatchObject({ id: { kind: 'changed', live: FIRST } })
})

test.for(FORMS)('%s: a record that still has the old id tells, whatever the state first saw', async (form) => {
  const { tenant, cwd, run } = await checked(form)
  await record(tenant, cwd)
  makeAgain(tenant)

  const made = await run('up', null)

  expect(Object.keys(entriesOf(form, made.checked?.drift))).toEqual(['id'])
})

test('of a tenant the ids of what is declared are kept, packed, and nothing else', async () => {
  const { run } = await checked('files')
  const made = await run('up', null)

  expect(unpackTexts(made.state?.inputs.ids as string)).toEqual({ [ORDERS]: FIRST })
})

test.for(['inline', 'files'] as const)(
  '%s: a state without ids shows nothing by an upgrade, and knows them after the next up or refresh',
  async (form) => {
    const { tenant, run } = await checked(form)
    const made = await run('up', null)
    const old = withoutIds(made.state)

    const outcomes = await Promise.all(
      (['preview', 'up', 'refresh', 'preview --refresh'] as const).map((each) => run(each, old)),
    )
    makeAgain(tenant)
    const afterUp = await run('preview', outcomes[1]?.state ?? null)
    const afterRefresh = await run('refresh --preview-only', outcomes[2]?.state ?? null)

    expect(outcomes.map(({ changed }) => changed)).toEqual([false, false, false, false])
    expect([afterUp.changed, afterRefresh.changed]).toEqual([true, true])
  },
)

test.for(FORMS)('%s: an API that was gone for a while is not another one without a word', async (form) => {
  const { tenant, run } = await checked(form)
  const made = await run('up', null)
  const live = tenant.list().find(({ identifier }) => identifier === ORDERS)
  tenant.remove(ORDERS)
  const gone = await run('up', made.state)
  tenant.put({ ...live, id: SECOND })
  const back = await run('preview', gone.state)

  expect(entriesOf(form, gone.checked?.drift)).toMatchObject({ identifier: { kind: 'missing' } })
  expect(entriesOf(form, back.checked?.drift)).toEqual({ id: AGAIN })
})

test.for(['inline', 'files'] as const)(
  '%s: a tenant that cannot be read is no reason to forget its ids',
  async (form) => {
    const { tenant, run } = await checked(form)
    const made = await run('up', null)
    tenant.setFault({ kind: 'status', status: 403, match: { path: '/api/v2/resource-servers' } })
    const unread = await run('up', made.state)

    expect(unread.checked?.observed).toMatchObject({ status: 'unreadable' })
    expect(unread.state?.inputs.ids).toBe(made.state?.inputs.ids)
  },
)

function withoutIds(state: Resource | null): Resource | null {
  if (state === null) return null
  const without = ({ ids: _ids, ...rest }: JsonObject): JsonObject => rest
  return { ...state, inputs: without(state.inputs), outputs: without(state.outputs) }
}
