import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface StoredIssue {
  number: number
  title: string
  body: string
  state: 'open' | 'closed'
  reason: string | null
  locked: boolean
  labels: string[]
  comments: string[]
  user: { login: string; type: string }
  association: string
  isPull: boolean
  /** Moved or deleted: in no list any more. */
  gone?: boolean
}

export interface Issues {
  readonly url: string
  readonly issues: StoredIssue[]
  /** `METHOD path` of every request, as it came. */
  readonly calls: string[]
  /** Writes alone, with what became of the issue. */
  readonly writes: string[]
  /** One line for each write, as a person would tell it. */
  readonly heard: string[]
  visibility: string
  /** Answers instead of the usual one where it is not null. */
  fail: ((method: string, path: string) => { status: number; headers?: Record<string, string> } | null) | null
  /** Called before the answer to a request that makes an issue. */
  beforeCreate: (() => void) | null
}

const BOT = { login: 'github-actions[bot]', type: 'Bot' }
export const TOKEN = 'token-of-the-job'

export function issueOf(number: number, body: string, more: Partial<StoredIssue> = {}): StoredIssue {
  return {
    number,
    title: 't',
    body,
    state: 'open',
    reason: null,
    locked: false,
    labels: [],
    comments: [],
    user: BOT,
    association: 'NONE',
    isPull: false,
    ...more,
  }
}

/** What GitHub answers for issues, and refuses: wrong tokens, bodies over 65,536 characters, comments on what is locked. */
export async function githubIssues(): Promise<Issues> {
  const issues: StoredIssue[] = []
  const state: Issues = {
    url: '',
    issues,
    calls: [],
    writes: [],
    heard: [],
    visibility: 'private',
    fail: null,
    beforeCreate: null,
  }
  const url = await serve(async (request, path, query, body) => {
    const method = request.method ?? 'GET'
    state.calls.push(`${method} ${path}`)
    const failure = state.fail?.(method, path)
    if (failure !== null && failure !== undefined)
      return { status: failure.status, headers: failure.headers, json: { message: 'hostile @all <b>answer' } }
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return { status: 401, json: { message: 'Bad credentials' } }
    const shown = (issue: StoredIssue) => ({
      number: issue.number,
      state: issue.state,
      locked: issue.locked,
      body: issue.body,
      html_url: `https://github.example/o/r/issues/${issue.number}`,
      author_association: issue.association,
      user: issue.user,
      ...(issue.isPull ? { pull_request: {} } : {}),
    })
    if (path === '/repos/o/r' && method === 'GET') return { status: 200, json: { visibility: state.visibility } }
    if (path === '/repos/o/r/issues' && method === 'GET') {
      const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))]
      const creator = query.get('creator')
      const found = issues
        .filter(
          (issue) =>
            issue.gone !== true &&
            issue.state === query.get('state') &&
            (creator === null || creator === issue.user.login),
        )
        .sort((a, b) => b.number - a.number)
      return { status: 200, json: found.slice((page - 1) * size, page * size).map(shown) }
    }
    const text = (key: string): string | undefined => {
      const value = (body as Record<string, unknown>)[key]
      return typeof value === 'string' ? value : undefined
    }
    if (JSON.stringify(body).length > 0 && (text('body')?.length ?? 0) > 65_536)
      return { status: 422, json: { message: 'body is too long' } }
    state.writes.push(`${method} ${path}`)
    if (path === '/repos/o/r/issues' && method === 'POST') {
      state.beforeCreate?.()
      const issue = issueOf(Math.max(0, ...issues.map(({ number }) => number)) + 1, text('body') ?? '', {
        title: text('title') ?? '',
      })
      issues.push(issue)
      state.heard.push(`github: opened ${issue.title}`)
      return { status: 201, json: shown(issue) }
    }
    const [, number, rest = ''] = /^\/repos\/o\/r\/issues\/(\d+)(\/\w+)?$/.exec(path) ?? []
    const issue = issues.find((each) => String(each.number) === number)
    if (issue === undefined) return { status: 410, json: { message: 'This issue was deleted' } }
    if (rest === '/comments') {
      if (issue.locked) return { status: 403, json: { message: 'Unable to create comment because issue is locked.' } }
      issue.comments.push(text('body') ?? '')
      state.heard.push(`github: comment ${(text('body') ?? '').split('\n', 1)[0]?.slice(0, 80)}`)
      return { status: 201, json: { id: issue.comments.length } }
    }
    if (rest === '/labels') {
      issue.labels.push(...((body as { labels: string[] }).labels ?? []))
      return { status: 200, json: [] }
    }
    issue.body = text('body') ?? issue.body
    if (text('body') !== undefined) state.heard.push('github: edited')
    const next = text('state')
    if (next === 'open' || next === 'closed') {
      issue.state = next
      issue.reason = text('state_reason') ?? null
      state.heard.push(`github: ${next === 'open' ? 'opened again' : 'closed'}`)
    }
    return { status: 200, json: shown(issue) }
  })
  return Object.assign(state, { url })
}

type Answer = { status: number; headers?: Record<string, string> | undefined; json?: unknown }

/** A server on loopback that answers JSON. */
export async function serve(
  answer: (
    request: IncomingMessage,
    path: string,
    query: URLSearchParams,
    body: unknown,
    raw: string,
  ) => Promise<Answer | null>,
): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      let text = ''
      for await (const chunk of incoming) text += String(chunk)
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1')
      let body: unknown = {}
      try {
        body = text === '' ? {} : JSON.parse(text)
      } catch {
        // Not every service is sent JSON.
      }
      const answered = await answer(incoming, pathname, searchParams, body, text)
      // Null: a service that hangs.
      if (answered === null) return
      outgoing.writeHead(answered.status, { 'content-type': 'application/json', ...answered.headers })
      outgoing.end(answered.json === undefined ? '' : JSON.stringify(answered.json))
    })()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
