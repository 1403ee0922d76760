import { createHash } from 'node:crypto'
import { canonicalText, type Json, type JsonObject } from '../schema/json.ts'
import { IN_PREVIEW } from './contract.ts'
import { asSecret, toEngine, withoutProvider } from './engine-values.ts'
import { storedOf, type Observation, type Stored, type CheckRequest } from './observe.ts'
import { isUnsettled, refuseDrift } from './refuse.ts'
import { diffAnswer, type DiffAnswer } from './same.ts'
import type { EngineRun } from './engine-run.ts'

export type Props = Readonly<Record<string, unknown>>

/** The methods that the stored text calls; their names and shapes are Pulumi's dynamic-provider contract. */
export interface DynamicMethods {
  check(olds: Props, news: Props): Promise<{ inputs: JsonObject }>
  diff(id: string, olds: Props, news: Props): Promise<DiffAnswer>
  create(inputs: Props): Promise<{ id: string; outs: JsonObject }>
  read(id: string, props: Props): Promise<{ id: string; props: JsonObject; inputs: JsonObject }>
  update(id: string, olds: Props, news: Props): Promise<{ outs: JsonObject }>
  delete(id: string, props: Props): Promise<void>
}

/** What the two resources do differently. */
export interface Kind {
  /** The input whose change makes it another resource. */
  readonly key: string
  observe(session: EngineRun, look: CheckRequest): Promise<Observation & { readonly added?: JsonObject }>
  /** The inputs as they may be kept: secrets as digests. */
  kept(session: EngineRun, inputs: JsonObject): Promise<JsonObject>
  id(session: EngineRun, inputs: JsonObject): Promise<string>
  /** Checked inputs without what a state of an older version lacks by its age alone. */
  withoutUpgrade?(session: EngineRun, olds: JsonObject, news: JsonObject): Promise<JsonObject>
}

/** Makes the methods of one kind of resource. `session` gives the one that `configure` opened. */
export function dynamicMethods(kind: Kind, session: () => EngineRun): DynamicMethods {
  async function observed(look: CheckRequest): Promise<JsonObject> {
    const { observed: seen, drift, added } = await kind.observe(session(), look)
    const kept = await kind.kept(session(), look.inputs)
    return { ...kept, ...added, observed: toEngine(seen), drift: toEngine(drift) }
  }

  async function settle(inputs: JsonObject, before: JsonObject | null): Promise<JsonObject> {
    if (!isUnsettled(inputs)) return inputs
    return observed({
      inputs: ownless(inputs),
      stored: storedOf(inputs),
      before,
      step: 0,
      fresh: true,
      isFromState: false,
    })
  }

  /**
   * The old inputs, where they are of the very API that the new ones declare: those of another one say nothing of it. The engine checks a replacement
   * a second time, as if there had never been a state; where it is made for another reason than its identifier, the first check still knows.
   */
  function storedFor(olds: JsonObject, inputs: JsonObject): Stored | null {
    const { before } = session()
    if (Object.keys(olds).length === 0)
      return before.size === 0 ? null : storedOf(before.get(inputsDigest(inputs)) ?? {})
    if (kind.key !== '' && olds[kind.key] !== inputs[kind.key]) return null
    return storedOf(olds)
  }

  return {
    async check(olds, news) {
      const { [IN_PREVIEW]: inPreview, ...given } = ours(news)
      session().inPreview ||= inPreview === true
      const inputs = ownless(given)
      const stored = storedFor(ours(olds), inputs)
      const before = stored === null ? null : stored.inputs
      const checked = await observed({ inputs, stored, before, step: 1, fresh: false, isFromState: false })
      if (stored !== null) {
        // By what the program gives, for the second check, and by what is kept of it, for the create.
        for (const name of new Set([inputsDigest(inputs), inputsDigest(ownless(checked))]))
          session().before.set(name, stored.inputs)
      }
      return { inputs: withSecrets(checked) }
    },
    async diff(_id, olds, news) {
      const [before, now] = [ours(olds), ours(news)]
      // What only a newer version keeps is stored by the next up, and no change that anybody made.
      const asked = (session().inPreview ? await kind.withoutUpgrade?.(session(), before, now) : undefined) ?? now
      return diffAnswer(before, asked, kind.key)
    },
    async create(props) {
      const inputs = ours(props)
      const outs = await settle(inputs, storedFor({}, ownless(inputs))?.inputs ?? null)
      const id = await kind.id(session(), inputs)
      refuseDrift(id, inputs, outs)
      return { id, outs }
    },
    async update(id, olds, news) {
      const inputs = ours(news)
      const outs = await settle(inputs, ours(olds))
      refuseDrift(id, inputs, outs)
      return { outs }
    },
    async read(id, given) {
      const props = ours(given)
      const inputs = ownless(props)
      const look = { inputs, stored: storedOf(props), before: props, step: 1, fresh: false, isFromState: true } as const
      const now = await observed(look)
      return { id, props: now, inputs: now }
    },
    // Nothing was made in the tenant, so nothing is to be deleted there.
    delete: () => Promise.resolve(),
  }
}

function ours(props: Props): JsonObject {
  return withoutProvider(props as Readonly<Record<string, Json>>)
}

/** A name for inputs, by all that the program says in them. */
function inputsDigest({ secretDigests: _added, ...inputs }: JsonObject): string {
  return createHash('sha256').update(canonicalText(inputs)).digest('base64')
}

/** Digests that a check adds are marked as a secret: then the engine encrypts them in inputs and outputs, and hands them back in clear. */
function withSecrets(inputs: JsonObject): JsonObject {
  const { secretDigests } = inputs
  return secretDigests === undefined ? inputs : { ...inputs, secretDigests: asSecret(secretDigests) }
}

/** Inputs without what an earlier check added to them. */
function ownless(props: JsonObject): JsonObject {
  const { observed: _observed, drift: _drift, ...rest } = props
  return rest
}
