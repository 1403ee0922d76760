import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { dynamicMethods, type DynamicMethods } from '../../src/provider/methods.ts'
import { resourceServerKind } from '../../src/provider/resource-server.ts'
import { openEngineRun, type EngineRun } from '../../src/provider/engine-run.ts'
import type { Surroundings } from '../../src/provider/surroundings.ts'
import { tenantKind } from '../../src/provider/tenant.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/front.ts'
import { runCommand, type Command, type Outcome, type Resource } from './engine-model.ts'
import { DECLARED_SECRET, type Stage } from './worlds.ts'

/** The three ways in which a program can check an API. */
export const FORMS = ['server', 'inline', 'files'] as const
/** The last: files whose secrets come in by variables that are Pulumi secrets. */
export type Form = (typeof FORMS)[number] | 'variables'

const DECLARED_FILE = 'declared.json'

/** What the resource classes send for a declaration; `files` reads a file of the project. */
export function programOf(
  form: Form,
  declared: JsonObject,
  secrets: readonly string[] = [],
  file = DECLARED_FILE,
): JsonObject {
  const { id, ...fields } = declared
  const named = [...secrets, ...(declared.signing_secret === undefined ? [] : ['signing_secret'])]
  const hides = (at: string): JsonObject =>
    named.length === 0 ? {} : { secretInputs: named.map((name) => at + name).sort() }
  switch (form) {
    case 'server':
      return { ...fields, ...(id === undefined ? {} : { expectedId: id }), ...hides('') }
    case 'inline':
      return { resource_servers: [declared], ...hides('resource_servers[0].') }
    case 'files':
      return { files: file }
    case 'variables':
      return {
        files: 'with-variables.json',
        variables: { planted: DECLARED_SECRET },
        secretInputs: ['variables'],
      }
  }
}

/** What runs at the end of a test. Tests that run at once must hand in their own: the imported one takes any of them for the current one. */
type Finish = (work: () => void | Promise<void>) => void

/** A folder with a Pulumi.yaml in it, removed with the test. */
export function projectFolder(finish: Finish = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-project-'))
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: demo\nruntime: nodejs\n')
  finish(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

// Tokens are cached by address and credentials, and ports come round again: another seed is another secret.
let seed = 5000

export async function tenantWith(options: SimulatorOptions = {}, finish: Finish = onTestFinished): Promise<Simulator> {
  seed += 1
  const tenant = await startSimulator({ seed, ...options })
  finish(() => tenant.close())
  return tenant
}

export interface Process {
  readonly session: EngineRun
  readonly server: DynamicMethods
  readonly tenant: DynamicMethods
}

/** A provider process: one session, as `configure` opens it. */
export function startProcess(tenant: Simulator, given: Partial<Surroundings> = {}): Process {
  const session = openEngineRun({
    config: () => undefined,
    cwd: tmpdir(),
    now: () => Date.now(),
    ...given,
    env: {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.client_id,
      AUTH0_CLIENT_SECRET: tenant.client_secret,
      ...given.env,
    },
  })
  return {
    session,
    server: dynamicMethods(resourceServerKind, () => session),
    tenant: dynamicMethods(tenantKind, () => session),
  }
}

/** Ends what a process holds open, as the end of a real one would. */
export async function endProcess({ session }: Process): Promise<void> {
  await session.reader().then(
    (reader) => reader.close(),
    () => undefined,
  )
}

export function methodsOf(process: Process, form: Form): DynamicMethods {
  return form === 'server' ? process.server : process.tenant
}

/** Brings tenant and files to a stage. */
export function setStage(tenant: Simulator, folder: string, stage: Stage): void {
  tenant.reset()
  for (const api of tenant.list()) if (api.is_system !== true) tenant.remove(api.identifier as string)
  for (const api of [...(stage.beside ?? []), ...(stage.live === null ? [] : [stage.live])]) tenant.put(api)
  if (stage.fault !== undefined) tenant.setFault({ ...stage.fault, match: { ...stage.fault.match } })
  const text = JSON.stringify({ resource_servers: [stage.declared] })
  writeFileSync(join(folder, stage.file ?? DECLARED_FILE), text)
  writeFileSync(join(folder, 'with-variables.json'), text.replaceAll(DECLARED_SECRET, '${planted}'))
}

/** Runs commands of the engine's model, each in a provider process of its own; equal runs are run once. */
export function modelOf(tenant: Simulator, form: Form, folder = projectFolder()) {
  const known = new Map<string, Promise<Outcome>>()
  const names = new Map<unknown, number>()
  const states = new Map<string, Resource>()

  /** Equal states are one object, so that a run is known by numbers and not by long texts. */
  function same(state: Resource | null): Resource | null {
    if (state === null) return null
    const text = JSON.stringify(state)
    const first = states.get(text) ?? state
    states.set(text, first)
    return first
  }
  function nameOf(thing: unknown): number {
    const name = names.get(thing) ?? names.size
    names.set(thing, name)
    return name
  }
  async function make(command: Command, stage: Stage, state: Resource | null, meanwhile: Stage): Promise<Outcome> {
    setStage(tenant, folder, stage)
    const process = startProcess(tenant, { cwd: folder })
    const methods = methodsOf(process, form)
    const outcome = await runCommand(command, {
      methods,
      program: programOf(form, stage.declared, stage.secrets, stage.file),
      state,
      ...(meanwhile === stage ? {} : { beforeApply: () => setStage(tenant, folder, meanwhile) }),
    })
    await endProcess(process)
    expect(outcome.error).toBeNull()
    return { ...outcome, state: same(outcome.state) }
  }
  /** `meanwhile` is what an `up` finds when it applies, if that is another stage than it was checked against. */
  return (command: Command, stage: Stage, state: Resource | null, meanwhile = stage): Promise<Outcome> => {
    const key = `${command} ${nameOf(stage)} ${nameOf(state)} ${nameOf(meanwhile)}`
    const run = known.get(key) ?? make(command, stage, state, meanwhile)
    known.set(key, run)
    return run
  }
}

/** What a check of one process makes of a declaration. */
export async function checkOnce(
  process: Process,
  form: Form,
  program: JsonObject,
  olds: JsonObject = {},
): Promise<{ readonly inputs: JsonObject; readonly observed: JsonObject; readonly drift: JsonObject }> {
  const { inputs } = await methodsOf(process, form).check(olds, program)
  return { inputs, observed: inputs.observed as JsonObject, drift: inputs.drift as JsonObject }
}
