import { bugText, TenantDriftError } from '../schema/errors.ts'
import type { History } from '../history/front.ts'
import type { Checked, LogLine, WatchOptions } from '../watch/front.ts'
import { addAmbientCredentials } from '../words/credentials.ts'
import { SecretValues } from '../words/secret-values.ts'
import type { Follows } from './follow.ts'
import type { Io } from './io.ts'
import { lookAtFollowed } from './look-followed.ts'
import { bugError, notComparedLook } from './look.ts'
import { makeReports } from './make-report.ts'
import { tenantName, type Plan } from './plan.ts'
import { linesOnly } from './progress.ts'
import { rememberRuns } from './remember-runs.ts'
import { runTenants } from './run-tenants.ts'

/** One run of the service, with secrets and a clock of its own. What it says beside its report is the log's. */
export async function checkWatched(
  plan: Plan,
  name: string,
  follows: Follows,
  io: Io,
  log: (line: LogLine) => void,
  run: Parameters<WatchOptions['check']>[1],
): Promise<Checked> {
  const secrets = new SecretValues()
  for (const secret of io.secrets.all()) secrets.add(secret)
  addAmbientCredentials(secrets, io.env)
  const say = (text: string): void => {
    const message = secrets.hider().hide(text.trim())
    if (message !== '') log({ level: 'warn', event: 'said', run: run.id, tenant: name, message })
  }
  const ours: Io = { ...io, secrets, err: say, out: say, began: performance.now(), isErrTerminal: false }
  const progress = linesOnly(say)
  const one: Plan = { ...plan, tenants: plan.tenants.filter((tenant) => tenantName(tenant) === name) }
  const history: History = {
    ...run.history,
    record: (key, decide, options) => run.history.record(key, decide, { ...options, holder: run.holder }),
  }
  const follow = follows.of(one.tenants[0]?.name ?? null)
  const onBug = (error: unknown): void => {
    const message = secrets.hider().hide(bugText(error))
    log({ level: 'error', event: 'bug', run: run.id, tenant: name, message })
  }
  const look = async () =>
    follow === null
      ? { ...(await runTenants(one, ours, progress, { opening: Promise.resolve({ history }) })), followed: null }
      : lookAtFollowed(follow, one, history, ours, progress, onBug)
  const ran = await look().catch((error: unknown) => {
    // An expected failure that comes out of a look is one of the history, or of a service that ends, and says nothing about the tenant.
    if (error instanceof TenantDriftError) throw error
    onBug(error)
    // A bug is a look that found nothing: what was proven before must not stand as if this run had looked at it.
    const looks = one.tenants.map((tenant) => notComparedLook(tenant, [bugError(name, error)]))
    return { looks, reports: makeReports(one, looks, ours), followed: null }
  })
  const kept = await rememberRuns({ history }, one, ran.looks, ran.reports, ours, progress, ran.followed)
  const [report] = kept.reports
  if (report === undefined) throw new Error('a run of one tenant has one report')
  return { report, recorded: kept.recorded[0] ?? null }
}
