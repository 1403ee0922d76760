import { readFileSync } from 'node:fs'
import type { Environment } from '../schema/environment.ts'
import { PUBLIC_VARIABLE } from '../schema/variables.ts'

/** What a pipeline says of the repository that it runs for. */
export interface PipelineRepository {
  /** Empty where it does not say. */
  readonly defaultBranch: string
  /** Whether others than its members can read it; null where nobody says. */
  readonly isPublic: boolean | null
  /** Whether it says that its members alone can read it. */
  readonly isPrivate: boolean
}

/** GitHub says it in the payload of the event alone, GitLab in variables; our own action asks where the payload is silent, and says so. */
export function pipelineRepository(env: Environment): PipelineRepository {
  if ((env.CI_DEFAULT_BRANCH ?? '') !== '' || (env.CI_PROJECT_VISIBILITY ?? '') !== '') {
    const visibility = env.CI_PROJECT_VISIBILITY ?? ''
    return {
      defaultBranch: env.CI_DEFAULT_BRANCH ?? '',
      // An internal project is read by everybody with an account of that server.
      isPublic: visibility === '' ? null : visibility !== 'private',
      isPrivate: visibility === 'private',
    }
  }
  const { default_branch: branch, visibility, private: isPrivate } = repositoryIn(env.GITHUB_EVENT_PATH ?? '')
  const said = env[PUBLIC_VARIABLE] ?? ''
  const byEvent =
    typeof visibility === 'string' ? visibility === 'public' : isPrivate === undefined ? null : isPrivate !== true
  return {
    defaultBranch: typeof branch === 'string' ? branch : '',
    isPublic: said === '' ? byEvent : said === 'true',
    isPrivate: said !== 'true' && (visibility === undefined ? isPrivate === true : visibility === 'private'),
  }
}

interface EventRepository {
  readonly default_branch?: unknown
  readonly visibility?: unknown
  readonly private?: unknown
}

function repositoryIn(file: string): EventRepository {
  try {
    const { repository } = JSON.parse(readFileSync(file, 'utf8')) as { readonly repository?: EventRepository | null }
    return repository ?? {}
  } catch {
    return {}
  }
}

/** What sort of change a pipeline says that it judges; null where it says none. */
export function changeJudgedBy(env: Environment): string | null {
  if (/^pull_request|^merge_group$/.test(env.GITHUB_EVENT_NAME ?? '')) return 'a pull request'
  return env.CI_PIPELINE_SOURCE === 'merge_request_event' ? 'a merge request' : null
}

/** Whether a run has no machine of its own: what it leaves there is gone with it. */
export function isPipeline({ CI = '' }: Environment): boolean {
  return CI !== '' && CI !== 'false'
}

/**
 * Whether a file can only last in a cache of the pipeline: it lies in what the job checked out, or on a machine that ends with the job. GitLab caches
 * nothing outside of the project.
 */
export function isCached(file: string, env: Environment): boolean {
  const workspace = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR ?? ''
  const isInside = workspace !== '' && `${file}/`.startsWith(`${workspace.replace(/\/+$/, '')}/`)
  return isInside || (env.GITHUB_ACTIONS === 'true' && env.RUNNER_ENVIRONMENT !== 'self-hosted')
}
