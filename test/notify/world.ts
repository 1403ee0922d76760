import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { History, TenantKey } from '../../src/history/front.ts'
import { openHistory } from '../../src/history/open.ts'
import { remember } from '../../src/memory/remember.ts'
import { readChannels, type Channel } from '../../src/notify/channel.ts'
import { tellAll } from '../../src/notify/tell-all.ts'
import type { ChannelConfig } from '../../src/schema/notify.ts'
import type { Report } from '../../src/schema/report.ts'
import type { StandingAt } from '../../src/schema/standing.ts'
import { ROUTING_KEY, SECRET, type Services } from './services.ts'

/** Where a place is not in a report, it was set back. */
export const MENDED: StandingAt = () => ({ look: 'watched', live: 'RS256' })

export const TENANT: TenantKey = { address: 'acme.eu.auth0.com', view: 'default' }

export async function openTemporary(): Promise<History> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tenant-drift-notify-'))
  const history = await openHistory({ kind: 'file', file: path.join(folder, 'history.db'), shown: 'history.db' }, false)
  onTestFinished(async () => {
    await history.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return history
}

export const EVERY_CHANNEL: readonly ChannelConfig[] = [
  { slack: { url_variable: 'SLACK' } },
  { teams: { url_variable: 'TEAMS' } },
  { webhook: { url_variable: 'HOOK', secret_variable: 'HOOK_SECRET' } },
  { pagerduty: { routing_key_variable: 'PAGERDUTY' } },
  { gitlab_issue: { project: 'g/p', token_variable: 'GITLAB' } },
  { heartbeat: { url_variable: 'BEAT' } },
]

export function channelsFor(
  { url }: Services,
  configs: readonly ChannelConfig[] = EVERY_CHANNEL,
  more: Readonly<Record<string, string>> = {},
): readonly Channel[] {
  const withUrls = configs.map((config) => ({
    ...config,
    ...(config.pagerduty === undefined ? {} : { pagerduty: { ...config.pagerduty, api_url: url } }),
    ...(config.gitlab_issue === undefined ? {} : { gitlab_issue: { ...config.gitlab_issue, api_url: url } }),
  }))
  const { channels, mistakes } = readChannels(withUrls, null, {
    SLACK: `${url}/slack`,
    TEAMS: `${url}/teams`,
    HOOK: `${url}/hook`,
    HOOK_SECRET: SECRET,
    PAGERDUTY: ROUTING_KEY,
    GITLAB: 'glpat-of-a-bot',
    BEAT: `${url}/beat`,
    ...more,
  })
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  return channels
}

/** One command: the run is remembered, and every channel told. Answers with the warnings. */
export async function command(
  history: History,
  to: Services,
  channels: readonly Channel[],
  report: Report,
  at: number,
  more: {
    readonly standing?: StandingAt
    readonly key?: TenantKey
    readonly telling?: number
    readonly begins?: boolean
  } = {},
): Promise<readonly string[]> {
  await rememberRun(history, report, at, more)
  return tellNow(history, to, channels, report.verdict !== 'incomplete', at, more.telling, more.begins)
}

export async function rememberRun(
  history: History,
  report: Report,
  at: number,
  { standing = MENDED, key = TENANT }: { readonly standing?: StandingAt; readonly key?: TenantKey } = {},
): Promise<void> {
  await history.record(key, (memory) => {
    const ran = {
      report,
      standing: report.verdict === 'incomplete' ? null : standing,
      covers: 'all' as const,
      commit: null,
      took: null,
    }
    const { memory: after, transitions } = remember(memory, ran, at)
    if (after.run === null) return null
    return { memory: after, transitions, run: after.run, report: '{}', name: 'acme', config: null }
  })
}

/** Time passes only where somebody sleeps; `telling` is what there is of it, in ms. */
export async function tellNow(
  history: History,
  to: Services,
  channels: readonly Channel[],
  isJudged: boolean,
  at: number,
  telling = 30_000,
  begins = false,
): Promise<readonly string[]> {
  to.now = at
  let passed = 0
  const pace = {
    now: () => at + passed,
    sleep: (ms: number) => {
      passed += ms
      to.now = at + passed
      return Promise.resolve()
    },
    until: at + telling,
  }
  const warnings = await tellAll(
    channels.map((channel) => ({ channel, isJudged })),
    history,
    {},
    () => at,
    { pace, begins },
  )
  return warnings.map(({ name, warning }) => `${name}: ${warning}`)
}
