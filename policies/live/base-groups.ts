import { readDeclared, withoutEncrypted } from '../../src/sources/front.ts'
import type { Environment } from '../../src/schema/environment.ts'
import { isJsonObject, own, type Json, type JsonObject } from '../../src/schema/json.ts'
import { isSameTenant } from '../../src/schema/tenant-address.ts'
import { apiResourcesIn, isKept } from './as-stack.ts'
import { groupKeyOf, type Group } from './group.ts'

/**
 * Tenants that the stack's own state has APIs of, and the program tells no more: its last resource of one was taken out, or what says which tenant it is
 * is not known in this preview (`untold`: the resources of which that is so). What the state knows of them is judged all the same.
 */
export function groupsOfExport(
  text: string,
  groups: readonly Group[],
  untold: ReadonlySet<string>,
  env: Environment,
): readonly Group[] {
  const owned = new Set(groups.flatMap(({ all }) => all.map(({ urn }) => urn)))
  const keys = new Set(groups.map(({ key }) => key))
  const found = new Map<string, { readonly provider: JsonObject; readonly urns: Set<string> }>()
  for (const { urn, resource, provider } of apiResourcesIn(text)) {
    // Without its provider it belongs to whatever tenant there is.
    if (owned.has(urn) || !isKept(resource) || (provider === null && groups.length > 0)) continue
    const settings = settingsOf(provider ?? {}, env)
    const key = groupKeyOf({ values: settings }, env)
    if (keys.has(key)) continue
    const group = found.get(key) ?? { provider: settings, urns: new Set() }
    if (untold.has(urn)) group.urns.add(urn)
    found.set(key, group)
  }
  return [...found].map(([key, { provider, urns }]) => groupOf(key, provider, urns))
}

/** The same for a program that tells no tenant at all, with a base from a source: that has APIs, or cannot be read. */
export async function groupOfSource(
  sources: readonly string[],
  about: { readonly root: string; readonly env: Environment },
  standing: readonly string[],
): Promise<readonly Group[]> {
  const { root, env } = about
  const settings = settingsOf({}, env)
  const group = groupOf(groupKeyOf({ values: settings }, env), settings, new Set(standing))
  try {
    const { apis } = await readDeclared(sources, { cwd: root, variables: {}, env, role: 'base' })
    return apis.length === 0 ? [] : [group]
  } catch {
    // Who judges it says what is wrong.
    return [group]
  }
}

function groupOf(key: string, provider: JsonObject, standing: ReadonlySet<string>): Group {
  return { key, provider: { urn: '', name: 'default', values: provider, unknown: [] }, all: [], known: [], standing }
}

/** A provider's settings without what the state keeps encrypted; the stack's configuration, which the engine hands to a pack, has it in clear. */
function settingsOf(provider: JsonObject, env: Environment): JsonObject {
  const { values } = withoutEncrypted(provider)
  const config = stackConfig(env)
  const [domain, other] = [own(values, 'domain'), own(config, 'domain')]
  if (domain !== undefined && !(typeof domain === 'string' && typeof other === 'string' && isSameTenant(domain, other)))
    return values
  return { ...config, ...values }
}

function stackConfig(env: Environment): JsonObject {
  let value: Json
  try {
    value = JSON.parse(env.PULUMI_CONFIG ?? '{}') as Json
  } catch {
    return {}
  }
  const entries = isJsonObject(value) ? Object.entries(value) : []
  return Object.fromEntries(
    entries.filter(([key]) => key.startsWith('auth0:')).map(([key, setting]) => [key.slice('auth0:'.length), setting]),
  )
}
