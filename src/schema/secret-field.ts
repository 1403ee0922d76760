import { fromEntries, type JsonObject } from './json.ts'

/**
 * The field that holds a secret: the one row of the catalogue whose comparison is `secret` (a test holds the two together). Spelt here and not asked of
 * the catalogue, because what stands before the first request loads no rows.
 */
export const SIGNING_SECRET = 'signing_secret'

/** The fields that are secrets whatever a program makes of them. */
export const ALWAYS_SECRET: ReadonlySet<string> = new Set([SIGNING_SECRET])

/** An API without the one key that holds a secret; the same object where it is not there. */
export function withoutSecretKey(item: JsonObject): JsonObject {
  if (!Object.hasOwn(item, SIGNING_SECRET)) return item
  return fromEntries(Object.entries(item).filter(([key]) => key !== SIGNING_SECRET))
}
