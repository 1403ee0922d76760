import type { Outbox } from '../history/front.ts'
import type { Affected } from '../schema/affected.ts'
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

export interface TellingOptions {
  readonly pace?: Pace
  /** Whom what counts hits, by fingerprint. */
  readonly affected?: ReadonlyMap<string, Affected>
  /** Where this run can be seen; unless given, what the pipeline's variables say. */
  readonly link?: string | null
  /** The memory began with this run, where one was to be expected; then nothing is told as new. */
  readonly begins?: boolean
}

/** Side by side: one service that hangs is no reason for another one to hear nothing. Never throws of what a service does. */
export async function tellAll(
  listeners: readonly Listener[],
  outbox: Outbox,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
  { pace = paceFrom(now), affected = new Map(), link = runLink(env), begins = false }: TellingOptions = {},
): Promise<readonly { readonly name: string; readonly warning: string }[]> {
  const { send, close } = createSender(env)
  const moment = { now: now(), link, affected, begins }
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
