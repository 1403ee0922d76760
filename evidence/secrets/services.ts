import type { ServerResponse } from 'node:http'
import { startHost, type Host } from '../gate/hosts.ts'

interface Issue {
  readonly number: number
  readonly body: string
  readonly isOpen: boolean
}

type Sent = Readonly<Record<string, unknown>>

/** How one of the two writes what both have. */
interface Dialect {
  /** Answers beside those of issues, by path. */
  readonly others: Readonly<Record<string, unknown>>
  readonly issues: string
  readonly open: string
  readonly shown: (issue: Issue) => unknown
  readonly body: string
  /** Whether what is sent opens it; undefined where it says nothing of that. */
  readonly opens: (sent: Sent) => boolean | undefined
}

const GITHUB: Dialect = {
  others: { '/github/repos/o/r': { visibility: 'private' } },
  issues: '/github/repos/o/r/issues',
  open: 'open',
  shown: ({ number, body, isOpen }) => ({
    number,
    state: isOpen ? 'open' : 'closed',
    body,
    html_url: `https://github.example/o/r/issues/${number}`,
    user: { login: 'github-actions[bot]', type: 'Bot' },
  }),
  body: 'body',
  opens: ({ state }) => (state === undefined ? undefined : state === 'open'),
}

const GITLAB: Dialect = {
  others: { '/gitlab/user': { id: 5 }, '/gitlab/projects/g%2Fp': { visibility: 'private' } },
  issues: '/gitlab/projects/g%2Fp/issues',
  open: 'opened',
  shown: ({ number, body, isOpen }) => ({
    iid: number,
    state: isOpen ? 'opened' : 'closed',
    description: body,
    web_url: `https://gitlab.example/g/p/-/issues/${number}`,
    author: { id: 5 },
  }),
  body: 'description',
  opens: ({ state_event: state }) => (state === undefined ? undefined : state === 'reopen'),
}

/** Services that take whatever they are sent: chats and webhooks say ok, PagerDuty takes its event, GitHub and GitLab keep issues of `o/r` and `g/p`. */
export function startServices(): Promise<Host> {
  const [github, gitlab]: readonly [Issue[], Issue[]] = [[], []]
  return startHost(({ method, url }, response, body) => {
    const asked = new URL(url ?? '/', 'http://services')
    const sent = jsonIn(body)
    if (asked.pathname.endsWith('/v2/enqueue')) return answer(response, 202, { status: 'success', dedup_key: 'x' })
    if (asked.pathname.startsWith('/github/'))
      return answer(response, 200, issuesAnswer(GITHUB, github, method, asked, sent))
    if (asked.pathname.startsWith('/gitlab/'))
      return answer(response, 200, issuesAnswer(GITLAB, gitlab, method, asked, sent))
    response.end('ok')
  })
}

function issuesAnswer(
  dialect: Dialect,
  issues: Issue[],
  method: string | undefined,
  { pathname: path, searchParams }: URL,
  sent: Sent,
): unknown {
  if (path in dialect.others) return dialect.others[path]
  if (path === dialect.issues && method === 'GET') {
    const isOpen = (searchParams.get('state') ?? dialect.open) === dialect.open
    return issues.filter((issue) => issue.isOpen === isOpen).map(dialect.shown)
  }
  const issue = changed(issues, /issues\/(\d+)$/.exec(path)?.[1], {
    body: sent[dialect.body],
    isOpen: dialect.opens(sent),
    isMade: path.endsWith('/issues'),
  })
  return issue === null ? {} : dialect.shown(issue)
}

/** The issue that was made or edited; null where it was something else, as a comment. */
function changed(
  issues: Issue[],
  number: string | undefined,
  { body, isOpen, isMade }: { readonly body: unknown; readonly isOpen: boolean | undefined; readonly isMade: boolean },
): Issue | null {
  const index = isMade ? issues.length : issues.findIndex((each) => String(each.number) === number)
  if (index === -1) return null
  const before = issues[index] ?? { number: index + 1, body: '', isOpen: true }
  const issue = { ...before, body: typeof body === 'string' ? body : before.body, isOpen: isOpen ?? before.isOpen }
  issues[index] = issue
  return issue
}

function jsonIn(body: Buffer): Sent {
  try {
    const sent: unknown = JSON.parse(body.toString('utf8'))
    return typeof sent === 'object' && sent !== null ? (sent as Sent) : {}
  } catch {
    return {}
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
