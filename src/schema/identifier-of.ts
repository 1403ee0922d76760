import { own, type JsonObject } from './json.ts'

/** The identifier of an API in any of its forms; empty where it is no text, which no reader lets in. */
export function identifierOf(api: JsonObject): string {
  const identifier = own(api, 'identifier')
  return typeof identifier === 'string' ? identifier : ''
}
