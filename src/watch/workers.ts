import { randomUUID } from 'node:crypto'
import type { History } from '../history/front.ts'
import { bugText, TenantDriftError } from '../schema/errors.ts'
import type { Store } from './store.ts'
import type { Checked, WatchOptions, WatchedTenant } from './types.ts'

/** A worker who does not come back loses his turn after it; renewed three times within it. */
const LEASE_MS = 15_000
const RENEW_MS = 4000
/** How long nobody is asked where nothing is known to come sooner. */
const POLL_MS = 1000
/** Checks side by side: they wait for tenants far more than they compute. */
const AT_ONCE = 8
/** How long running checks may take to end once the service is told to stop. */
const FAREWELL_MS = 8000
/** A clock that was set back by more than this: what was planned by it lies too far ahead. */
const SET_BACK_MS = 5000

export interface Workers {
  readonly begin: () => void
  /** Somebody asked: look at `ready` and not at the next poll. */
  readonly wake: (ready: number) => void
  readonly counts: { readonly checks: number; readonly failures: number }
  /** When the line was last looked at, or all hands were full. */
  readonly lookedAt: () => number
  /** Why what the last check found could not be remembered; null where it was. */
  readonly unkept: () => string | null
  /** No new turn; running ones end, or are given back. */
  readonly stop: () => Promise<void>
}

/** Takes turns and checks, until it is stopped. `onChecked` hears of each check that was remembered, `onOver` of each turn that ended. */
export function startWorkers(
  store: Store,
  options: Pick<WatchOptions, 'tenants' | 'fleet' | 'check' | 'now' | 'log'> & { readonly by: string },
  onChecked: (tenant: WatchedTenant, checked: Checked) => void,
  onOver: () => void,
): Workers {
  const { fleet, check, now, log, by } = options
  const tenants = new Map(options.tenants.map((tenant) => [tenant.name, tenant]))
  const counts = { checks: 0, failures: 0 }
  const running = new Map<string, Promise<void>>()
  let isStopping = false
  let lookedAt = now()
  /** When somebody who asked is ready: a look before then must not be the last one for a while. */
  const awaited = new Set<number>()
  let timer: NodeJS.Timeout | null = null
  let timerAt = Infinity
  let isLooking = false
  let unkept: string | null = null

  const schedule = (inMs: number): void => {
    const at = now() + inMs
    if (isStopping || (timer !== null && timerAt <= at)) return
    if (timer !== null) clearTimeout(timer)
    timerAt = at
    timer = setTimeout(() => {
      timer = null
      void look()
    }, inMs)
  }

  async function look(): Promise<void> {
    if (isLooking || isStopping) return
    isLooking = true
    for (const ready of awaited) if (ready <= now()) awaited.delete(ready)
    try {
      if (now() < lookedAt - SET_BACK_MS) await planAnew()
      while (running.size < AT_ONCE) {
        const turn = await store.use((history) => history.turns(fleet).take(by, now(), LEASE_MS))
        lookedAt = now()
        if (turn === null) break
        const tenant = tenants.get(turn.tenant)
        if (tenant === undefined) continue
        const work = run(tenant, turn.isAsked).finally(() => {
          running.delete(tenant.name)
          schedule(0)
        })
        running.set(tenant.name, work)
      }
      // All workers are busy, so the line is not asked; that is no standstill.
      if (running.size >= AT_ONCE) lookedAt = now()
    } catch (error) {
      // The store logs by itself, once, that it is away.
      if (!(error instanceof TenantDriftError)) log({ level: 'error', event: 'bug', message: bugText(error) })
    } finally {
      isLooking = false
      schedule(Math.max(0, Math.min(POLL_MS, ...[...awaited].map((ready) => ready - now()))))
    }
  }

  function planAnew(): Promise<void> {
    const due = options.tenants.map(({ name, schedule: { next } }) => ({ tenant: name, due: next(now()) }))
    return store.use((history) => history.turns(fleet).plan(due))
  }

  /** A full disk still takes the few bytes of a turn: only what is remembered of a check tells. The check itself says why, and goes on. */
  function noting(history: History): History {
    const record: History['record'] = async (...question) => {
      try {
        const recorded = await history.record(...question)
        if (recorded !== null) unkept = null
        return recorded
      } catch (error) {
        unkept = error instanceof Error ? error.message : 'unknown error'
        throw error
      }
    }
    return { ...history, record }
  }

  async function run(tenant: WatchedTenant, isAsked: boolean): Promise<void> {
    const id = randomUUID()
    const { name } = tenant
    const began = performance.now()
    let isGivenBack = false
    const renewal = setInterval(() => {
      const renew = store.use((history) => history.turns(fleet).renew(name, by, now() + LEASE_MS))
      renew.catch(() => undefined)
    }, RENEW_MS)
    try {
      const holder = { fleet, tenant: name, by }
      const checked = await store.use((history) => check(name, { id, history: noting(history), holder }))
      const { report, recorded } = checked
      const tookMs = Math.round(performance.now() - began)
      counts.checks += 1
      log({
        level: report.verdict === 'incomplete' || recorded === null ? 'warn' : 'info',
        event: 'checked',
        run: id,
        tenant: name,
        asked: isAsked,
        verdict: report.verdict,
        counting: report.summary.counting,
        moves: recorded?.transitions.length ?? 0,
        remembered: recorded !== null,
        tookMs,
        ...(tenant.follows === null ? {} : { commit: recorded?.run.commit ?? null }),
        ...(report.errors[0] === undefined ? {} : { error: report.errors[0].code, message: report.errors[0].message }),
      })
      if (recorded !== null) onChecked(tenant, checked)
    } catch (error) {
      counts.failures += 1
      isGivenBack = isStopping
      const where = { run: id, tenant: name }
      if (error instanceof TenantDriftError)
        log({ level: isStopping ? 'info' : 'error', event: 'check_failed', ...where, message: error.message })
      else log({ level: 'error', event: 'bug', ...where, message: bugText(error) })
    } finally {
      clearInterval(renewal)
      await store
        .use((history) => history.turns(fleet).release(name, by, isGivenBack ? now() : tenant.schedule.next(now())))
        // Its lease ends by itself.
        .catch(() => undefined)
      onOver()
    }
  }

  return {
    begin: () => schedule(0),
    wake: (ready) => {
      awaited.add(ready)
      schedule(Math.max(0, ready - now()))
    },
    counts,
    lookedAt: () => lookedAt,
    unkept: () => unkept,
    async stop() {
      isStopping = true
      if (timer !== null) clearTimeout(timer)
      let end: NodeJS.Timeout | undefined
      const patience = new Promise<void>((resolve) => {
        end = setTimeout(resolve, FAREWELL_MS)
      })
      await Promise.race([Promise.allSettled(running.values()), patience])
      clearTimeout(end)
      // The turn is given back, so another worker takes it at once; what this one still finds is not written.
      for (const name of running.keys())
        await store.use((history) => history.turns(fleet).release(name, by, now())).catch(() => undefined)
    },
  }
}
