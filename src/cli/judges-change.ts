import type { Io } from './io.ts'
import { changeJudgedBy, pipelineRepository } from './pipeline-repository.ts'
import type { Plan, TenantPlan } from './plan.ts'
import { isRefBase } from './sides.ts'

/**
 * Why a run judges a change and not how the tenant stands; null where it does not. Such a run reads what is remembered and writes nothing: it would
 * end what the main line finds again.
 */
export async function judgesChange(plan: Plan, tenant: TenantPlan, io: Io): Promise<string | null> {
  const { gate, onlyNew } = tenant.settings
  if (gate.value === 'touched') return '--gate touched'
  if (onlyNew.value) return '--only-new'
  if (await isRefBase(plan, tenant, io)) return '--base with a commit'
  return changeJudgedBy(io.env) ?? otherBranch(io.env)
}

function otherBranch(env: Io['env']): string | null {
  const [branch, main] = branches(env)
  return branch !== '' && main !== '' && branch !== main ? `the branch ${branch}, and ${main} is the default one` : null
}

function branches(env: Io['env']): readonly [branch: string, main: string] {
  const isGitLab = (env.CI_DEFAULT_BRANCH ?? '') !== ''
  if (!isGitLab && env.GITHUB_REF_TYPE !== 'branch') return ['', '']
  const branch = isGitLab ? env.CI_COMMIT_BRANCH : env.GITHUB_REF_NAME
  return [branch ?? '', pipelineRepository(env).defaultBranch]
}
