import * as z from 'zod'
import { githubHeaders } from '../schema/github.ts'
import type { Send } from '../way/send.ts'
import type { Pace } from './attempts.ts'
import { hostApi } from './host-api.ts'
import { beginsWithMarker, type FoundIssues, type IssueHost } from './issue-host.ts'
import type { FoundIssue } from './issue-plan.ts'

const issueSchema = z.object({
  number: z.int(),
  state: z.string(),
  locked: z.boolean().nullish(),
  body: z.string().nullish(),
  html_url: z.string(),
  author_association: z.string().nullish(),
  user: z.object({ login: z.string(), type: z.string().nullish() }).nullish(),
  pull_request: z.unknown().optional(),
})
type GithubIssue = z.infer<typeof issueSchema>

/** Associations of people who may write in the repository. An issue of theirs that begins with our line is worth a warning. */
const OF_THE_HOUSE: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR'])

export interface GithubPlace {
  /** `owner/name` */
  readonly repository: string
  readonly apiUrl: string
  readonly token: string
  /** Login of the account that the token belongs to. */
  readonly author: string
}

export function githubHost(place: GithubPlace, send: Send, pace: Pace): IssueHost {
  const base = `${place.apiUrl.replace(/\/$/, '')}/repos/${place.repository}`
  const headers = githubHeaders(place.token)
  const api = hostApi({ name: 'GitHub', headers, refusal: githubRefusal }, send, pace)

  const list = async (query: string): Promise<readonly GithubIssue[]> => {
    const all = await api.list(issueSchema, `${base}/issues?${query}`)
    return all.filter((issue) => issue.pull_request === undefined || issue.pull_request === null)
  }

  return {
    async find(marker, state) {
      const order = state === 'closed' ? '&sort=updated' : ''
      const mine = foundIn(
        await list(`state=${state}&creator=${encodeURIComponent(place.author)}${order}`),
        marker,
        place.author,
      )
      if (mine.issues.length > 0 || state === 'closed') return mine
      // `creator` is not documented for every kind of login, so before a new issue is made all open ones are looked at.
      return foundIn(await list(`state=${state}`), marker, place.author)
    },
    create: async ({ title, body }) =>
      toFound(api.parse(issueSchema, await api.call('POST', `${base}/issues`, { title, body }))),
    setBody: async (issue, body) => void (await api.call('PATCH', `${base}/issues/${issue}`, { body })),
    reopen: async (issue) => void (await api.call('PATCH', `${base}/issues/${issue}`, { state: 'open' })),
    close: async (issue, why) =>
      void (await api.call('PATCH', `${base}/issues/${issue}`, { state: 'closed', state_reason: why })),
    comment: async (issue, text) => void (await api.call('POST', `${base}/issues/${issue}/comments`, { body: text })),
    label: async (issue, labels) => void (await api.call('POST', `${base}/issues/${issue}/labels`, { labels })),
    async isPublic() {
      const shape = z.object({ visibility: z.string().optional(), private: z.boolean().optional() })
      const read = shape.safeParse(await api.call('GET', base))
      if (!read.success) return null
      if (read.data.visibility !== undefined) return read.data.visibility === 'public'
      return read.data.private === undefined ? null : !read.data.private
    },
  }
}

function foundIn(issues: readonly GithubIssue[], marker: string, author: string): FoundIssues {
  const marked = issues.filter(({ body }) => beginsWithMarker(body, marker))
  const ours = marked.filter(({ user }) => user?.login === author)
  // An issue of a stranger with our line is ignored: else a stranger could keep ours from being written.
  const foreign = marked.find(
    (issue) =>
      issue.user?.login !== author &&
      (OF_THE_HOUSE.has(issue.author_association ?? '') || issue.user?.type === 'Bot') &&
      issue.state === 'open',
  )
  return { issues: ours.map(toFound), foreign: foreign?.user?.login ?? null }
}

function toFound({ number, state, locked, body, html_url: url }: GithubIssue): FoundIssue {
  return { number, isOpen: state === 'open', isLocked: locked === true, body: body ?? '', url }
}

function githubRefusal(status: number | null): string | null {
  if (status === 401) return 'GitHub answered 401: the token is not valid, or has expired'
  if (status === 403 || status === 404)
    return `GitHub answered ${status}: the token may not write issues here. Give the job the permission issues: write; a job of a fork or of Dependabot does not get it`
  if (status === 410) return 'GitHub answered 410: issues are switched off in this repository, or this one was deleted'
  return null
}
