import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { startSimulator, type Simulator } from '../../src/simulator/front.ts'
import { toSnapshotFile } from '../../src/tenant/front.ts'
import { envOf, folderWith, reportIn, run, write } from '../cli/run.ts'
import { PROOF } from '../support/scenes.ts'
import { numbers, reordered, shuffledBy } from './apis.ts'
import { holdsInTime, PATIENCE } from './seed.ts'
import { anySides, sideOf, type Sides } from './sides.ts'

/** APIs of a page: few, so that a small tenant has several. */
const PAGE = 3

describe('the JSON report', { timeout: PATIENCE }, () => {
  let tenant: Simulator
  let canary: JsonObject
  beforeAll(async () => {
    tenant = await startSimulator({ seed: 71 })
    canary = tenant.list()[0] ?? {}
    tenant.onRequest((request) => {
      if (request.page !== null) request.query.set('per_page', String(PAGE))
    })
  })
  afterAll(() => tenant.close())

  it('has the same bytes in whatever order scopes, keys, APIs, pages and files come', async () => {
    const lists = fc.array(anySides, { minLength: 1, maxLength: 7 })
    const given = fc.record({ base: fc.boolean(), recorded: fc.boolean() })
    const folder = folderWith()
    const verdicts = new Set<string>()
    await holdsInTime(
      fc.asyncProperty(lists, given, numbers, async (makers, which, choices) => {
        const list = makers.map((named, index) => named(`urn:${index}`, index + 1))
        const first = await reportOf(folder, list, which, [0])
        const second = await reportOf(folder, list, which, choices)

        expect(second).toBe(first)
        verdicts.add(reportIn(first).verdict)
      }),
      40,
      1000,
    )
    expect(verdicts).toContain('drifted')
    expect(verdicts).not.toContain('incomplete')
  })

  /** Everything in the order that the numbers choose, read by the command. */
  async function reportOf(
    folder: string,
    list: readonly Sides[],
    given: { readonly base: boolean; readonly recorded: boolean },
    choices: readonly number[],
  ): Promise<string> {
    const mixed = (apis: readonly JsonObject[]) => shuffledBy(choices)(apis).map((api) => reordered(api, choices))
    for (const api of tenant.list()) tenant.remove(api.identifier as string)
    for (const api of mixed([...sideOf(list, 'live'), canary])) tenant.put(api)
    const recorded = mixed([...sideOf(list, 'recorded'), canary])
    // One line each, so that places do not tell the order.
    write(folder, { ...files('declared', list), ...files('base', list), 'recorded.json': snapshot(recorded) })

    const flags = (name: 'declared' | 'base') =>
      shuffledBy(choices)(['odd', 'even']).flatMap((part) => [`--${name}`, `${name}-${part}.json`])
    const argv = ['check', '--output', 'json', '--quiet', ...flags('declared')]
    if (given.base) argv.push(...flags('base'))
    if (given.recorded) argv.push('--recorded', 'recorded.json')
    const { out, err } = await run(argv, { cwd: folder, env: envOf(tenant) })
    expect(err).toBe('')
    return out

    function files(name: 'declared' | 'base', apis: readonly Sides[]): Record<string, string> {
      const half = (rest: number) =>
        sideOf(
          apis.filter((_, index) => index % 2 === rest),
          name,
        )
      return {
        [`${name}-even.json`]: fileOf(mixed(half(0))),
        [`${name}-odd.json`]: fileOf(mixed(half(1))),
      }
    }
  }

  /** A dollar before a brace would begin a variable. */
  function fileOf(apis: readonly JsonObject[]): string {
    return JSON.stringify({ resource_servers: apis }).replaceAll('${', '#{')
  }

  function snapshot(items: readonly JsonObject[]) {
    const binding = { identifier: canary.identifier as string, binding: 'token-audience' } as const
    const proof = { ...PROOF, total: items.length, items: items.length, canary: binding }
    return toSnapshotFile({ tenant: tenant.domain, complete: true, items, proof }, new Date(0))
  }
})
