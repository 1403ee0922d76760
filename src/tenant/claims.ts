import { isJsonObject, parseJson, textAt, type JsonObject } from '../schema/json.ts'

/** What a token says of itself; nothing where it is no JWT. */
export function claimsOf(token: string): JsonObject {
  const claims = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return isJsonObject(claims) ? claims : {}
}

/** The scopes of a token; null where it does not say them. */
export function scopesOf(token: string): readonly string[] | null {
  return (
    textAt(claimsOf(token), 'scope')
      ?.split(' ')
      .filter((each) => each !== '') ?? null
  )
}
