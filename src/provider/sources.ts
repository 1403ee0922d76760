import type { Json } from '../schema/json.ts'

/** SOURCEs of an input: one text, or a list of them; null where it names none. */
export function sourcesOf(value: Json | undefined): readonly string[] | null {
  if (typeof value === 'string' && value !== '') return [value]
  if (!Array.isArray(value)) return null
  const texts = (value as readonly Json[]).filter((item) => typeof item === 'string')
  return texts.length === 0 ? null : texts
}
