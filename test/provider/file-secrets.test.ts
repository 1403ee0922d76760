import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isSecretDigest } from '../../src/schema/secret-digest.ts'
import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { projectFolder, startProcess, tenantWith } from '../support/checks.ts'
import { COMMANDS, runCommand, type Command, type Outcome, type Resource } from '../support/engine-model.ts'

const API = 'https://orders.example.com/'
const FIRST = 'planted-secret-number-one'
const SECOND = 'planted-secret-number-two'
const BY_HAND = 'planted-secret-by-hand'
const NAME = 'Orders of the shop'

/** The three ways in which a secret comes into files: by a Pulumi secret, by a plain text, by the environment. */
const WAYS = ['secret', 'plain', 'environment'] as const
type Way = (typeof WAYS)[number]

interface Given {
  readonly secret?: string
  /** Of a job that does not have the variable: only `environment` can lack it. */
  readonly lacks?: boolean
}

interface Story {
  readonly tenant: Simulator
  readonly cwd: string
  readonly run: (command: Command, state: Resource | null, given?: Given) => Promise<Outcome>
}

async function story(way: Way, live: JsonObject = {}): Promise<Story> {
  const tenant = await tenantWith()
  tenant.put({
    id: '66a1f0000000000000000001',
    identifier: API,
    name: NAME,
    signing_alg: 'HS256',
    signing_secret: FIRST,
    ...live,
  })
  const cwd = projectFolder()
  const api = { identifier: API, name: '${name}', signing_alg: 'HS256', signing_secret: '${sec}' }
  writeFileSync(join(cwd, 'declared.json'), JSON.stringify({ resource_servers: [api] }))
  return {
    tenant,
    cwd,
    run: (command, state, { secret = FIRST, lacks = false } = {}) => {
      const variables = { name: NAME, ...(way === 'environment' ? {} : { sec: secret }) }
      const program = {
        files: 'declared.json',
        variables,
        ...(way === 'secret' ? { secretInputs: ['variables'] } : {}),
        // As the class gives it.
        ...(command.startsWith('preview') ? { inPreview: true } : {}),
      }
      const env = way === 'environment' && !lacks ? { TENANT_DRIFT_VAR_sec: secret } : {}
      return runCommand(command, { methods: startProcess(tenant, { cwd, env }).tenant, program, state })
    },
  }
}

const entryOf = (props: JsonObject | null | undefined): Json | undefined =>
  (((props?.drift ?? {}) as JsonObject)[API] as JsonObject | undefined)?.signing_secret

/** What the version before wrote: no digests, and plain variables in clear. */
function asBefore(state: Resource | null, way: Way): Resource {
  const old = ({ secretDigests: _none, ids: _nor, ...props }: JsonObject): JsonObject =>
    way === 'plain' ? { ...props, variables: { name: NAME, sec: FIRST } } : props
  if (state === null) throw new Error('an up has a state')
  return { id: state.id, inputs: old(state.inputs), outputs: old(state.outputs) }
}

describe('a signing secret that comes into files by a variable', () => {
  test.for(WAYS)('%s: a refresh compares it, whatever the job knows of the variable', async (way) => {
    const { tenant, run } = await story(way)
    const { state } = await run('up', null)

    const quiet = await run('refresh --preview-only', state, { lacks: true })
    tenant.edit(API, { signing_secret: BY_HAND })
    const [dry, loud] = [
      await run('refresh --preview-only', state, { lacks: true }),
      await run('refresh', state, { lacks: true }),
    ]

    expect([quiet.changed, dry.changed, loud.changed]).toEqual([false, true, true])
    expect(entryOf(quiet.state?.outputs)).toBeUndefined()
    expect(entryOf(loud.state?.outputs)).toMatchObject({ kind: 'changed', origin: 'drift', severity: 'critical' })
  })

  test.for(WAYS)(
    "%s: a rotation of one's own is pending, then adopted; one behind the code's back is drift",
    async (way) => {
      const { tenant, run } = await story(way)
      const { state } = await run('up', null)

      const planned = await run('preview', state, { secret: SECOND })
      tenant.edit(API, { signing_secret: SECOND })
      const adopted = await run('preview', state, { secret: SECOND })
      tenant.edit(API, { signing_secret: BY_HAND })
      const drifted = await run('preview', state)
      const conflict = await run('preview', state, { secret: SECOND })

      expect(planned.checked).toMatchObject({
        drift: {},
        observed: { pending: { [API]: { signing_secret: { origin: 'pending' } } }, touched: [API] },
      })
      expect(adopted.checked).toMatchObject({ drift: {}, observed: { pending: {}, adopted: 1 } })
      expect(entryOf(drifted.checked)).toMatchObject({ origin: 'drift' })
      expect(entryOf(conflict.checked)).toMatchObject({ origin: 'conflict' })
    },
  )

  test.for(WAYS)('%s: nothing of it stands in what the engine sees, and other variables stay readable', async (way) => {
    const { tenant, run } = await story(way)
    const texts: string[] = []
    const applied = await run('up', null)
    tenant.edit(API, { signing_secret: BY_HAND })
    for (const command of COMMANDS) texts.push(JSON.stringify(await run(command, applied.state, { secret: SECOND })))

    expect([JSON.stringify(applied), ...texts].filter((text) => text.includes('planted'))).toEqual([])
    const variables = applied.state?.outputs.variables as JsonObject
    expect([variables.name, isSecretDigest(variables.sec)]).toEqual(
      { secret: [expect.stringMatching(/^scrypt/), true], plain: [NAME, true], environment: [NAME, false] }[way],
    )
  })

  test('where the files cannot be made out, no variable is shown: nobody knows which reaches what', async () => {
    const { cwd, run } = await story('plain')
    writeFileSync(join(cwd, 'declared.json'), '{"resource_servers": [')

    const { checked } = await run('preview', null)

    expect(checked?.observed).toMatchObject({ status: 'invalid' })
    expect(JSON.stringify(checked)).not.toContain('planted')
  })

  test('its text in any other place is a mistake, and shown nowhere', async () => {
    const { cwd, tenant, run } = await story('plain')
    const api = { identifier: API, name: 'Orders ${sec}', signing_alg: 'HS256', signing_secret: '${sec}' }
    writeFileSync(join(cwd, 'declared.json'), JSON.stringify({ resource_servers: [api] }))
    tenant.edit(API, { name: `Orders ${FIRST}` })

    const { checked, state } = await run('up', null)

    expect(checked).toMatchObject({ observed: { status: 'invalid' } })
    expect(JSON.stringify(checked)).toContain('the variable sec stands for a secret')
    expect(JSON.stringify([checked, state])).not.toContain('planted')
  })

  test('that is declared for the first time is pending, as any field is', async () => {
    const { cwd, run } = await story('secret')
    const bare = { identifier: API, name: '${name}', signing_alg: 'HS256' }
    const text = JSON.stringify({ resource_servers: [{ ...bare, signing_secret: '${sec}' }] })
    writeFileSync(join(cwd, 'declared.json'), JSON.stringify({ resource_servers: [bare] }))
    const { state } = await run('up', null)
    writeFileSync(join(cwd, 'declared.json'), text)

    const { checked } = await run('preview', state, { secret: SECOND })

    expect(checked).toMatchObject({
      drift: {},
      observed: { pending: { [API]: { signing_secret: { origin: 'pending' } } } },
    })
  })

  test('is kept beside the declaration through an up of files with mistakes', async () => {
    const { cwd, tenant, run } = await story('secret')
    const applied = await run('up', null)
    const text = JSON.stringify({
      resource_servers: [{ identifier: API, signing_alg: 'HS256', signing_secret: '${sec}' }],
    })
    writeFileSync(join(cwd, 'declared.json'), '{"resource_servers": [')
    const broken = await run('up', applied.state)
    writeFileSync(join(cwd, 'declared.json'), text)
    tenant.edit(API, { signing_secret: SECOND })

    const { checked } = await run('preview', broken.state, { secret: SECOND })

    expect(broken.state?.outputs.secretDigests).toEqual(applied.state?.outputs.secretDigests)
    expect(checked).toMatchObject({ drift: {}, observed: { status: 'read', adopted: 1 } })
  })
})

describe('a state of a version that kept no digests', () => {
  test.for([
    ['plain', false],
    ['environment', false],
  ] as const)('%s: a refresh that can read the secret is silent by the upgrade', async ([way]) => {
    const { tenant, run } = await story(way)
    const old = asBefore((await run('up', null)).state, way)

    const quiet = await run('refresh --preview-only', old)
    tenant.edit(API, { signing_secret: BY_HAND })
    const loud = await run('refresh --preview-only', old)

    expect([quiet.changed, loud.changed]).toEqual([false, true])
  })

  test.for(WAYS)('%s: a preview shows nothing by the upgrade alone, and whatever else there is', async (way) => {
    const { tenant, run } = await story(way)
    const old = asBefore((await run('up', null)).state, way)

    const quiet = await run('preview', old)
    const rotated = await run('preview', old, { secret: SECOND })
    tenant.edit(API, { signing_secret: BY_HAND })
    const drifted = await run('preview', old)

    expect([quiet.changed, rotated.changed, drifted.changed]).toEqual([false, true, true])
    expect(entryOf(drifted.checked)).toMatchObject({ kind: 'changed' })
    expect(JSON.stringify(quiet.checked)).not.toContain('inPreview')
  })

  test.for(WAYS)('%s: the next up stores what this version keeps, once', async (way) => {
    const { run } = await story(way)
    const old = asBefore((await run('up', null)).state, way)

    const applied = await run('up', old)
    const after = [await run('up', applied.state), await run('preview', applied.state)]

    expect(applied.changed).toBe(true)
    expect(applied.state?.outputs).toHaveProperty('secretDigests')
    expect(JSON.stringify(applied.state)).not.toContain(FIRST)
    expect(after.map(({ changed }) => changed)).toEqual([false, false])
  })

  test.for(['secret', 'environment'] as const)(
    '%s: a secret that cannot be compared is unreadable, counts up, and is compared after the next up',
    async (way) => {
      const { run } = await story(way)
      const old = asBefore((await run('up', null)).state, way)

      const dry = await run('refresh --preview-only', old, { lacks: true })
      const once = await run('refresh', old, { lacks: true })
      const twice = await run('refresh', once.state, { lacks: true })
      const applied = await run('up', twice.state)
      const after = await run('refresh --preview-only', applied.state, { lacks: true })

      expect([dry.changed, once.changed, twice.changed]).toEqual([true, true, true])
      const unreadable = { kind: 'unreadable', code: 'secret_unreadable', origin: null }
      expect(entryOf(once.state?.outputs)).toEqual(expect.objectContaining(unreadable))
      expect(entryOf(twice.state?.outputs)).toMatchObject({ ...unreadable, seen: 1 })
      expect(entryOf(applied.state?.outputs)).toBeUndefined()
      expect(after.changed).toBe(false)
    },
  )

  test('a rotation that cannot be told from drift says so', async () => {
    const { run } = await story('secret')
    const old = asBefore((await run('up', null)).state, 'secret')

    const { checked } = await run('preview', old, { secret: SECOND })

    expect(entryOf(checked)).toMatchObject({ origin: 'drift', baseUnknown: true })
  })
})

test('on another tenant the digests of a state say nothing: unreadable, and no drift', async () => {
  const { cwd, tenant, run } = await story('secret')
  const other = await tenantWith()
  other.put({ ...tenant.list().find(({ identifier }) => identifier === API), signing_secret: FIRST })
  const { state } = await run('up', null)
  const program = { files: 'declared.json' }

  const { state: after } = await runCommand('refresh', { methods: startProcess(other, { cwd }).tenant, program, state })

  expect(entryOf(after?.outputs)).toMatchObject({ kind: 'unreadable', code: 'secret_unreadable' })
})
