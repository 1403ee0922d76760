import type { Outbox } from '../history/front.ts'
import { createSender } from '../way/send.ts'
import { paceFrom, type Pace } from './attempts.ts'
import type { Channel } from './channel.ts'
import { runLink } from './run-link.ts'
import { tellChannel } from './tell-channel.ts'

/** One channel, and what it hears of. */
export interface Listener {
  readonly channel: Channel
  /** Numbers of tenants; all where left out. */
  readonly tenants?: readonly number[] | undefined
  /** Whether all of them could be judged. */
  readonly isJudged: boolean
}

/**
 * Side by side: one service that hangs is no reason for another one to hear nothing. Never throws of what a service does. `begins`: the memory began with
 * this run, where one was to be expected; then nothing is told as new.
 */
export async function tellAll(
  listeners: readonly Listener[],
  outbox: Outbox,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
  { pace = paceFrom(now), begins = false }: { readonly pace?: Pace; readonly begins?: boolean } = {},
): Promise<readonly { readonly name: string; readonly warning: string }[]> {
  const { send, close } = createSender(env)
  const moment = { now: now(), link: runLink(env), begins }
  try {
    const told = await Promise.all(
      listeners.map(async ({ channel, tenants, isJudged }) => {
        const warnings = await tellChannel(channel, outbox, { moment, isJudged, tenants }, send, pace)
        return warnings.map((warning) => ({ name: channel.name, warning }))
      }),
    )
    return told.flat()
  } finally {
    await close()
  }
}
