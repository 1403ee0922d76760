import { fromEntries, type JsonObject } from './json.ts'

/**
 * The field that holds a secret: the one row of the catalogue whose comparison is `secret` (a test holds the two together). Spelt here and not asked of
 * the catalogue, because what stands before the first request loads no rows.
 */
export const SIGNING_SECRET = 'signing_secret'

/** An API without the one key that holds a secret; the same object where it is not there. */
export function withoutSecretKey(item: JsonObject): JsonObject {
  if (!Object.hasOwn(item, SIGNING_SECRET)) return item
  return fromEntries(Object.entries(item).filter(([key]) => key !== SIGNING_SECRET))
}
