import type { ServerResponse } from 'node:http'
import { serveGit, startHost, type Host } from './hosts.ts'

export interface Comment {
  readonly id: number
  readonly author: string
  readonly body: string
}

/** A stand-in for GitHub: comments of pull request 7 of `o/r`, and its repository over smart HTTP. */
export interface Forge extends Host {
  readonly comments: Comment[]
  /** How the repository answers: whoever has the token, everybody, nobody, or by a redirect to that URL. */
  git: 'private' | 'public' | 'refuses' | { readonly redirect: string }
}

export const BOT = 'github-actions[bot]'

export async function startForge(token: string, root: string): Promise<Forge> {
  const comments: Comment[] = []
  const basic = `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`.toLowerCase()
  const state: Pick<Forge, 'git'> = { git: 'private' }
  const host = await startHost(async (request, response, body) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://forge')
    const authorization = request.headers.authorization ?? ''
    if (pathname.startsWith('/api/v3/')) {
      if (authorization !== `Bearer ${token}`) return answer(response, 401, { message: 'Bad credentials' })
      return api(response, request.method ?? '', pathname.slice('/api/v3'.length), searchParams, body)
    }
    const repository = /^\/o\/r(\.git)?(\/.*)$/.exec(pathname)
    if (repository === null) return answer(response, 404, {})
    if (typeof state.git === 'object') {
      response.writeHead(302, { location: `${state.git.redirect}${pathname}${search}` }).end()
      return
    }
    const isKnown = [basic, `bearer ${token}`.toLowerCase()].includes(authorization.toLowerCase())
    if (state.git === 'refuses' || (state.git === 'private' && !isKnown)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end()
      return
    }
    await serveGit(request, response, body, {
      root,
      pathname: `/server.git${repository[2] ?? ''}`,
      query: search.slice(1),
    })
  })

  function api(response: ServerResponse, method: string, path: string, query: URLSearchParams, body: Buffer): void {
    const shown = ({ id, author, body: text }: Comment) => ({
      id,
      body: text,
      user: { login: author },
      url: `${host.url}/api/v3/repos/o/r/issues/comments/${id}`,
      html_url: `${host.url}/o/r/pull/7#issuecomment-${id}`,
    })
    if (method === 'GET' && path === '/repos/o/r/issues/7/comments') {
      const size = Number(query.get('per_page') ?? 30)
      const from = (Number(query.get('page') ?? 1) - 1) * size
      return answer(response, 200, comments.slice(from, from + size).map(shown))
    }
    const text = method === 'GET' ? '' : (JSON.parse(body.toString('utf8')) as { body: string }).body
    if (method === 'POST' && path === '/repos/o/r/issues/7/comments') {
      const made = { id: comments.length + 1, author: BOT, body: text }
      comments.push(made)
      return answer(response, 201, shown(made))
    }
    const index = comments.findIndex(({ id }) => path === `/repos/o/r/issues/comments/${id}`)
    const found = comments[index]
    if (method !== 'PATCH' || found === undefined) return answer(response, 404, { message: 'Not Found' })
    comments[index] = { ...found, body: text }
    return answer(response, 200, shown({ ...found, body: text }))
  }
  return Object.assign(state, host, { comments })
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export interface Note {
  readonly id: number
  readonly body: string
  readonly author: { readonly id: number }
}

/** A stand-in for GitLab's notes of merge request 7 in project 3; the token is user 5's. */
export async function startLab(token: string): Promise<Host & { readonly notes: Note[] }> {
  const notes: Note[] = []
  const host = await startHost((request, response, body) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lab')
    const list = '/api/v4/projects/3/merge_requests/7/notes'
    const { method = '', headers } = request
    if (headers['private-token'] !== token && headers.authorization !== `Bearer ${token}`)
      return answer(response, 401, {})
    if (pathname === '/api/v4/user') return answer(response, 200, { id: 5 })
    if (method === 'GET' && pathname === list)
      return answer(response, 200, searchParams.get('page') === '1' ? notes : [])
    const { body: text } = JSON.parse(body.toString('utf8')) as { body: string }
    if (method === 'POST' && pathname === list) notes.push({ id: notes.length + 1, body: text, author: { id: 5 } })
    else {
      const index = notes.findIndex(({ id }) => pathname === `${list}/${id}`)
      const found = notes[index]
      if (method !== 'PUT' || found === undefined) return answer(response, 404, {})
      notes[index] = { ...found, body: text }
    }
    return answer(response, 200, notes.at(-1))
  })
  return Object.assign(host, { notes })
}
