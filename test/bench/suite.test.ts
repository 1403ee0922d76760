import { describe, expect, it } from 'vitest'
import { chart } from '../../bench/suite/chart.ts'
import { growth } from '../../bench/suite/growth.ts'
import { measureAll, type Measured } from '../../bench/suite/measured.ts'
import { drawPerformance } from '../../bench/suite/page.ts'
import { PART_NAMES } from '../../bench/suite/parts.ts'
import { costOf } from '../../bench/suite/process-cost.ts'
import { readPart } from '../../bench/suite/results.ts'
import { refillMs, type Scenario } from '../../bench/suite/scenario.ts'
import type { TenantProcess } from '../../bench/tenant-process.ts'
import { readDocs } from '../../evidence/section.ts'

const PLAIN: Scenario = { apis: 10, latencyMs: 0, rate: null }

function measured(apis: number, cpuMs: number, change: Partial<Measured> = {}): Measured {
  return { ...PLAIN, apis, subject: 'one', rounds: 1, requests: 1, wallMs: cpuMs, cpuMs, peakMb: 1, ...change }
}

describe('what a check costs, as committed', () => {
  it('is what the page and the picture show', () => {
    const { page, picture } = drawPerformance()

    expect(page).toBe(readDocs('performance.md'))
    expect(picture).toBe(readDocs('pictures/cost.svg'))
  })

  it.each(PART_NAMES)('names for %s the machine without its name, and every version', (name) => {
    const results = readPart(name)

    expect(Object.keys(results?.machine ?? {})).toEqual(['cores', 'platform', 'versions'])
    expect(Object.values(results?.machine.versions ?? {}).filter((version) => !/\d+\.\d+/.test(version))).toEqual([])
    expect(results?.measured.length).toBeGreaterThan(0)
  })
})

describe('growth', () => {
  it.each([
    ['the same slope', [100, 190, 1090], true],
    ['a slope a fifth steeper', [100, 190, 1270], true],
    ['a slope a third steeper', [100, 190, 1390], false],
    ['a flatter one', [100, 190, 300], true],
    ['a first slope that is less than the start varies by', [5000, 4900, 6300], null],
    ['a first slope of a tenth of all', [900, 1000, 2900], false],
  ] as const)('is judged for %s', (_title, [low, middle, high], isLinear) => {
    const runs = [measured(100, low), measured(1000, middle), measured(10_000, high)]

    expect(growth(runs).map((one) => one.isLinear)).toEqual([isLinear])
  })

  it('is not judged where a size is missing, or was measured with latency alone', () => {
    const runs = [measured(100, 1), measured(1000, 2)]

    expect(growth(runs)).toEqual([])
    expect(growth([...runs, measured(10_000, 3, { latencyMs: 50 })])).toEqual([])
  })
})

describe('measuring', () => {
  it('runs all in turn with the counts of each, and takes medians', async () => {
    const order: string[] = []
    const tenant = {
      forget: async () => void order.push('forget'),
      requests: async () => ({ 'GET /a': 2, 'POST /b': 1 }),
    } as unknown as TenantProcess
    const subject = (name: string, walls: number[]) => ({
      name,
      run: async () => {
        order.push(name)
        return { wallMs: walls.shift() ?? 0, cpuMs: null, peakMb: 5 }
      },
    })

    const results = await measureAll([subject('a', [99, 1, 5, 3]), subject('b', [0, 7, 7, 7])], tenant, PLAIN, 3)

    expect(results.map(({ subject: name, wallMs, cpuMs, requests }) => [name, wallMs, cpuMs, requests])).toEqual([
      ['a', 3, null, 3],
      ['b', 7, null, 3],
    ])
    expect(order.filter((word) => word !== 'forget').join('')).toBe('ababbaab')
    expect(order.filter((word) => word === 'forget')).toHaveLength(8)
  })

  it('waits until the limit is full again, and no longer', () => {
    expect(refillMs({ ...PLAIN, rate: '50/16' }, 16)).toBe(1000)
    expect(refillMs({ ...PLAIN, rate: '50/16' }, 1000)).toBe(3125)
    expect(refillMs(PLAIN, 1000)).toBe(0)
  })

  it('counts what a program and its children use, and refuses one that ends otherwise', async () => {
    const busy = 'for (let i = 0, end = performance.now() + 200; performance.now() < end; i++);'
    const child = `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(busy)}])`
    const program = { command: process.execPath, args: ['-e', child], exitCode: 0 }

    const { cpuMs, wallMs } = await costOf(program)

    expect(cpuMs).toBeGreaterThan(100)
    expect(wallMs).toBeGreaterThan(190)
    await expect(costOf({ ...program, exitCode: 2 })).rejects.toThrow('exit 0, 2 expected')
  })
})

describe('the picture', () => {
  it('has a line for each program of the scenario that it shows, and none of another', () => {
    const runs = [10, 100].flatMap((apis) => [
      measured(apis, apis, { latencyMs: 50 }),
      measured(apis, apis * 2, { latencyMs: 50, subject: 'two' }),
      measured(apis, apis, { latencyMs: 50, rate: '50/16', subject: 'three' }),
    ])

    expect(chart(runs).match(/<polyline/g)).toHaveLength(2)
    expect(chart(runs)).not.toMatch(/NaN|Infinity|undefined|three/)
  })
})
