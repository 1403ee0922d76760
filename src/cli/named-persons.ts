import type { Io } from './io.ts'
import { pipelineRepository } from './pipeline-repository.ts'

/**
 * Whether persons may be named in a run here: in a pipeline, what it writes is as public as its repository, so only in one that says that it is private.
 * A repository that says nothing is taken for one that is not.
 */
export function mayNamePersons({ env }: Pick<Io, 'env'>): boolean {
  return (env.GITHUB_ACTIONS !== 'true' && env.GITLAB_CI !== 'true') || pipelineRepository(env).isPrivate
}
