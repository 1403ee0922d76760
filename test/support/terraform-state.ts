import type { Json, JsonObject } from '../../src/schema/json.ts'
import { toTerraform } from './to-provider.ts'

interface Settings {
  /** Identifiers of APIs whose scopes are resources of their own, one for each. */
  readonly scopesApart?: readonly string[]
}

/** The state that an apply of these APIs would leave. A resource is named after its API. */
export function terraformState(apis: readonly JsonObject[], { scopesApart = [] }: Settings = {}): JsonObject {
  const resources = apis.flatMap((api, index) => {
    const name = nameOf(api, index)
    const { server, scopes } = toTerraform(api)
    const attributes = { ...server, id: api.id ?? null }
    const isApart = scopesApart.some((identifier) => identifier === api.identifier)
    return [
      resource('auth0_resource_server', name, [attributes]),
      ...(scopes === null
        ? []
        : isApart
          ? [oneForEach(name, scopes)]
          : [resource('auth0_resource_server_scopes', name, [scopes])]),
    ]
  })
  return { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'invented', resources }
}

function nameOf({ name }: JsonObject, index: number): string {
  return typeof name === 'string' && /^\w+$/.test(name) ? name.toLowerCase() : `api_${index}`
}

function oneForEach(name: string, { resource_server_identifier = null, scopes }: JsonObject): JsonObject {
  const instances = (scopes as readonly JsonObject[]).map(({ name: scope = null, description = '' }) => ({
    resource_server_identifier,
    scope,
    description,
  }))
  return resource('auth0_resource_server_scope', name, instances)
}

function resource(type: string, name: string, instances: readonly JsonObject[]): JsonObject {
  const provider = 'provider["registry.terraform.io/auth0/auth0"]'
  const made = instances.map((attributes, index): Json => {
    const key = instances.length === 1 ? {} : { index_key: index }
    return { schema_version: 0, ...key, attributes }
  })
  return { mode: 'managed', type, name, provider, instances: made }
}
