import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../../src/schema/json.ts'
import { inTurn, median } from '../measure.ts'
import type { TenantProcess } from '../tenant-process.ts'
import { refillMs, type Scenario } from './scenario.ts'

/** What one run of one program took. */
export interface Cost {
  readonly wallMs: number
  /** User and system, the program and its children; null where nothing could count it. */
  readonly cpuMs: number | null
  /** Of the largest process (of all together in a preview); null as above. */
  readonly peakMb: number | null
}

export interface Subject {
  readonly name: string
  run(): Promise<Cost>
}

/** Medians of some runs. */
export interface Measured extends Cost, Scenario {
  readonly subject: string
  readonly rounds: number
  readonly requests: number
}

/** Runs the subjects in turn against one tenant, each with a full bucket; the requests are those of the last run. */
export async function measureAll(
  subjects: readonly Subject[],
  tenant: TenantProcess,
  scenario: Scenario,
  rounds: number,
): Promise<readonly Measured[]> {
  const runs = await inTurn(
    subjects.map((subject) => async () => {
      await tenant.forget()
      const cost = await subject.run()
      const requests = count(await tenant.requests())
      if (scenario.rate !== null) await wait(refillMs(scenario, requests))
      return { ...cost, requests }
    }),
    rounds,
  )
  return subjects.map(({ name }, index) => {
    const costs = runs[index] ?? []
    return {
      subject: name,
      ...scenario,
      rounds,
      requests: costs.at(-1)?.requests ?? 0,
      wallMs: rounded(median(costs.map(({ wallMs }) => wallMs))),
      cpuMs: medianOf(costs.map(({ cpuMs }) => cpuMs)),
      peakMb: medianOf(costs.map(({ peakMb }) => peakMb)),
    }
  })
}

function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : rounded(median(known))
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

function count(requests: JsonObject): number {
  return Object.values(requests).reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)
}
