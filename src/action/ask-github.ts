import { githubApi, githubHeaders } from '../schema/github.ts'
import type { Outgoing, Reply } from '../way/send.ts'
import { ActionError, type ActionIo } from './io.ts'

const TIMEOUT_MS = 15_000

/** One question to GitHub's API: `path` begins with a slash, `body` becomes JSON. */
export type AskGitHub = (method: Outgoing['method'], path: string, body?: object) => Promise<Reply>

/**
 * Asks with the job's token, the way that the runner has to the network: through the proxy of HTTPS_PROXY, where NO_PROXY does not name GitHub's host. No
 * redirect is followed. All questions of `talk` go over the same connections. `ask` throws ActionError where the proxy is the reason; else what the connection
 * says.
 */
export async function askingGitHub<T>(
  { env }: ActionIo,
  token: string,
  talk: (ask: AskGitHub) => Promise<T>,
): Promise<T> {
  const { createSender, WireFault } = await import('../way/send.ts')
  const { send, close } = createSender(env)
  try {
    return await talk(async (method, path, body) => {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      const headers = { ...githubHeaders(token), ...json }
      const request = {
        method,
        url: githubApi(env) + path,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      }
      try {
        return await send(request, TIMEOUT_MS)
      } catch (error) {
        if (error instanceof WireFault && error.isProxy) throw new ActionError(error.message)
        throw error
      }
    })
  } finally {
    await close()
  }
}
