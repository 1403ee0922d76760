import { describe, expect, it } from 'vitest'
import { corpus, sample } from '../../evidence/corpus/all.ts'
import { readRepairResults, withRepairFigures, worseRepair } from '../../evidence/repair/results.ts'
import type { Case } from '../../evidence/corpus/case.ts'
import { runRepair, type Mode, type RepairMistake } from '../../evidence/repair/run.ts'
import { readDocs } from '../../evidence/section.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { ApiRepair, PatchPlan, RepairPlan } from '../../src/schema/repair.ts'
import { canRun, lacking } from '../repair/script.ts'

const { cases } = corpus('full')

describe('the corpus put back, in short', { timeout: 120_000 }, () => {
  const of = (nth: number, ...groups: readonly string[]) =>
    sample(
      cases.filter(({ group }) => groups.includes(group)),
      nth,
    )

  it.each<[Mode, readonly Case[]]>([
    ['with what can stop clients', of(45, 'one field, no base')],
    ['as it is', of(45, 'lists', 'one field, in the tenant')],
    ['with all of it', of(45, 'one field, in the tenant', 'two fields, in the tenant')],
    ['with every difference named', of(95, 'one field, in both: conflict', 'undeclared, recorded otherwise')],
  ])('%s: without a mistake', async (mode, some) => {
    const { lines, repairs, leftOut } = await runRepair(some, mode)

    expect(lines).toEqual([])
    // Both happened, so that it says something.
    expect([repairs > 0, leftOut > 0]).toEqual([true, true])
  })

  it.skipIf(!canRun)(`by the script in bash: without a mistake${lacking}`, async () => {
    const { lines, repairs } = await runRepair(of(500, 'one field, no base', 'lists', 'names'), 'with all of it', {
      by: 'script',
    })

    expect(lines).toEqual([])
    expect(repairs).toBeGreaterThan(0)
  })
})

describe('the judge of a plan', { timeout: 60_000 }, () => {
  const some = sample(
    cases.filter(({ group }) => group === 'one field, in the tenant'),
    40,
  )
  type Spoil = (api: ApiRepair) => ApiRepair

  // Two at once, each on every other API, of which neither makes the other mistake.
  it.each<[RepairMistake, Spoil, RepairMistake, Spoil]>([
    [
      'refused',
      (api) => withBody(api, (body) => ({ ...body, identifier: 'urn:other' })),
      'touchedMore',
      (api) => withBody(api, (body) => ({ ...body, token_lifetime: 61 })),
    ],
    [
      'notPutBack',
      (api) => withBody(api, () => ({ skip_consent_for_verifiable_first_party_clients: false })),
      'notUndone',
      (api) => ({ ...api, inverse: { ...api.inverse, patch: null } }),
    ],
  ])('sees what is %s', async (one, spoilOne, other, spoilOther) => {
    const spoil = (plan: RepairPlan): RepairPlan => ({
      ...plan,
      apis: plan.apis.map((api, index) => (index % 2 === 0 ? spoilOne(api) : spoilOther(api))),
    })
    const { mistakes } = await runRepair(some, 'with all of it', { spoil })

    expect(mistakes[one]).toBeGreaterThan(0)
    expect(mistakes[other]).toBeGreaterThan(0)
  })
})

describe('the judge of a plan, in what only a plan as a whole can have', { timeout: 60_000 }, () => {
  const one = (isIt: (each: Case) => boolean): readonly Case[] => cases.filter(isIt).slice(0, 1)

  it('sees an exit code that is not that of the command, or not that of what it left out', async () => {
    const some = one(({ group }) => group === 'one field, in the tenant')
    const spoil = (plan: RepairPlan): RepairPlan => ({ ...plan, exitCode: plan.exitCode === 0 ? 2 : 0 })
    const { mistakes } = await runRepair(some, 'with all of it', { spoil })

    expect(mistakes.wrongExitCode).toBeGreaterThan(1)
  })

  it('sees a plan that makes something less safe where nobody asked for it', async () => {
    const some = one(
      ({ group, title }) =>
        group === 'one field, in the tenant' && title.startsWith('allow_offline_access from true to false'),
    )
    let asked: RepairPlan | null = null
    const keep = (plan: RepairPlan): RepairPlan => (asked = plan)
    expect((await runRepair(some, 'with all of it', { spoil: keep })).mistakes.lessSafe).toBe(0)
    const { mistakes, plans } = await runRepair(some, 'with what can stop clients', { spoil: (plan) => asked ?? plan })

    expect([plans, mistakes.lessSafe]).toEqual([1, 1])
  })

  it('sees a secret that stands in the plan', async () => {
    const secret = ({ declared }: Case): string =>
      typeof declared?.signing_secret === 'string' ? declared.signing_secret : ''
    const [some, ...none] = one((each) => each.group === 'one field, in the tenant' && secret(each) !== '')
    if (some === undefined) throw new Error('no case has a secret')
    const spoil = (plan: RepairPlan): RepairPlan => ({
      ...plan,
      apis: plan.apis.map((api) => withBody(api, (body) => ({ ...body, signing_secret: secret(some) }))),
    })
    const { mistakes, plans } = await runRepair([some, ...none], 'with every difference named', { spoil })

    expect([plans, mistakes.secretsTold]).toEqual([1, 1])
  })
})

function withBody(api: ApiRepair, change: (body: JsonObject) => JsonObject): ApiRepair {
  const patch: PatchPlan = { ...api.patch, body: change(api.patch.body) }
  return { ...api, patch }
}

describe('the committed figures', () => {
  it('stand on the page, hold no mistake, and are what a run is held against', () => {
    const results = readRepairResults()
    if (results === null) throw new Error('evidence/repair/results.json is missing: npm run evidence:repair')
    const page = readDocs('evidence.md')

    expect(withRepairFigures(page, results)).toBe(page)
    expect(worseRepair(results, results)).toEqual([])
    const [name = '', run] = Object.entries(results.runs)[0] ?? []
    if (run === undefined) throw new Error('nothing was run')
    const worse = { ...results, runs: { [name]: { ...run, mistakes: { ...run.mistakes, lessSafe: 1 } } } }
    expect(worseRepair(results, worse)).toContain(`${name}: lessSafe: 1`)
    expect(worseRepair(results, worse).filter((line) => line.endsWith('was not run'))).toHaveLength(
      Object.keys(results.runs).length - 1,
    )
  })
})
