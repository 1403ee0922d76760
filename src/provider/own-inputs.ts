import { declarationMistake } from '../schema/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../schema/json.ts'
import { holdsUnknown } from './engine-values.ts'

interface Shape {
  readonly accepts: (value: Json) => boolean
  readonly must: string
}

const isText = (value: Json): boolean => typeof value === 'string'
const isTexts = (value: Json): boolean =>
  Array.isArray(value) && (value as readonly Json[]).every((item) => typeof item === 'string' && item !== '')
const SOURCES: Shape = {
  accepts: (value) => isText(value) || (isTexts(value) && (value as readonly Json[]).length > 0),
  must: 'must be a file, a glob or KIND:PATH, or a list of them',
}

/** Inputs that say how to check, and not what is declared. Null and absent are the same. */
const SHAPES: Readonly<Record<string, Shape>> = {
  base: SOURCES,
  files: SOURCES,
  managedElsewhere: { accepts: (value) => isText(value) || isTexts(value), must: 'must be a list of identifier globs' },
  onDrift: { accepts: (value) => value === 'record' || value === 'refuse', must: 'must be "record" or "refuse"' },
  recorded: { accepts: isText, must: 'must be the path of a snapshot file' },
  rules: {
    accepts: (value) => isText(value) || Array.isArray(value),
    must: 'must be the path of a configuration or of a file of accept rules, or a list of accept rules',
  },
  variables: {
    accepts: (value) => isJsonObject(value) && Object.values(value).every(isText),
    must: 'must be an object of strings',
  },
}

/** Names among `names` whose values are not known yet, so that nothing can be said before they are. */
export function unknownAmong(inputs: JsonObject, names: readonly string[]): readonly string[] {
  return names.filter((name) => holdsUnknown(inputs[name]))
}

/**
 * Refuses what would otherwise be taken for something else: `onDrift: "refuze"` would store what it was to refuse. With `known`, every
 * input must be one of them.
 * @throws MistakesError `invalid_declaration`; values are never repeated
 */
export function checkOwnInputs(inputs: JsonObject, names: readonly string[], known: readonly string[] | null): void {
  const wrong = names.flatMap((name) => {
    const value = inputs[name] ?? null
    const shape = SHAPES[name]
    return value === null || shape === undefined || shape.accepts(value) ? [] : [`${name} ${shape.must}`]
  })
  const strange = known === null ? [] : Object.keys(inputs).filter((name) => !known.includes(name))
  const messages = [
    ...wrong,
    ...strange.map((name) => `there is no input ${JSON.stringify(name)}; known: ${known?.join(', ') ?? ''}`),
  ]
  if (messages.length > 0) throw declarationMistake(...messages)
}
