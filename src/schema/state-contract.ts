import { fromEntries, own, type JsonObject } from './json.ts'

/**
 * What stands in users' states for ever, for whoever writes or reads one: see docs/decisions on the state contract before changing a character here.
 * Policies find their resources by the type tokens.
 */
export const RESOURCE_SERVER_TYPE = 'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck'
export const TENANT_TYPE = 'pulumi-nodejs:dynamic/tenantDrift:TenantCheck'

/** Inputs of `ResourceServerCheck` that are no field of the API. `expectedId` is its `id`: the SDK drops an input of that name. */
export const OWN_INPUTS = ['base', 'drift', 'expectedId', 'observed', 'onDrift', 'rules', 'secretInputs'] as const
/** What the engine and the bridge add. */
const ADDED = ['__provider', '__defaults']

/** The declared fields among the inputs of a `ResourceServerCheck`, `expectedId` as its `id`. */
export function declaredFields(inputs: JsonObject): JsonObject {
  const fields = Object.entries(inputs).filter(
    ([key]) => !(OWN_INPUTS as readonly string[]).includes(key) && !ADDED.includes(key),
  )
  const id = own(inputs, 'expectedId')
  return fromEntries(id === undefined || id === null ? fields : [...fields, ['id', id]])
}
