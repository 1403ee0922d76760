import { isDeepStrictEqual } from 'node:util'
import type { DynamicMethods } from '../../src/provider/methods.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/schema/json.ts'

/** What the state file holds of one resource. */
export interface Resource {
  readonly id: string
  readonly inputs: JsonObject
  readonly outputs: JsonObject
}

export const COMMANDS = ['preview', 'up', 'refresh', 'preview --refresh', 'refresh --preview-only'] as const
export type Command = (typeof COMMANDS)[number]

export interface Outcome {
  /** The state after the command; of commands that write none, the one before. */
  readonly state: Resource | null
  /** Whether `--expect-no-changes` ends in 7. */
  readonly changed: boolean
  /** Whether the display has a path to name: it compares the inputs, whatever a `diff` answered. */
  readonly isNamed: boolean
  readonly step: 'create' | 'same' | 'update' | 'replace' | 'none'
  /** What policies and the display get; null where the program does not run. */
  readonly checked: JsonObject | null
  /** The text of what a method threw. */
  readonly error: string | null
}

export interface Run {
  readonly methods: DynamicMethods
  readonly program: JsonObject
  readonly state: Resource | null
  /** Between the check of an `up` and its create or update. */
  readonly beforeApply?: () => void
}

const TEXT = 'exports.handler = ...'

/**
 * One command of the engine on one dynamic resource, as pulumi 3.259 and the SDK's dynamic provider run it: which method gets which
 * arguments, and what of the answers is stored (pulumi: step_generator.go, step.go; SDK: cmd/dynamic-provider). `up` is one with
 * `--skip-preview`. The tests of the engine compare this model with the real one.
 */
export async function runCommand(command: Command, run: Run): Promise<Outcome> {
  switch (command) {
    case 'preview':
      return { ...(await deploy(run, false)), state: run.state }
    case 'up':
      return deploy(run, true)
    case 'refresh':
      return refresh(run)
    case 'refresh --preview-only':
      return { ...(await refresh(run)), state: run.state }
    case 'preview --refresh': {
      const { state } = await refresh(run)
      return { ...(await deploy({ ...run, state }, false)), state: run.state }
    }
  }
}

async function deploy(run: Run, applies: boolean): Promise<Outcome> {
  const { methods, state } = run
  const program = { ...run.program, __provider: TEXT }
  const checked = marked((await methods.check(wire(state?.inputs ?? {}), wire(program))).inputs)
  const apply = async (make: () => Promise<Outcome>): Promise<Outcome> => {
    if (!applies) return make()
    run.beforeApply?.()
    return make()
  }
  if (state === null) {
    return apply(() => create(run, checked, applies, 'create'))
  }
  const answer = await methods.diff(state.id, wire(state.outputs), wire(checked))
  if ((answer.replaces ?? []).length > 0) {
    // Checked once more, as if there had never been a state.
    const again = marked((await methods.check({}, wire(program))).inputs)
    if (applies) await methods.delete(state.id, wire(state.outputs))
    return apply(() => create({ ...run, state: null }, again, applies, 'replace'))
  }
  if (!isChange(answer.changes, state.inputs, checked)) {
    // The inputs are replaced, the outputs stay.
    return { state: { ...state, inputs: checked }, changed: false, isNamed: false, step: 'same', checked, error: null }
  }
  const isNamed = isChange(undefined, state.inputs, checked)
  const changed = { changed: true, isNamed, step: 'update', checked } as const
  if (!applies) return { ...changed, state, error: null }
  return apply(async () => {
    try {
      const { outs } = await methods.update(state.id, wire(state.outputs), wire(checked))
      return { ...changed, state: { id: state.id, inputs: checked, outputs: marked(outs) }, error: null }
    } catch (error) {
      return { ...changed, state, error: textOf(error) }
    }
  })
}

async function create(run: Run, checked: JsonObject, applies: boolean, step: 'create' | 'replace'): Promise<Outcome> {
  const changed = { changed: true, isNamed: true, step, checked } as const
  if (!applies) return { ...changed, state: run.state, error: null }
  try {
    const { id, outs } = await run.methods.create(wire(checked))
    return { ...changed, state: { id, inputs: checked, outputs: marked(outs) }, error: null }
  } catch (error) {
    return { ...changed, state: run.state, error: textOf(error) }
  }
}

async function refresh({ methods, state }: Run): Promise<Outcome> {
  if (state === null) return { state, changed: false, isNamed: false, step: 'none', checked: null, error: null }
  const { id, props, inputs } = await methods.read(state.id, wire(state.outputs))
  const now: Resource = { id, inputs: marked(inputs), outputs: marked(props) }
  const answer = await methods.diff(id, wire(now.outputs), wire(state.inputs))
  const changed = isChange(answer.changes, now.inputs, state.inputs)
  const isNamed = isChange(undefined, now.inputs, state.inputs)
  return { state: now, changed, isNamed, step: changed ? 'update' : 'same', checked: null, error: null }
}

/** Without an answer the engine compares the inputs, the provider's text among them. */
function isChange(answer: boolean | undefined, olds: JsonObject, news: JsonObject): boolean {
  return answer ?? !isDeepStrictEqual(reordered(olds), reordered(news))
}

/** The SDK adds the text to every answer, and refuses what its encoding cannot carry. */
function marked(answer: JsonObject): JsonObject {
  refuseUnencodable(answer, 'answer')
  return { ...(reordered(answer) as JsonObject), __provider: TEXT }
}

/** What goes over the wire comes out as a copy with other key orders, because the engine keeps maps. */
function wire(props: JsonObject): JsonObject {
  return reordered(props) as JsonObject
}

/** The engine's mark of a secret (sdk/go/common/resource/sig). What is marked comes back in clear: dynamic providers take no marks. */
const MARK = '4dabf18193072939515e22adb298388d'

function reordered(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(reordered)
  if (!isJsonObject(value)) return value
  if (Object.hasOwn(value, MARK)) return reordered(value.value ?? null)
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .map(([key, part]) => [key, reordered(part)]),
  )
}

/** `Struct.fromJavaScript` throws on undefined, functions and bigints; dates and maps lose what they hold, NaN becomes null. */
function refuseUnencodable(value: unknown, at: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value !== 'object') throw new Error(`the engine cannot encode ${typeof value} at ${at}`)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw new Error(`the engine cannot encode an instance at ${at}`)
  }
  for (const [key, part] of Object.entries(value)) refuseUnencodable(part, `${at}.${key}`)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
