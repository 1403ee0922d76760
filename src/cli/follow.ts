import { hash } from 'node:crypto'
import path from 'node:path'
import type { BranchSource, FollowedBranch } from '../git/followed-branch.ts'
import { DEFAULT_BRANCH, DEFAULT_USER, parseRepository, type FollowConfig } from '../schema/follow.ts'
import { own } from '../schema/json.ts'
import type { Io } from './io.ts'
import { placeOfToken, readToken } from './named-token.ts'
import type { Plan, TenantPlan } from './plan.ts'

/** A branch that a tenant follows. */
export interface Follow {
  readonly branch: FollowedBranch
  /** As people write it. */
  readonly repository: string
  readonly name: string
  /** Folder of the repository that has its configuration. */
  readonly folder: string
}

/** What the tenants of a service follow. */
export interface Follows {
  /** By the name of the tenant in the configuration. */
  readonly of: (name: string | null) => Follow | null
  /** Ends fetches that run. */
  readonly close: () => void
}

/** Beside the configuration, with the history. */
const PLACE = path.join('.tenant-drift', 'follow')

/** What a tenant follows, by its own section or for all; null where nothing. */
export function followOf({ config }: Plan, { name }: Pick<TenantPlan, 'name'>): FollowConfig | null {
  return own(config?.config.tenants, name ?? '')?.follow ?? config?.config.follow ?? null
}

/** What is wrong with what a tenant follows. */
export function mistakesOfFollow(plan: Plan, tenant: TenantPlan, io: Io): readonly string[] {
  const follow = followOf(plan, tenant)
  if (follow === null) return []
  const { base } = tenant.settings
  const token = tokenOf(follow, plan, io)
  return [
    ...(base.value.length > 0
      ? [`${base.origin}: with follow the base is always the last commit that was proven in sync: remove this setting`]
      : []),
    ...(token !== null && 'why' in token ? [`follow: ${token.why}`] : []),
  ]
}

/**
 * The branches that the tenants of a plan follow, each once, by the names of the tenants (null: the one that has none).
 * @throws MistakesError `invalid_config` where git is not there, or our own repository cannot be made
 */
export async function openFollows(plan: Plan, io: Io, timeout?: number): Promise<Follows> {
  const branches = new Map<string, FollowedBranch>()
  const follows = new Map<string | null, Follow>()
  for (const tenant of plan.tenants) {
    const follow = followOf(plan, tenant)
    if (follow === null) continue
    const { FollowedBranch: Branch } = await import('../git/followed-branch.ts')
    // A branch that is read with another token is fetched by itself: what one token may read, the other one may not.
    const { folder = '.', ...asked } = follow
    const source = sourceOf(follow, plan, io)
    const key = JSON.stringify(asked, Object.keys(asked).sort())
    const place = path.resolve(plan.root, PLACE, `${hash('sha256', key, 'hex').slice(0, 16)}.git`)
    const found =
      branches.get(key) ??
      new Branch(source, {
        place,
        env: io.env,
        now: io.now,
        ...(timeout === undefined ? {} : { timeout }),
      })
    branches.set(key, found)
    follows.set(tenant.name, { branch: found, repository: follow.repository, name: source.branch, folder })
  }
  return {
    of: (name) => follows.get(name) ?? null,
    close: () => {
      for (const branch of branches.values()) branch.close()
    },
  }
}

function sourceOf(follow: FollowConfig, plan: Plan, io: Io): BranchSource {
  const address = parseRepository(follow.repository)
  if (address === null) throw new Error('an address that the schema took is one')
  return { ...address, branch: follow.branch ?? DEFAULT_BRANCH, credential: () => tokenOf(follow, plan, io) }
}

/** The token, now; null where none is named. */
function tokenOf(
  follow: FollowConfig,
  { root }: Plan,
  io: Io,
): { readonly user: string; readonly token: string } | { readonly why: string } | null {
  const { token_variable: variable, token_file: file, user = DEFAULT_USER } = follow
  if (variable === undefined && file === undefined) return null
  const place = `the ${placeOfToken(follow)}`
  const token = readToken(follow, root, io)
  if (typeof token !== 'string') return { why: `${place} ${token.why}` }
  if (token === '') return { why: `${place} ${variable === undefined ? 'is empty' : 'is not set'}` }
  if (!/^[\x21-\x7e]+$/.test(token))
    return { why: `${place} holds blanks, line breaks or other characters that a token cannot have` }
  return { user, token }
}
