import type { Environment } from './environment.ts'

/** Where the API of GitHub is for a job: that of a server of one's own says so in its variable. */
export function githubApi(env: Environment): string {
  return env.GITHUB_API_URL ?? 'https://api.github.com'
}

/** Login under which the token of a job writes. */
export const ACTIONS_BOT = 'github-actions[bot]'
