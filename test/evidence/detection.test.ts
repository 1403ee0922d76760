import { describe, expect, it } from 'vitest'
import { corpus } from '../../evidence/corpus/all.ts'
import { directionOf } from '../../evidence/corpus/direction.ts'
import { readPage, withFigures } from '../../evidence/page.ts'
import { readResults, worseThan } from '../../evidence/results.ts'
import { runCheck } from '../../evidence/runners/check.ts'
import { runComparer } from '../../evidence/runners/comparer.ts'
import { runTenants } from '../../evidence/runners/tenants.ts'
import { EMPTY, MISTAKES, tally, type Found } from '../../evidence/tally.ts'
import { topRows } from '../../src/schema/fields.ts'

const { cases } = corpus('short')
const NONE = EMPTY.mistakes

describe('the corpus with its truth, in short', { timeout: 60_000 }, () => {
  it('is told by the comparison alone without a mistake', () => {
    const { lines, mistakes } = runComparer(cases)

    expect(lines).toEqual([])
    expect(mistakes).toEqual(NONE)
  })

  it('is told by check without a mistake, exit codes among them', async () => {
    const { lines, mistakes } = await runCheck(cases)

    expect(lines).toEqual([])
    expect(mistakes).toEqual(NONE)
  })

  it('of whole tenants is told by check without a mistake', async () => {
    const { lines, wrong } = await runTenants()

    expect(lines).toEqual([])
    expect(wrong).toBe(0)
  })

  it('has cases of every field and of every group', () => {
    const { cases: all } = corpus('full')
    const fields = topRows().filter((row) => row.compare !== 'key')

    expect(
      fields.filter((row) => !all.some(({ expected }) => expected.some(({ path }) => path.startsWith(row.path)))),
    ).toEqual([])
    expect(new Set(cases.map(({ group }) => group))).toEqual(new Set(all.map(({ group }) => group)))
    expect(all.length).toBeGreaterThan(2000)
  })

  it('takes no field for understood whose safer value nobody wrote down', () => {
    const place = { path: ['made_up'], wanted: 1, found: 2, wantedApi: {}, foundApi: {} }

    expect(() => directionOf(place)).toThrow('does not know made_up')
  })
})

describe('the tally', () => {
  const [one] = cases.filter(({ group, expected }) => group === 'one field, no base' && expected.length === 1)
  const [quiet] = cases.filter(({ expected }) => expected.length === 0)
  if (one === undefined || quiet === undefined) throw new Error('the corpus lacks a drift or a silence')
  const right = one.expected.map((expected): Found => ({ ...expected, identifier: one.identifier }))
  const said = (change: Partial<Found>) =>
    tally(
      [one],
      right.map((found) => ({ ...found, ...change })),
    ).mistakes

  it('has nothing to say of what is right', () => {
    expect(tally([one, quiet], right)).toMatchObject({ cases: 2, findings: 1, mistakes: NONE, lines: [] })
  })

  it('sees each mistake, and each as what it is', () => {
    expect(tally([one], []).mistakes).toEqual({ ...NONE, missed: 1 })
    expect(
      tally(
        [quiet],
        right.map((found) => ({ ...found, identifier: quiet.identifier })),
      ).mistakes,
    ).toEqual({ ...NONE, falseAlarms: 1 })
    expect(tally([one], [...right, ...right]).mistakes).toEqual({ ...NONE, falseAlarms: 1 })
    expect(tally([quiet], right).mistakes).toEqual({ ...NONE, falseAlarms: 1 })
    expect(said({ path: 'elsewhere' })).toEqual({ ...NONE, wrongPath: 1 })
    expect(said({ kind: 'undeclared' })).toEqual({ ...NONE, missed: 1, falseAlarms: 1 })
    expect(said({ direction: one.expected[0]?.direction === 'neutral' ? 'weakened' : 'neutral' })).toEqual({
      ...NONE,
      wrongDirection: 1,
    })
    expect(said({ origin: 'conflict' })).toEqual({ ...NONE, wrongOrigin: 1 })
    expect(said({ counts: false })).toEqual({ ...NONE, wrongCounts: 1 })
  })
})

describe('the committed figures', () => {
  const results = readResults()

  it('are those of the page', () => {
    expect(withFigures(readPage(), results)).toBe(readPage())
  })

  it('are zero wherever they are ours', () => {
    const runners = Object.values(results.runners)

    expect(runners.map(({ mistakes }) => mistakes)).toEqual(runners.map(() => NONE))
    expect(runners.every(({ cases: count }) => count >= 200)).toBe(true)
    expect(results.tenants.wrong).toBe(0)
  })

  it('count as worse with one mistake more, one case less, or a runner that is gone', () => {
    const [[name, runner] = ['', undefined], ...others] = Object.entries(results.runners)
    if (runner === undefined) throw new Error('there is no runner')
    const now = (changed: Partial<typeof runner>) => ({
      ...results,
      runners: Object.fromEntries([[name, { ...runner, ...changed }], ...others]),
    })

    expect(worseThan(results, results)).toEqual([])
    expect(
      MISTAKES.map((mistake) => worseThan(results, now({ mistakes: { ...runner.mistakes, [mistake]: 1 } })).length),
    ).toEqual(MISTAKES.map(() => 1))
    expect(worseThan(results, now({ cases: runner.cases - 1 }))).toHaveLength(1)
    expect(worseThan(results, { ...results, runners: Object.fromEntries(others) })).toEqual([`${name} was not run`])
    expect(worseThan(results, { ...results, tenants: { ...results.tenants, wrong: 1 } })).toHaveLength(1)
  })
})
