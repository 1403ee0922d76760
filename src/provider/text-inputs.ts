import type { Json, JsonObject } from '../schema/json.ts'

/** Texts of an input: one, or a list of them; null where it has none. */
export function textsOf(value: Json | undefined): readonly string[] | null {
  if (typeof value === 'string' && value !== '') return [value]
  if (!Array.isArray(value)) return null
  const texts = (value as readonly Json[]).filter((item) => typeof item === 'string')
  return texts.length === 0 ? null : texts
}

/** Names of the inputs that the program made secrets, as the class adds them. */
export function secretInputsOf({ secretInputs }: JsonObject): readonly string[] {
  return textsOf(secretInputs) ?? []
}
