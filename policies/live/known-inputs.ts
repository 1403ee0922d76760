import type { Json, JsonObject } from '../../src/schema/json.ts'

/** Inputs of a resource as plain JSON, and the names of those of which at least a part is not known in this preview. */
export interface KnownInputs {
  readonly values: JsonObject
  readonly unknown: readonly string[]
}

/**
 * The SDK hands over inputs that throw where something unknown is touched, and then ends the policy. So each input is touched by itself:
 * one that throws is unknown, and the others are what they are.
 */
export function knownInputs(props: Readonly<Record<string, unknown>>, only?: readonly string[]): KnownInputs {
  const values: [string, Json][] = []
  const unknown: string[] = []
  for (const key of Object.keys(props)) {
    if (only !== undefined && !only.includes(key)) continue
    try {
      values.push([key, plainJson(props[key])])
    } catch {
      unknown.push(key)
    }
  }
  return { values: Object.fromEntries(values), unknown }
}

function plainJson(value: unknown): Json {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => plainJson(value[index]))
  if (typeof value === 'object' && value !== null) {
    const members = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(Object.keys(members).map((key) => [key, plainJson(members[key])]))
  }
  return (value ?? null) as Json
}
