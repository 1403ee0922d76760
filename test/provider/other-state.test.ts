import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Simulator } from '../../src/simulator/front.ts'
import { FORMS, methodsOf, programOf, projectFolder, startProcess, tenantWith, type Form } from '../support/checks.ts'
import { runCommand, type Command, type Outcome, type Resource } from '../support/engine-model.ts'

const NAMES = ['https://orders', 'https://shop', 'https://billing', 'https://mail'] as const
const declared = (identifier: string, more: JsonObject = {}): JsonObject => ({
  identifier,
  signing_alg: 'RS256',
  ...more,
})

describe('a list of checks that loses its first entry', () => {
  /** Applies the list, lets somebody touch the tenant, and previews the list without its first entry: each check by its place. */
  async function shifted(touch: (tenant: Simulator) => void, env: Readonly<Record<string, string>> = {}, cwd?: string) {
    const tenant = await tenantWith()
    for (const name of NAMES) tenant.create({ ...declared(name), token_lifetime: 7200 })
    const given = cwd === undefined ? {} : { cwd }
    const apply = startProcess(tenant, given).server
    const states: (Resource | null)[] = []
    for (const name of NAMES)
      states.push((await runCommand('up', { methods: apply, program: declared(name), state: null })).state)
    touch(tenant)
    // One provider process serves a run.
    const { server } = startProcess(tenant, { ...given, env })
    const outcomes: Outcome[] = []
    for (const [place, name] of NAMES.slice(1).entries()) {
      outcomes.push(
        await runCommand('preview', { methods: server, program: declared(name), state: states[place] ?? null }),
      )
    }
    return outcomes.map(({ step, checked }) => ({ step, ...(checked as { drift: JsonObject; observed: JsonObject }) }))
  }

  test('takes no difference of the checks that take its place for pending', async () => {
    const outcomes = await shifted((tenant) => {
      for (const name of NAMES) tenant.edit(name, { signing_alg: 'HS256' })
    })

    expect(outcomes.map(({ step }) => step)).toEqual(['replace', 'replace', 'replace'])
    expect(outcomes.map(({ drift }) => drift)).toEqual(
      outcomes.map(() => ({ signing_alg: expect.objectContaining({ origin: 'drift', severity: 'critical' }) })),
    )
    expect(outcomes.map(({ observed }) => [observed.pending, observed.noBase])).toEqual(outcomes.map(() => [{}, true]))
  })

  test('takes an API that is gone for gone', async () => {
    const outcomes = await shifted((tenant) => tenant.remove('https://shop'))

    expect(outcomes[0]?.drift).toMatchObject({ identifier: { kind: 'missing', origin: 'drift' } })
    expect(outcomes.slice(1).map(({ drift }) => drift)).toEqual([{}, {}])
  })

  test('asks a source for the base, as without a state', async () => {
    const cwd = projectFolder()
    const base = NAMES.map((name) =>
      name === 'https://shop' ? declared(name, { signing_alg: 'HS256' }) : declared(name),
    )
    writeFileSync(join(cwd, 'base.json'), JSON.stringify({ resource_servers: base }))
    const everyHs256 = (tenant: Simulator): void => {
      for (const name of NAMES) tenant.edit(name, { signing_alg: 'HS256' })
    }

    const outcomes = await shifted(everyHs256, { TENANT_DRIFT_BASE: 'base.json' }, cwd)

    expect(
      outcomes.map(({ drift, observed }) => [Object.keys(drift), Object.keys(observed.pending as object)]),
    ).toEqual([
      [[], ['signing_alg']],
      [['signing_alg'], []],
      [['signing_alg'], []],
    ])
  })

  test('is no drift where the tenant is as declared, whatever ids the state of the other checks holds', async () => {
    const outcomes = await shifted(() => undefined)
    expect(outcomes.map(({ drift }) => drift)).toEqual([{}, {}, {}])
  })
})

test('a replacement for another reason than its identifier still knows what was declared before', async () => {
  const tenant = await tenantWith()
  tenant.create(declared(NAMES[0], { token_lifetime: 7200 }))
  const before = declared(NAMES[0], { token_lifetime: 7200 })
  const after = declared(NAMES[0], { token_lifetime: 3600 })
  const { state } = await runCommand('up', { methods: startProcess(tenant).server, program: before, state: null })
  const { server } = startProcess(tenant)

  // `replaceOnChanges`: the engine checks twice, the second time as if there had never been a state, and creates.
  await server.check(state?.inputs ?? {}, after)
  const { inputs } = await server.check({}, after)
  const { outs } = await server.create(inputs)

  for (const props of [inputs, outs]) {
    expect(props).toMatchObject({ drift: {}, observed: { pending: { token_lifetime: { origin: 'pending' } } } })
  }
})

describe('a state of another tenant', () => {
  interface Story {
    readonly cwd: string
    readonly here: Simulator
    readonly there: Simulator
    readonly run: (on: Simulator, program: JsonObject, state: Resource | null, command?: string) => Promise<Outcome>
    readonly program: (api: JsonObject) => JsonObject
  }

  async function story(form: Form, env: Readonly<Record<string, string>> = {}): Promise<Story> {
    const [here, there] = [await tenantWith(), await tenantWith()]
    const cwd = projectFolder()
    return {
      cwd,
      here,
      there,
      run: (on, program, state, command = 'preview') =>
        runCommand(command as Command, {
          methods: methodsOf(startProcess(on, { cwd, env: on === there ? env : {} }), form),
          program,
          state,
        }),
      program: (api) => {
        writeFileSync(join(cwd, 'declared.json'), JSON.stringify({ resource_servers: [api] }))
        return programOf(form, api)
      },
    }
  }
  const API = NAMES[0]
  const before = declared(API, { token_lifetime: 7200 })
  const after = declared(API, { token_lifetime: 3600 })
  const observedOf = (props: JsonObject | null): JsonObject => (props?.observed ?? {}) as JsonObject
  const ofApi = (form: Form, part: unknown): JsonObject =>
    (form === 'server' ? part : ((part as JsonObject)[API] ?? {})) as JsonObject

  test.for(FORMS)('%s: is no base, and neither are its ids', async (form) => {
    const { here, there, run, program } = await story(form)
    here.create(before)
    there.create(before)
    const { state } = await run(here, program(before), null, 'up')

    const { checked } = await run(there, program(after), state)

    expect(Object.keys(ofApi(form, checked?.drift))).toEqual(['token_lifetime'])
    expect(checked?.observed).toMatchObject({
      tenant: there.domain,
      stateTenant: here.domain,
      noBase: true,
      pending: {},
      notes: expect.arrayContaining([expect.stringContaining(`the state is of ${here.domain}`)]),
    })
  })

  test.for(FORMS)('%s: gives way to a source', async (form) => {
    const { cwd, here, there, run, program } = await story(form, { TENANT_DRIFT_BASE: 'base.json' })
    writeFileSync(join(cwd, 'base.json'), JSON.stringify({ resource_servers: [before] }))
    here.create({ ...before, token_lifetime: 60 })
    there.create(before)
    const { state } = await run(here, program({ ...before, token_lifetime: 60 }), null, 'up')

    const { checked } = await run(there, program(after), state)

    expect(checked?.drift).toEqual({})
    expect(Object.keys(ofApi(form, observedOf(checked).pending))).toEqual(['token_lifetime'])
  })

  test.for(FORMS)('%s: is that of this one after the next up, and nothing of the other is left', async (form) => {
    const { here, there, run, program } = await story(form)
    here.create(before)
    there.create(before)
    const first = await run(here, program(before), null, 'up')
    const second = await run(there, program(before), first.state, 'up')

    const { checked } = await run(there, program(after), second.state)
    const refreshed = await run(there, program(before), second.state, 'refresh --preview-only')

    expect(checked?.drift).toEqual({})
    expect(checked?.observed).not.toHaveProperty('stateTenant')
    expect(Object.keys(ofApi(form, observedOf(checked).pending))).toEqual(['token_lifetime'])
    expect(refreshed.changed).toBe(false)
  })

  test.for(FORMS)('%s: is known for one even after an up that did not know its tenant', async (form) => {
    const { here, there, run, program } = await story(form)
    here.create(before)
    there.create(before)
    const applied = await run(here, program(before), null, 'up')
    const broken = await run(here, program({ ...before, token_lifetime: -1 }), applied.state, 'up')

    const { checked } = await run(there, program(after), broken.state)

    expect(broken.state?.outputs.observed).toMatchObject({ status: 'invalid', stateTenant: here.domain })
    expect(Object.keys(ofApi(form, checked?.drift))).toEqual(['token_lifetime'])
    expect(checked?.observed).toMatchObject({ stateTenant: here.domain, noBase: true })
  })

  test('that was written without its tenant stays a base: an older version may have written it', async () => {
    const { here, run, program } = await story('server')
    here.create(before)
    const { state } = await run(here, program(before), null, 'up')
    const { tenant: _unknown, ...observed } = observedOf(state?.inputs ?? null)
    const old = { ...(state as Resource), inputs: { ...state?.inputs, observed } }

    const { checked } = await run(here, program(after), old)

    expect(checked).toMatchObject({ drift: {}, observed: { pending: { token_lifetime: { origin: 'pending' } } } })
  })

  test.for(['server', 'inline'] as const)('%s: has digests that nothing here can be compared with', async (form) => {
    const { here, there, run } = await story(form)
    const secret = { signing_alg: 'HS256', signing_secret: 'planted-secret-of-both' }
    for (const tenant of [here, there]) tenant.create({ ...before, ...secret })
    const applied = await run(here, programOf(form, { ...before, ...secret }), null, 'up')

    const { state, changed } = await run(there, {}, applied.state, 'refresh')

    expect(changed).toBe(true)
    expect(ofApi(form, state?.outputs.drift)).toEqual({
      signing_secret: expect.objectContaining({ kind: 'unreadable', code: 'secret_unreadable' }),
    })
  })
})

test.for(['server', 'inline'] as const)(
  '%s: a field that the change makes unknown stays compared with the state, and is no declaration taken away',
  async (form) => {
    const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
    const tenant = await tenantWith()
    tenant.create(declared(NAMES[0]))
    const run = (command: Command, api: JsonObject, state: Resource | null) =>
      runCommand(command, { methods: methodsOf(startProcess(tenant), form), program: programOf(form, api), state })
    const { state } = await run('up', declared(NAMES[0]), null)

    const quiet = await run('preview', declared(NAMES[0], { signing_alg: UNKNOWN }), state)
    tenant.edit(NAMES[0], { signing_alg: 'HS256' })
    const drifted = await run('preview', declared(NAMES[0], { signing_alg: UNKNOWN }), state)

    expect(quiet.checked).toMatchObject({ drift: {}, observed: { status: 'unknown' } })
    expect(JSON.stringify(quiet.checked?.observed)).not.toContain('weaker-declaration')
    expect(JSON.stringify(drifted.checked?.drift)).toContain('"live":"HS256"')
  },
)
