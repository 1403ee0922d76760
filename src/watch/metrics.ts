import { SEVERITIES, VERDICTS } from '../schema/finding.ts'
import { fleetOf, troublesOf, waitingIn, type FleetLine, type Service } from './service.ts'
import type { FollowState } from './types.ts'

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

/**
 * `/metrics` in Prometheus' text format 0.0.4. Made from the history at each question, so that it says the same after a restart and in every process; what
 * only this process knows (hook calls, durations) counts from its start.
 */
export async function metricsText(service: Service): Promise<string> {
  const { counters, workers, store, now, version, tenants } = service
  const lines = await fleetOf(service).catch(() => null)
  const deliveries = await store.use((history) => history.overview.deliveriesByState()).catch(() => null)
  const isReady = troublesOf(service, lines === null ? null : waitingIn(lines)).length === 0
  const of = (valueOf: (line: FleetLine) => number | null): readonly Sample[] =>
    (lines ?? []).flatMap((line) => {
      const value = valueOf(line)
      return value === null ? [] : [[{ tenant: line.tenant.name }, value] as const]
    })
  const ages = (at: number | null): number | null => (at === null ? null : Math.max(0, (now() - at) / 1000))
  const families = [
    family('info', 'gauge', 'Version of tenant-drift.', [[{ version }, 1]]),
    family(
      'ready',
      'gauge',
      '1 where the store can be used and takes what checks find, checks are running and no tenant is overdue.',
      [[{}, isReady ? 1 : 0]],
    ),
    family(
      'verdict',
      'gauge',
      'Verdict of the last run: 1 for this verdict, 0 for the others.',
      (lines ?? []).flatMap(({ tenant, standing }) =>
        VERDICTS.map((verdict): Sample => [
          { tenant: tenant.name, verdict },
          standing?.run?.verdict === verdict ? 1 : 0,
        ]),
      ),
    ),
    family(
      'open_differences',
      'gauge',
      'Open differences.',
      (lines ?? []).flatMap(({ tenant, standing }) =>
        SEVERITIES.map((severity): Sample => [{ tenant: tenant.name, severity }, standing?.open[severity] ?? 0]),
      ),
    ),
    family(
      'oldest_open_seconds',
      'gauge',
      'Age of the oldest open difference in seconds; 0 where there is none.',
      of(({ standing }) => ages(standing?.oldest ?? null) ?? 0),
    ),
    family(
      'last_complete_age_seconds',
      'gauge',
      'Seconds since the last complete run; no sample where there was none.',
      of(({ standing }) => ages(standing?.lastComplete ?? null)),
    ),
    family(
      'last_run_age_seconds',
      'gauge',
      'Seconds since the last run; no sample where there was none.',
      of(({ standing }) => ages(standing?.run?.lastAt ?? null)),
    ),
    family(
      'last_run_requests',
      'gauge',
      'Requests of the last run.',
      of(({ standing }) => standing?.run?.requests ?? null),
    ),
    family(
      'last_run_waits',
      'gauge',
      'How often the last run waited for the rate limit of its tenant.',
      of(({ standing }) => standing?.run?.waits ?? null),
    ),
    family(
      'last_run_duration_seconds',
      'gauge',
      'How long the last run took.',
      of(({ standing }) => (typeof standing?.run?.took === 'number' ? standing.run.took / 1000 : null)),
    ),
    family(
      'fetch_failing',
      'gauge',
      'For a followed branch: 1 if the last fetch failed.',
      followed(tenants, ({ fault }) => (fault === null ? 0 : 1)),
    ),
    family(
      'last_fetch_age_seconds',
      'gauge',
      'For a followed branch: seconds since this process fetched it.',
      followed(tenants, ({ at }) => ages(at)),
    ),
    family(
      'deliveries',
      'gauge',
      'Messages to channels, by state.',
      Object.entries(deliveries ?? {}).map(([state, count]): Sample => [{ state }, count]),
    ),
    family('checks_total', 'counter', 'Checks of this process.', [[{}, workers.counts.checks]]),
    family('check_failures_total', 'counter', 'Checks of this process that were aborted.', [
      [{}, workers.counts.failures],
    ]),
    family('hook_events_total', 'counter', 'Log events that came in.', [[{}, counters.hookEvents]]),
    family('hook_refused_total', 'counter', 'Calls of the log-stream hook with a wrong token.', [
      [{}, counters.hookRefused],
    ]),
    family('hook_not_understood_total', 'counter', 'Calls of the hook with a body that was too long or not JSON.', [
      [{}, counters.hookNotUnderstood],
    ]),
    family('tokens_refused_total', 'counter', 'Requests with a wrong token.', [[{}, counters.tokensRefused]]),
    family('process_resident_memory_bytes', 'gauge', 'Memory of this process.', [[{}, process.memoryUsage.rss()]]),
  ]
  return `${families.flat().join('\n')}\n`
}

function followed(tenants: Service['tenants'], valueOf: (state: FollowState) => number | null): readonly Sample[] {
  return tenants.flatMap(({ name, follows }): readonly Sample[] => {
    const value = follows === null ? null : valueOf(follows())
    return value === null ? [] : [[{ tenant: name }, value]]
  })
}

function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): readonly string[] {
  if (samples.length === 0) return []
  const full = `tenant_drift_${name}`
  return [
    `# HELP ${full} ${help}`,
    `# TYPE ${full} ${type}`,
    ...samples.map(([labels, value]) => `${full}${labelText(labels)} ${value}`),
  ]
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function escapedLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
