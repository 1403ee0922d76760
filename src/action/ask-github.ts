import type { Outgoing, Reply } from '../way/send.ts'
import { ActionError, type ActionIo } from './io.ts'

/** One question to GitHub's API. */
export type Question = Omit<Outgoing, 'url'>

const TIMEOUT_MS = 15_000

export type AskGitHub = (address: string, question: Question) => Promise<Reply>

/**
 * Asks the way that the runner has to the network: through the proxy of HTTPS_PROXY, where NO_PROXY does not name GitHub's host. No redirect is followed. All
 * questions of `body` go over the same connections. `ask` throws ActionError where the proxy is the reason; else what the connection says.
 */
export async function askingGitHub<T>({ env }: ActionIo, body: (ask: AskGitHub) => Promise<T>): Promise<T> {
  const { createSender, WireFault } = await import('../way/send.ts')
  const { send, close } = createSender(env)
  try {
    return await body(async (address, question) => {
      try {
        return await send({ ...question, url: address }, TIMEOUT_MS)
      } catch (error) {
        if (error instanceof WireFault && error.isProxy) throw new ActionError(error.message)
        throw error
      }
    })
  } finally {
    await close()
  }
}
