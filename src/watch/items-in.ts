import { exceedsDepth, isJsonObject, type Json } from '../schema/json.ts'

/** The items of a body: a list, one item, or one in each line. Null where it is none of these. */
export function itemsIn(text: string): readonly Json[] | null {
  const whole = parse(text)
  if (Array.isArray(whole)) return whole as readonly Json[]
  if (whole !== undefined) return isJsonObject(whole) ? [whole] : null
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const items = lines.map(parse)
  return lines.length === 0 || items.some((item) => !isJsonObject(item ?? null)) ? null : (items as readonly Json[])
}

const DEEPEST_ITEM = 64

function parse(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return exceedsDepth(value, DEEPEST_ITEM) ? undefined : value
  } catch {
    return undefined
  }
}
