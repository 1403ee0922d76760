import type { Finding } from '../schema/finding.ts'
import { keyOfPlace } from '../memory/place.ts'
import { LONGEST_KEPT, NOTHING_RECALLED, type Recall } from '../run/ask-who.ts'
import { keyOfTenant, type OpenedHistory } from './remember-runs.ts'
import type { Io } from './io.ts'
import type { TenantPlan } from './plan.ts'

/** What the history knows about who changed what; nothing where there is none, or where it cannot be read: that is said elsewhere. */
export async function recallOf(
  opened: OpenedHistory | null,
  tenant: TenantPlan,
  address: string,
  io: Io,
): Promise<Recall> {
  const key = keyOfTenant(address, tenant)
  if (opened === null || !('history' in opened) || key === null) return NOTHING_RECALLED
  try {
    const { history } = opened
    const [memory, reading, events] = [
      await history.memory(key),
      await history.reading(key),
      await history.logEvents(key.address, io.now() - LONGEST_KEPT),
    ]
    const standing = new Map(
      memory.episodes
        .filter(({ state }) => state !== 'ended')
        .map((episode) => [keyOfPlace(episode), episode.finding] as const),
    )
    return { reading, events, kept: (finding: Finding) => standing.get(keyOfPlace(finding)) ?? null }
  } catch {
    return NOTHING_RECALLED
  }
}
