import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { FaultCase } from '../../evidence/faults/case.ts'
import { FAULT_MISTAKES, judgeSaid } from '../../evidence/faults/judge.ts'
import { readFaultResults, withFaultFigures, worseFaults } from '../../evidence/faults/results.ts'
import { every, faultCases, runFaults } from '../../evidence/faults/run.ts'
import type { Said } from '../../evidence/faults/said.ts'
import { runSignals } from '../../evidence/faults/signals.ts'
import { PLACES, WIRES, type Stage } from '../../evidence/faults/stage.ts'
import { readDocs } from '../../evidence/section.ts'
import { FAULT_KINDS } from '../../src/simulator/front.ts'

const CASES = faultCases()
const NONE = Object.fromEntries(FAULT_MISTAKES.map((mistake) => [mistake, 0]))

describe('a part of the faults', { timeout: 300_000 }, () => {
  // Each meets every group; the wire is the business of one room, which all three have.
  it.each([
    { subject: 'check', nth: 61, wires: WIRES },
    { subject: 'provider', nth: 97, wires: ['HTTP/1.1'] },
    { subject: 'live pack', nth: 61, wires: ['h2'] },
  ] as const)(
    'ends for $subject in what is true or in unreadable, in time, with a code and a next step',
    async ({ subject, nth, wires }) => {
      const part = every(nth, CASES).filter(({ wire }) => wires.some((one) => one === wire))

      const { lines, mistakes, cases } = await runFaults(part, subject)

      expect(lines).toEqual([])
      expect(mistakes).toEqual(NONE)
      expect(cases).toBeGreaterThanOrEqual(10)
    },
  )

  const bundle = new URL('../../dist/bin/tenant-drift.js', import.meta.url).pathname
  it.skipIf(!existsSync(bundle))(
    'and signals leave whole reports or none (skipped where dist/ was not built)',
    async () => {
      const seed = Date.now() % 1_000_000
      console.log(`signals at moments of TENANT_DRIFT_SEED=${seed}`)
      const { lines, met } = await runSignals(9, seed)

      expect(lines.filter((line) => !line.startsWith('slow'))).toEqual([])
      expect(met).toBeGreaterThan(0)
    },
  )
})

describe('all the faults', () => {
  it('are every kind of the embedded tenant at every place over both wires', () => {
    const titles = CASES.map(({ title }) => title)
    const missing = WIRES.flatMap((wire) =>
      PLACES.flatMap((place) =>
        FAULT_KINDS.filter(
          (kind) =>
            !titles.some((title) => title.startsWith(kind) && title.includes(` at ${place} (`) && title.includes(wire)),
        ).map((kind) => `${kind} at ${place}, ${wire}`),
      ),
    )

    // Nothing but a list can be refused for its offset.
    expect(missing).toEqual(
      WIRES.flatMap((wire) => ['the token', 'the confirmation'].map((place) => `refuse-offset at ${place}, ${wire}`)),
    )
    expect(new Set(titles).size).toBe(titles.length)
    expect(CASES.length).toBeGreaterThan(1000)
  })
})

describe('the judge of what was said', () => {
  const stage = { gone: ['urn:gone'], declared: [{ identifier: 'urn:gone' }], deadlineMs: 1000 } as unknown as Stage
  const lasting: FaultCase = {
    group: 'g',
    title: 't',
    wire: 'h2',
    place: 'the token',
    scene: 'gone',
    allowed: { truth: false, codes: ['unreachable'], tells: /AUTH0_DOMAIN/ },
    begin: () => undefined,
  }
  const passing: FaultCase = { ...lasting, allowed: { truth: true, codes: [] } }
  const unread: Said = {
    who: 'check',
    isOfOne: false,
    isFresh: false,
    status: 'unreadable',
    missing: [],
    others: [],
    codes: ['unreachable'],
    text: 'Check AUTH0_DOMAIN.',
    hasNextStep: true,
    misjudged: null,
    ms: 10,
  }
  const drift: Said = { ...unread, status: 'drift', codes: [], text: '', missing: ['urn:gone'] }
  const mistakes = (one: FaultCase, said: Said) => judgeSaid(one, stage, said).map(({ mistake }) => mistake)

  it('is silent where a lasting fault is unreadable and a passing one was overcome', () => {
    expect(mistakes(lasting, unread)).toEqual([])
    expect(mistakes(passing, drift)).toEqual([])
  })

  it('sees each mistake, and each as what it is', () => {
    expect(mistakes(lasting, drift)).toEqual(['falseMissing'])
    expect(mistakes(passing, { ...drift, missing: ['urn:gone', 'urn:there'] })).toEqual(['falseMissing'])
    expect(mistakes(lasting, { ...drift, status: 'in sync', missing: [] })).toEqual(['falseInSync'])
    expect(mistakes(passing, { ...drift, status: 'in sync', missing: [] })).toEqual(['falseInSync'])
    expect(mistakes(passing, { ...drift, others: ['changed urn:there name'] })).toEqual(['falseDrift'])
    expect(mistakes(lasting, { ...unread, ms: 9000 })).toEqual(['hangs'])
    expect(mistakes(lasting, { ...unread, codes: ['server_error'] })).toEqual(['wrongCode'])
    expect(mistakes(lasting, { ...unread, codes: [] })).toEqual(['wrongCode'])
    expect(mistakes(passing, unread)).toEqual(['wrongCode'])
    expect(mistakes(lasting, { ...unread, hasNextStep: false })).toEqual(['noNextStep'])
    expect(mistakes(lasting, { ...unread, text: 'Run again.' })).toEqual(['noNextStep'])
    expect(mistakes(lasting, { ...unread, misjudged: 'exit 0' })).toEqual(['misjudged'])
  })
})

describe('the committed figures of faults', () => {
  const results = readFaultResults()
  if (results === null) throw new Error('evidence/faults/results.json is not there')

  it('are those of the page, and zero', () => {
    const page = readDocs('evidence.md')

    expect(withFaultFigures(page, results)).toBe(page)
    expect(Object.values(results.subjects).map((subject) => subject.mistakes)).toEqual([NONE, NONE, NONE])
    expect(Object.values(results.signals.mistakes).every((count) => count === 0)).toBe(true)
    expect(results.subjects.check?.cases).toBe(CASES.length)
  })

  it('count as worse with one mistake more, one case less, or somebody who was not asked', () => {
    const { check, ...others } = results.subjects
    if (check === undefined) throw new Error('check was not asked')
    const now = (changed: Partial<typeof check>) => ({
      ...results,
      subjects: { ...others, check: { ...check, ...changed } },
    })

    expect(worseFaults(results, results)).toEqual([])
    expect(
      FAULT_MISTAKES.map(
        (mistake) => worseFaults(results, now({ mistakes: { ...check.mistakes, [mistake]: 1 } })).length,
      ),
    ).toEqual(FAULT_MISTAKES.map(() => 1))
    expect(worseFaults(results, now({ cases: check.cases - 1 }))).toHaveLength(1)
    expect(worseFaults(results, { ...results, subjects: others })).toEqual(['check was not run'])
    expect(worseFaults(results, { ...results, signals: { ...results.signals, runs: 1 } })).toHaveLength(1)
    const slower = { ...results.signals.mistakes, exitCodes: 1 }
    expect(worseFaults(results, { ...results, signals: { ...results.signals, mistakes: slower } })).toHaveLength(1)
  })
})
