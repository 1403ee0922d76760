import { isLoopback } from '../schema/loopback.ts'
import { chainOf } from '../way/error-chain.ts'
import { ProxyError } from '../way/proxy-error.ts'
import { proxyFor } from '../way/proxy.ts'
import { ActionError, type ActionIo } from './io.ts'

/** One question to GitHub's API. */
export interface Question {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const TIMEOUT_MS = 15_000

/**
 * Asks the way that the runner has to the network: through the proxy of HTTPS_PROXY, where NO_PROXY does not name GitHub's host. No redirect is followed.
 * @throws ActionError where the proxy is the reason; else what the connection says
 */
export async function askGitHub({ env, fetch }: ActionIo, address: string, question: Question): Promise<Response> {
  const { origin, hostname, pathname, search } = new URL(address)
  const proxy = proxyFor(origin, isLoopback(hostname), env)
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  if (proxy === null) return fetch(address, { ...question, redirect: 'error', signal })
  if ('mistake' in proxy) throw new ActionError(proxy.mistake)
  const { createDispatcher } = await import('../way/dispatcher.ts')
  const dispatcher = createDispatcher(proxy, { connections: 1, patienceMs: TIMEOUT_MS })
  try {
    const { method, headers, body } = question
    const path = `${pathname}${search}`
    const answer = await dispatcher.request({ origin, path, method, headers, body: body ?? null, signal })
    const text = await answer.body.text()
    const entries = Object.entries(answer.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((each) => [name, each] as [string, string]),
    )
    return new Response(text === '' ? null : text, { status: answer.statusCode, headers: entries })
  } catch (error) {
    const refused = chainOf(error).find((each) => each instanceof ProxyError)
    if (refused === undefined) throw error
    const what = refused.status === null ? 'could not be reached' : `answered HTTP ${refused.status}`
    throw new ActionError(`the proxy of ${proxy.variable} ${what}: look at it and at NO_PROXY`)
  } finally {
    await dispatcher.destroy()
  }
}
