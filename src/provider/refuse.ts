import { firstNames } from '../words/plural.ts'
import { asJsonObject, type JsonObject } from '../schema/json.ts'
import { harmless, harmlessLine } from '../words/harmless.ts'
import { textOrJson } from './engine-values.ts'

const MOST_OF_A_NAME = 200

/** `onDrift: "refuse"`: an `up` fails in place of storing a difference, an unreadable tenant or an invalid declaration. */
export function refuseDrift(name: string, inputs: JsonObject, outputs: JsonObject): void {
  if (inputs.onDrift !== 'refuse') return
  const { status, code, message, advice } = asJsonObject(outputs.observed)
  if (status === 'unreadable' || status === 'invalid') {
    throw new Error(
      harmless(`${name} is ${status} (${textOrJson(code)}): ${textOrJson(message)}. ${textOrJson(advice)}`),
    )
  }
  const paths = Object.keys(asJsonObject(outputs.drift))
  if (paths.length === 0) return
  const shown = firstNames(
    paths.map((path) => harmlessLine(path, MOST_OF_A_NAME)),
    5,
  )
  throw new Error(`${name} differs from its declaration at ${shown}; nothing was stored because onDrift is "refuse"`)
}

/** Whether what a check saw has to be looked at once more when the engine applies: something else may have been mended meanwhile. */
export function isUnsettled(inputs: JsonObject): boolean {
  const { status, pending } = asJsonObject(inputs.observed)
  if (status === 'excluded') return false
  if (status !== 'read') return true
  return Object.keys(asJsonObject(inputs.drift)).length > 0 || Object.keys(asJsonObject(pending)).length > 0
}
