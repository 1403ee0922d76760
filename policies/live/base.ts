import { readDeclared } from '../../src/sources/front.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import { MistakesError } from '../../src/schema/errors.ts'
import { otherTenant } from '../../src/schema/other-tenant.ts'
import type { Environment } from '../../src/schema/environment.ts'
import { declaredInExport, type Belongs } from './as-stack.ts'
import { groupKeyOf, type Group } from './group.ts'

/** What was declared before, and which of it the state keeps as secrets. `state` is null where nothing tells. */
export interface KnownBase {
  readonly state: DeclaredState | null
  readonly secrets: ReadonlyMap<string, readonly string[]>
}

const NO_SECRETS: KnownBase['secrets'] = new Map()

/** A base from a SOURCE; `isOnly`: the program has one tenant. */
export async function baseFromSource(
  sources: readonly string[],
  about: { readonly root: string; readonly env: Environment; readonly isOnly: boolean },
  tenant: string,
): Promise<KnownBase> {
  const { root, env, isOnly } = about
  const state = await readDeclared(sources, { cwd: root, variables: {}, env, role: 'base' })
  const message = otherTenant('base', state.tenant, tenant)
  if (message === null) return { state, secrets: NO_SECRETS }
  if (!isOnly) return { state: null, secrets: NO_SECRETS }
  throw new MistakesError('invalid_declaration', [{ file: sources.join(', '), line: null, column: null, message }])
}

/**
 * What the stack's own export says of one tenant among those of its program. A resource that the program still has belongs where it has it now;
 * another one to the tenant that the state has for its provider.
 */
export function baseFromExport(
  text: string,
  group: Group,
  groups: readonly Group[],
  env: Environment,
): Promise<KnownBase> {
  const owners = new Map(groups.flatMap(({ key, all }) => all.map(({ urn }) => [urn, key] as const)))
  const belongs: Belongs = (urn, provider) => {
    if (groups.length === 1) return true
    const key = owners.get(urn) ?? groupKeyOf({ values: provider ?? {} }, env)
    return key === group.key
  }
  return declaredInExport(text, belongs, group.all)
}

export const noBase: KnownBase = { state: null, secrets: NO_SECRETS }
