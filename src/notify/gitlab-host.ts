import * as z from 'zod'
import type { Send } from '../way/send.ts'
import type { Pace } from './attempts.ts'
import { hostApi } from './host-api.ts'
import { beginsWithMarker, type IssueHost } from './issue-host.ts'
import type { FoundIssue } from './issue-plan.ts'

const issueSchema = z.object({
  iid: z.int(),
  state: z.string(),
  discussion_locked: z.boolean().nullish(),
  moved_to_id: z.int().nullish(),
  description: z.string().nullish(),
  web_url: z.string(),
  author: z.object({ id: z.int() }).nullish(),
})
type GitlabIssue = z.infer<typeof issueSchema>

export interface GitlabPlace {
  /** Of a project: `group/name`, or its number. */
  readonly repository: string
  readonly apiUrl: string
  readonly token: string
}

export function gitlabHost(place: GitlabPlace, send: Send, pace: Pace): IssueHost {
  const root = place.apiUrl.replace(/\/$/, '')
  const base = `${root}/projects/${encodeURIComponent(place.repository)}`
  const headers = { 'private-token': place.token, accept: 'application/json' }
  const { call, parse, list } = hostApi({ name: 'GitLab', headers, refusal: gitlabRefusal }, send, pace)
  let me: Promise<number> | null = null
  const author = (): Promise<number> => {
    me ??= call('GET', `${root}/user`).then((json) => parse(z.object({ id: z.int() }), json).id)
    return me
  }

  const isPublic = async (): Promise<boolean | null> => {
    const read = z.object({ visibility: z.string() }).safeParse(await call('GET', base))
    // Internal ones are read by everybody with an account of that server.
    return read.success ? read.data.visibility !== 'private' : null
  }

  return {
    async find(marker, state) {
      const id = await author()
      const query = `state=${state === 'open' ? 'opened' : 'closed'}&scope=all&author_id=${id}&order_by=updated_at`
      const all = await list(issueSchema, `${base}/issues?${query}`)
      const ours = all.filter((issue) => issue.author?.id === id && beginsWithMarker(issue.description, marker))
      return { issues: ours.map(toFound), foreign: null }
    },
    async create({ title, body }) {
      // Only when the issue is made: if a person changes it later, that stays.
      const confidential = (await isPublic()) !== false
      return toFound(
        parse(issueSchema, await call('POST', `${base}/issues`, { title, description: body, confidential })),
      )
    },
    setBody: async (issue, body) => void (await call('PUT', `${base}/issues/${issue}`, { description: body })),
    reopen: async (issue) => void (await call('PUT', `${base}/issues/${issue}`, { state_event: 'reopen' })),
    close: async (issue) => void (await call('PUT', `${base}/issues/${issue}`, { state_event: 'close' })),
    comment: async (issue, text) => void (await call('POST', `${base}/issues/${issue}/notes`, { body: text })),
    label: async (issue, labels) =>
      void (await call('PUT', `${base}/issues/${issue}`, { add_labels: labels.join(',') })),
    isPublic,
  }
}

function toFound({
  iid,
  state,
  discussion_locked: locked,
  moved_to_id: moved,
  description,
  web_url: url,
}: GitlabIssue): FoundIssue {
  const isLocked = locked === true || (moved ?? null) !== null
  return { number: iid, isOpen: state === 'opened', isLocked, body: description ?? '', url }
}

function gitlabRefusal(status: number | null): string | null {
  if (status === 401) return 'GitLab answered 401: the token is expired or revoked (all of them end within a year)'
  if (status === 403 || status === 404)
    return `GitLab answered ${status}: the token may not write issues here. It needs the scope api and the role Reporter; the token of a job cannot reach issues`
  if (status === 410) return 'GitLab answered 410: this issue was deleted'
  return null
}
