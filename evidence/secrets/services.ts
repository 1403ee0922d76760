import type { IncomingMessage, ServerResponse } from 'node:http'
import { startHost, type Host } from '../gate/hosts.ts'

interface Issue {
  readonly number: number
  readonly body: string
  readonly isOpen: boolean
}

type Sent = Readonly<Record<string, unknown>>

/** Services that take whatever they are sent: chats and webhooks say ok, PagerDuty takes its event, GitHub and GitLab keep issues of `o/r` and `g/p`. */
export function startServices(): Promise<Host> {
  const [github, gitlab]: readonly [Issue[], Issue[]] = [[], []]
  return startHost((request, response, body) => {
    const { pathname } = new URL(request.url ?? '/', 'http://services')
    const sent = jsonIn(body)
    if (pathname.endsWith('/v2/enqueue')) return answer(response, 202, { status: 'success', dedup_key: 'x' })
    if (pathname.startsWith('/github/')) return githubAnswer(github, pathname, request, sent, response)
    if (pathname.startsWith('/gitlab/')) return gitlabAnswer(gitlab, pathname, request, sent, response)
    response.end('ok')
  })
}

function githubAnswer(
  issues: Issue[],
  path: string,
  request: IncomingMessage,
  sent: Sent,
  response: ServerResponse,
): void {
  const shown = ({ number, body, isOpen }: Issue) => ({
    number,
    state: isOpen ? 'open' : 'closed',
    body,
    html_url: `https://github.example/o/r/issues/${number}`,
    user: { login: 'github-actions[bot]', type: 'Bot' },
  })
  const state = new URL(request.url ?? '/', 'http://services').searchParams.get('state') ?? 'open'
  if (path === '/github/repos/o/r') return answer(response, 200, { visibility: 'private' })
  if (path === '/github/repos/o/r/issues' && request.method === 'GET')
    return answer(response, 200, issues.filter(({ isOpen }) => isOpen === (state === 'open')).map(shown))
  const issue = changed(issues, /issues\/(\d+)$/.exec(path)?.[1], {
    body: sent['body'],
    isOpen: sent['state'] === undefined ? undefined : sent['state'] === 'open',
    isMade: path.endsWith('/issues'),
  })
  return answer(response, 200, issue === null ? {} : shown(issue))
}

function gitlabAnswer(
  issues: Issue[],
  path: string,
  request: IncomingMessage,
  sent: Sent,
  response: ServerResponse,
): void {
  const shown = ({ number, body, isOpen }: Issue) => ({
    iid: number,
    state: isOpen ? 'opened' : 'closed',
    description: body,
    web_url: `https://gitlab.example/g/p/-/issues/${number}`,
    author: { id: 5 },
  })
  const state = new URL(request.url ?? '/', 'http://services').searchParams.get('state') ?? 'opened'
  if (path === '/gitlab/user') return answer(response, 200, { id: 5 })
  if (path === '/gitlab/projects/g%2Fp') return answer(response, 200, { visibility: 'private' })
  if (path === '/gitlab/projects/g%2Fp/issues' && request.method === 'GET')
    return answer(response, 200, issues.filter(({ isOpen }) => isOpen === (state === 'opened')).map(shown))
  const issue = changed(issues, /issues\/(\d+)$/.exec(path)?.[1], {
    body: sent['description'],
    isOpen: sent['state_event'] === undefined ? undefined : sent['state_event'] === 'reopen',
    isMade: path.endsWith('/issues'),
  })
  return answer(response, 200, issue === null ? {} : shown(issue))
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
