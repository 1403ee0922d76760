import type { Environment } from './environment.ts'

/** Where the API of GitHub is for a job, without a slash behind it: that of a server of one's own says so in its variable. */
export function githubApi(env: Environment): string {
  return (env.GITHUB_API_URL ?? 'https://api.github.com').replace(/\/$/, '')
}

/** What each request to it says of itself. */
export function githubHeaders(token: string): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  }
}

/** Login under which the token of a job writes. */
export const ACTIONS_BOT = 'github-actions[bot]'
