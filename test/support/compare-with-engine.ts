import { onTestFinished } from 'vitest'
import { canonicalText, isJsonObject } from '../../src/schema/json.ts'
import { asJsonObject } from '../../src/schema/observed.ts'
import { isSecretDigest } from '../../src/schema/secret-digest.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { FORMS, modelOf, setStage, tenantWith } from './checks.ts'
import { COMMANDS, type Command, type Outcome, type Resource } from './engine-model.ts'
import { resourcesOf, startProject, stepsOf } from './engine.ts'
import type { Stage, World } from './worlds.ts'

const ARGS: Readonly<Record<Command, readonly string[]>> = {
  preview: ['preview'],
  up: ['up', '--yes', '--skip-preview'],
  refresh: ['refresh', '--yes', '--skip-preview'],
  'preview --refresh': ['preview', '--refresh'],
  'refresh --preview-only': ['refresh', '--preview-only'],
}
const STREAMING = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true' }

/** One program with all three forms of the check. */
export function programText({ declared, secrets = [] }: Stage): string {
  return `import outputs from '@pulumi/pulumi/output.js'
import { ResourceServerCheck, TenantCheck } from 'tenant-drift'
const { id, ...fields } = ${JSON.stringify(declared)}
for (const name of ${JSON.stringify([...secrets, 'signing_secret'])}) if (name in fields) fields[name] = outputs.secret(fields[name])
new ResourceServerCheck('server', id === undefined ? fields : { ...fields, expectedId: id })
new TenantCheck('inline', { resource_servers: [id === undefined ? fields : { ...fields, id }] })
new TenantCheck('files', { files: 'declared.json' })
`
}

type States = Readonly<Record<(typeof FORMS)[number], Resource | null>>

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
 * Runs every sequence of commands up to `length` with the stages of the world in order at every position, on the real engine and on the
 * model. Sequences that lead to equal states (all that the state file holds of our resources) go on as one; previews must leave it as it is.
 */
export async function walk(world: World, length: number): Promise<Walk> {
  const tenant = await tenantWith()
  const project = await startProject(tenant)
  onTestFinished(() => project.remove())
  const models = {
    server: modelOf(tenant, 'server', project.folder),
    inline: modelOf(tenant, 'inline', project.folder),
    files: modelOf(tenant, 'files', project.folder),
  }
  const wrong: string[] = []
  const seen = new Set<string>()
  let commands = 0

  async function inModel(
    command: Command,
    stage: Stage,
    states: States,
  ): Promise<Record<(typeof FORMS)[number], Outcome>> {
    return {
      server: await models.server(command, stage, states.server),
      inline: await models.inline(command, stage, states.inline),
      files: await models.files(command, stage, states.files),
    }
  }

  async function step(command: Command, stage: Stage, node: Node): Promise<Node> {
    const path = `${node.path} > ${command}`
    const outcomes = await inModel(command, stage, node.states)
    setStage(tenant, project.folder, stage)
    project.setProgram(programText(stage))
    const before = project.stateText(node.backend)
    const backend = project.fork(node.backend)
    const ran = await project.run([...ARGS[command], '--json', '--expect-no-changes'], { env: STREAMING, backend })
    commands += 1

    const isChanged = FORMS.some((form) => outcomes[form].changed)
    if (ran.code !== (isChanged ? 7 : 0))
      wrong.push(`${path}: exit ${ran.code}, model ${String(isChanged)}\n${ran.stderr}`)
    const steps = new Map(stepsOf(ran.stdout).map(({ name, op }) => [name, op]))
    for (const form of FORMS) {
      const op = steps.get(form) ?? 'none'
      if (op !== outcomes[form].step) wrong.push(`${path}: ${form} is ${op}, model ${outcomes[form].step}`)
    }
    const after = resourcesOf(project.stateText(backend))
    if (command !== 'up' && command !== 'refresh') {
      if (canonicalText(resourcesOf(before)) !== canonicalText(after)) wrong.push(`${path}: wrote the state`)
      return node
    }
    for (const form of FORMS) {
      const [real, model] = [after[form], outcomes[form].state]
      if (stored(real) !== stored(model)) wrong.push(`${path}: ${form} stored ${stored(real)}, model ${stored(model)}`)
    }
    const states = { server: outcomes.server.state, inline: outcomes.inline.state, files: outcomes.files.state }
    return { backend, states, path }
  }

  const empty: Node = { backend: project.backend, states: { server: null, inline: null, files: null }, path: '' }
  const start = world.applied === null ? empty : await step('up', world.applied, empty)

  // Those with the most commands left come first, so that no state is gone into twice.
  const open: { readonly node: Node; readonly index: number; readonly rest: number }[] = []
  const visit = (node: Node, first: number, rest: number) => {
    for (let index = first; rest > 0 && index < world.stages.length; index += 1) open.push({ node, index, rest })
  }
  visit({ ...start, path: '' }, 0, length)
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { node, index, rest } = next
    const stage = world.stages[index]
    const key = `${index} ${keyOf(project.stateText(node.backend))}`
    if (stage === undefined || seen.has(key)) continue
    seen.add(key)
    for (const command of COMMANDS) {
      const after = await step(command, stage, { ...node, path: `${node.path} ${index}` })
      if (after.backend !== node.backend) visit(after, index, rest - 1)
    }
  }
  return { wrong, commands }
}

function keyOf(stateText: string): string {
  const resources = resourcesOf(stateText)
  return FORMS.map((form) => stored(resources[form])).join(' ')
}

/** What of a resource decides all that follows. */
function stored(resource: { readonly inputs: JsonObject; readonly outputs: JsonObject } | null | undefined): string {
  if (resource === null || resource === undefined) return 'nothing'
  const part = ({ drift, observed, declaration: _packed, __provider: _text, ...inputs }: JsonObject): JsonObject => {
    const { status, code, seen, id, digest, pending, meanwhile } = asJsonObject(observed)
    const looks = { status, code, seen, id, digest, pending, meanwhile }
    const present = Object.fromEntries(Object.entries(looks).filter(([, value]) => value !== undefined)) as JsonObject
    return { ...withoutCiphertext(inputs), drift: drift ?? null, observed: present }
  }
  return canonicalText({ inputs: part(resource.inputs), outputs: part(resource.outputs) })
}

/** The state holds secrets, digests here, under a key of its own; the model holds them as they are. */
function withoutCiphertext(inputs: JsonObject): JsonObject {
  return JSON.parse(
    JSON.stringify(inputs, (_key, value: unknown) =>
      isSecretDigest(value) || (isJsonObject(value) && Object.hasOwn(value, 'ciphertext')) ? '(secret)' : value,
    ),
  ) as JsonObject
}
