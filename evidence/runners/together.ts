import type { JsonObject } from '../../src/schema/json.ts'
import type { Case } from '../corpus/case.ts'

/** Cases that can be one tenant: whether a base and a record are known holds for all of it, and what cannot be read spoils its verdict. */
export interface Together {
  readonly hasBase: boolean
  readonly hasRecorded: boolean
  readonly cases: readonly Case[]
  /** How a command must end. */
  readonly exitCode: 0 | 1 | 2
  readonly adopted: number
}

export function together(cases: readonly Case[]): readonly Together[] {
  const isUnreadable = (one: Case) => one.expected.some(({ kind }) => kind === 'unreadable')
  const isDrift = (one: Case) => one.expected.some(({ counts }) => counts)
  const key = (one: Case) =>
    [one.base !== undefined, one.recorded !== undefined, isUnreadable(one), isDrift(one)].join()
  return [...Map.groupBy(cases, key).values()].map((group) => ({
    hasBase: group[0]?.base !== undefined,
    hasRecorded: group[0]?.recorded !== undefined,
    cases: group,
    exitCode: group.some(isUnreadable) ? 1 : group.some(isDrift) ? 2 : 0,
    adopted: group.reduce((sum, { adopted = 0 }) => sum + adopted, 0),
  }))
}

/** What one side holds of all these APIs. */
export function side(cases: readonly Case[], name: 'declared' | 'base' | 'recorded' | 'live'): readonly JsonObject[] {
  return cases.flatMap((one) => {
    const api = one[name]
    return api === null || api === undefined ? [] : [api]
  })
}
