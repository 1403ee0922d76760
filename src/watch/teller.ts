import { affectedByFingerprint, tellAll, type Channel } from '../notify/front.ts'
import type { Affected } from '../schema/affected.ts'
import { TenantDriftError } from '../schema/errors.ts'
import type { Report } from '../schema/report.ts'
import { safeLink } from '../words/show.ts'
import type { Store } from './store.ts'
import type { WatchOptions, WatchedChannel } from './types.ts'

/** What people read comes together; what machines read at once. Milliseconds. */
const GATHERED_MS: Readonly<Record<Channel['kind'], number>> = {
  slack: 30_000,
  teams: 30_000,
  webhook: 0,
  pagerduty: 0,
  github_issue: 0,
  gitlab_issue: 0,
  // More than five calls a minute may be dropped.
  heartbeat: 60_000,
}
const AGAIN_MS = 60_000

export interface Teller {
  /** A run is over; `id` is the tenant's in the history. */
  readonly note: (tenant: string, id: number, report: Report) => void
  /** Ends what is under way, and tells what was gathered. */
  readonly stop: () => Promise<void>
}

/** Tells channels of what runs changed: one sender for each, and what could not be sent is tried again. */
export function startTeller(
  store: Store,
  { channels, env, now, log, doors }: Pick<WatchOptions, 'channels' | 'env' | 'now' | 'log' | 'doors'>,
): Teller {
  const ids = new Map<string, number>()
  const judged = new Map<string, boolean>()
  const affected = new Map<string, ReadonlyMap<string, Affected>>()
  const senders = channels().map((each) => ({
    ...each,
    timer: null as NodeJS.Timeout | null,
    work: Promise.resolve(),
    isWaiting: false,
  }))
  let isStopping = false
  const link = safeLink(doors.pageUrl ?? undefined)

  const tell = async ({ channel: first, tenant }: WatchedChannel): Promise<void> => {
    const channel = channels().find((each) => each.channel.name === first.name)?.channel ?? first
    const mine = [...ids].filter(([name]) => tenant === null || name === tenant)
    const listener = {
      channel,
      tenants: mine.map(([, id]) => id),
      isJudged: mine.every(([name]) => judged.get(name) !== false),
    }
    const hit = new Map(mine.flatMap(([name]) => [...(affected.get(name) ?? [])]))
    const about = { affected: hit, ...(link === null ? {} : { link }) }
    try {
      const warnings = await store.use((history) => tellAll([listener], history, env, now, about))
      for (const { name, warning } of warnings)
        log({ level: 'warn', event: 'not_told', channel: name, message: warning })
      if (warnings.length > 0) later(channel.name, AGAIN_MS)
    } catch (error) {
      if (!(error instanceof TenantDriftError)) throw error
      log({ level: 'warn', event: 'not_told', channel: channel.name, message: error.message })
      later(channel.name, AGAIN_MS)
    }
  }

  const later = (name: string, ms: number): void => {
    const sender = senders.find(({ channel }) => channel.name === name)
    if (sender === undefined || isStopping) return
    // A sender that waits already tells this as well when its time comes.
    if (sender.isWaiting && ms > 0) return
    sender.isWaiting = true
    const go = (): void => {
      sender.isWaiting = false
      sender.timer = null
      sender.work = sender.work
        .then(() => tell(sender))
        .catch((error: unknown) => log({ level: 'error', event: 'bug', message: String(error) }))
    }
    if (sender.timer !== null) clearTimeout(sender.timer)
    if (ms === 0) go()
    else sender.timer = setTimeout(go, ms)
  }

  return {
    note(tenant, id, report) {
      ids.set(tenant, id)
      judged.set(tenant, report.verdict !== 'incomplete')
      affected.set(tenant, affectedByFingerprint([report]))
      for (const sender of senders)
        if (sender.tenant === null || sender.tenant === tenant)
          later(sender.channel.name, GATHERED_MS[sender.channel.kind])
    },
    async stop() {
      for (const sender of senders) {
        if (sender.timer === null) continue
        clearTimeout(sender.timer)
        sender.work = sender.work.then(() => tell(sender)).catch(() => undefined)
      }
      isStopping = true
      await Promise.all(senders.map(({ work }) => work))
    },
  }
}
