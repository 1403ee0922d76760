import type { Environment } from '../schema/environment.ts'

/** The address of GitHub's API, or of the server that the runner names, without a slash behind it. */
export function gitHubApi({ GITHUB_API_URL: named = 'https://api.github.com' }: Environment): string {
  return named.replace(/\/$/, '')
}

/** What each request to it says of itself. */
export function gitHubHeaders(token: string): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  }
}
