/** One tenant that everything of a part is measured against. */
export interface Scenario {
  readonly apis: number
  readonly latencyMs: number
  /** Burst and requests a second, as `50/16`; null for no limit. */
  readonly rate: string | null
}

export const RATE = '50/16'
export const SIZES = [10, 100, 1000, 10_000] as const

/** What a check needs, and what the deploy CLI asks for beside it. */
const SCOPES = 'read:resource_servers,read:clients'

export function scenarioFlags({ apis, latencyMs, rate }: Scenario): readonly string[] {
  const limits = rate === null ? [] : ['--rate', rate]
  return ['--apis', String(apis), '--latency', String(latencyMs), '--scopes', SCOPES, ...limits, '--tls']
}

export function scenarioTitle({ apis, latencyMs, rate }: Scenario): string {
  return `${apis} APIs, ${latencyMs} ms, ${rate === null ? 'no limit' : `limit ${rate}`}`
}

/** How long the bucket takes to be full again after so many requests. */
export function refillMs({ rate }: Scenario, requests: number): number {
  const [burst = 0, perSecond = 1] = (rate ?? '0/1').split('/').map(Number)
  return (Math.min(burst, requests) / perSecond) * 1000
}
