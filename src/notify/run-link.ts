import { safeLink } from '../words/show.ts'

/** The page of this run in its pipeline; null where it has none. */
export function runLink(env: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id, CI_JOB_URL: job } = env
  if (repository !== undefined && id !== undefined)
    return safeLink(`${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/actions/runs/${id}`)
  return safeLink(job)
}
