import { onTestFinished } from 'vitest'
import { asJsonObject, canonicalText, isJsonObject } from '../../src/schema/json.ts'
import { isSecretDigest } from '../../src/schema/secret-digest.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { FORMS, modelOf, setStage, tenantWith } from './checks.ts'
import { COMMANDS, type Command, type Outcome, type Resource } from './engine-model.ts'
import { resourcesOf, startProject, stepsOf } from './engine.ts'
import { inOneTenant, type Stage, type World } from './worlds.ts'

const ARGS: Readonly<Record<Command, readonly string[]>> = {
  preview: ['preview'],
  up: ['up', '--yes', '--skip-preview'],
  refresh: ['refresh', '--yes', '--skip-preview'],
  'preview --refresh': ['preview', '--refresh'],
  'refresh --preview-only': ['refresh', '--preview-only'],
}
const STREAMING = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' }

/** One program with all three forms of the check, for each stage. */
function programText(stages: readonly Stage[]): string {
  const checks = stages.map(({ declared, file, secrets = [] }, world) => {
    const { id, ...fields } = declared
    const hidden = [...secrets, 'signing_secret']
      .filter((name) => Object.hasOwn(fields, name))
      .map((name) => `, ${name}: outputs.secret(${JSON.stringify(fields[name])})`)
    const api = (more: JsonObject) => `{ ...${JSON.stringify({ ...fields, ...more })}${hidden.join('')} }`
    return `new ResourceServerCheck('server ${world}', ${api(id === undefined ? {} : { expectedId: id })})
new TenantCheck('inline ${world}', { resource_servers: [${api(id === undefined ? {} : { id })}] })
new TenantCheck('files ${world}', { files: ${JSON.stringify(file)} })
`
  })
  return `import outputs from '@pulumi/pulumi/output.js'
import { ResourceServerCheck, TenantCheck } from 'tenant-drift'
${checks.join('')}`
}

/** By the name of the check. */
type States = Readonly<Record<string, Resource | null>>

/** A state that a sequence of commands led to, in the engine and in the model. */
interface Node {
  readonly backend: string
  readonly states: States
  readonly path: string
}

export interface Walk {
  /** Places where engine and model, or engine and what has to be shown, are not of one mind. */
  readonly wrong: readonly string[]
  readonly commands: number
}

/**
 * Runs every sequence of commands up to `length` with the stages of the worlds in order at every position, on the real engine and on the
 * model. Sequences that lead to equal states (all that the state file holds of our resources) go on as one; previews must leave it as it is.
 * `isShort`: what comes after the first command comes at the last stage.
 */
export async function walk(given: readonly World[], length: number, isShort = false): Promise<Walk> {
  const worlds = inOneTenant(given)
  const tenant = await tenantWith()
  const project = await startProject(tenant)
  onTestFinished(() => project.remove())
  const checks = worlds.flatMap((world, index) =>
    FORMS.map((form) => ({ name: `${form} ${index}`, world, run: modelOf(tenant, form, project.folder) })),
  )
  const wrong: string[] = []
  const seen = new Set<string>()
  let commands = 0

  async function step(command: Command, at: (world: World) => Stage, node: Node): Promise<Node> {
    const path = `${node.path} > ${command}`
    const outcomes = new Map<string, Outcome>()
    for (const { name, world, run } of checks)
      outcomes.set(name, await run(command, at(world), node.states[name] ?? null))
    for (const world of worlds) setStage(tenant, project.folder, at(world))
    project.setProgram(programText(worlds.map(at)))
    const before = project.stateText(node.backend)
    const backend = project.fork(node.backend)
    const ran = await project.run([...ARGS[command], '--json', '--expect-no-changes'], { env: STREAMING, backend })
    commands += 1

    const isChanged = [...outcomes.values()].some(({ changed }) => changed)
    if (ran.code !== (isChanged ? 7 : 0))
      wrong.push(`${path}: exit ${ran.code}, model ${String(isChanged)}\n${ran.stderr}`)
    const steps = new Map(stepsOf(ran.stdout).map(({ name, op }) => [name, op]))
    for (const [name, outcome] of outcomes) {
      const op = steps.get(name) ?? 'none'
      if (op !== outcome.step) wrong.push(`${path}: ${name} is ${op}, model ${outcome.step}`)
    }
    const after = resourcesOf(project.stateText(backend))
    if (command !== 'up' && command !== 'refresh') {
      if (canonicalText(resourcesOf(before)) !== canonicalText(after)) wrong.push(`${path}: wrote the state`)
      return node
    }
    for (const [name, { state }] of outcomes) {
      const [real, model] = [stored(after[name]), stored(state)]
      if (real !== model) wrong.push(`${path}: ${name} stored ${real}, model ${model}`)
    }
    return { backend, states: Object.fromEntries([...outcomes].map(([name, { state }]) => [name, state])), path }
  }

  const stageCount = Math.max(...worlds.map(({ stages }) => stages.length))
  const empty: Node = { backend: project.backend, states: {}, path: '' }
  const isApplied = worlds.some(({ applied }) => applied !== null)
  const start = isApplied ? await step('up', ({ applied }) => existing(applied), empty) : empty

  // Those with the most commands left come first, so that no state is gone into twice.
  const open: { readonly node: Node; readonly index: number; readonly rest: number }[] = []
  const visit = (node: Node, first: number, rest: number) => {
    for (let index = first; rest > 0 && index < stageCount; index += 1) open.push({ node, index, rest })
  }
  visit({ ...start, path: '' }, 0, length)
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { node, index, rest } = next
    const key = `${index} ${keyOf(project.stateText(node.backend))}`
    if (seen.has(key)) continue
    seen.add(key)
    for (const command of COMMANDS) {
      const after = await step(command, ({ stages }) => existing(stages[index]), {
        ...node,
        path: `${node.path} ${index}`,
      })
      if (after.backend !== node.backend) visit(after, isShort ? stageCount - 1 : index, rest - 1)
    }
  }
  return { wrong, commands }
}

function existing(stage: Stage | null | undefined): Stage {
  if (stage === null || stage === undefined)
    throw new Error('worlds that are walked together begin alike and have equally many stages')
  return stage
}

/** The state file lists resources in the order in which they were ready, which differs from run to run. */
function keyOf(stateText: string): string {
  return Object.entries(resourcesOf(stateText))
    .map(([name, resource]) => `${name} ${stored(resource)}`)
    .sort()
    .join(' ')
}

/** What of a resource decides all that follows: the digest stands for a declaration, which the state may hold as one ciphertext. */
function stored(resource: { readonly inputs: JsonObject; readonly outputs: JsonObject } | null | undefined): string {
  if (resource === null || resource === undefined) return 'nothing'
  const part = ({
    drift,
    observed,
    declaration: _p,
    resource_servers: _r,
    __provider: _t,
    ...inputs
  }: JsonObject): JsonObject => {
    const { status, code, seen, id, digest, pending } = asJsonObject(observed)
    const looks = { status, code, seen, id, digest, pending }
    const present = Object.fromEntries(Object.entries(looks).filter(([, value]) => value !== undefined)) as JsonObject
    return { ...withoutCiphertext(inputs), drift: drift ?? null, observed: present }
  }
  return canonicalText({ inputs: part(resource.inputs), outputs: part(resource.outputs) })
}

/** The state holds secrets, digests here, under a key of its own; the model holds them as they are. */
function withoutCiphertext(inputs: JsonObject): JsonObject {
  return JSON.parse(
    JSON.stringify(inputs, (key, value: unknown) =>
      // Digests of all secrets of the files together: one ciphertext in the state.
      (key === 'secretDigests' && isJsonObject(value)) ||
      isSecretDigest(value) ||
      (isJsonObject(value) && Object.hasOwn(value, 'ciphertext'))
        ? '(secret)'
        : value,
    ),
  ) as JsonObject
}
