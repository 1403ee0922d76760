import { describe, expect, it } from 'vitest'
import { gateCases } from '../../evidence/gate/cases/all.ts'
import type { GateCase } from '../../evidence/gate/case.ts'
import { leakFinder, madeUp } from '../../evidence/gate/planted.ts'
import type { Ran } from '../../evidence/gate/ran.ts'
import {
  readGateResults,
  readGateSeen,
  withGateFigures,
  worseGate,
  type GateResults,
} from '../../evidence/gate/results.ts'
import { judge, runGate, shown } from '../../evidence/gate/run.ts'
import { RUNNERS } from '../../evidence/gate/runners.ts'
import type { Scene } from '../../evidence/gate/scene.ts'
import { readDocs } from '../../evidence/section.ts'

const CASES = gateCases()

/** Of each kind one that was seen to succeed on a build from before, and the controls beside them. */
const PART: Readonly<Record<string, readonly string[]>> = {
  action: ['1', '17', '21-fsmonitor', '34', '46-tree', '54', '60', '68-1', '79-review', '80-1', '82-push', '87-name'],
  command: ['3', '39', '48', '62', '74', '91-inside', '96-second', '97', '98-link', '99-fifo', '103-1', '120'],
  gitlab: ['43', '86', '97-name', '102-mixed', 'controls-control-0', 'controls-control-2'],
}

describe('a part of the attacks on the gate', { timeout: 240_000 }, () => {
  it('comes to nothing, and its controls end as they must', async () => {
    const part = RUNNERS.flatMap((runner) =>
      (PART[runner] ?? []).map((id): GateCase => {
        const one = CASES.find((each) => each.id === id)
        if (one?.on.includes(runner) !== true) throw new Error(`there is no case ${id} on ${runner}`)
        return { ...one, on: [runner] }
      }),
    )

    const judged = await runGate(part)

    expect(judged.filter(({ wrong }) => wrong.length > 0).map((each) => `${shown(each)}\n${each.log}`)).toEqual([])
    expect(judged).toHaveLength(30)
  })
})

describe('all the attacks', () => {
  it('have a name each, on everything that they are for, with controls in every group', () => {
    const groups = Map.groupBy(CASES, ({ group }) => group)

    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length)
    expect(CASES.filter(({ on }) => on.length === 0)).toEqual([])
    expect([...groups].filter(([, members]) => !members.some(({ isControl }) => isControl))).toEqual([])
    // A control that allows both says nothing.
    expect([...groups].filter(([, members]) => !members.some(({ expect: codes }) => codes.join() === '0'))).toEqual([])
    expect(CASES.length).toBeGreaterThan(400)
  })
})

describe('the finder of secrets', () => {
  const value = `${madeUp(20)}"<&+/ ${madeUp(20)}`
  const find = leakFinder(new Map([['it', value]]))
  const bytes = Buffer.from(value)

  it.each<readonly [string, string]>([
    ['as it is', `x ${value} y`],
    ['a piece of eight letters', `x ${value.slice(3, 11)} y`],
    ['escaped in JSON', JSON.stringify({ a: value })],
    ['escaped twice', JSON.stringify(JSON.stringify(value))],
    ['in a URL', `?a=${encodeURIComponent(value)}`],
    ['in hex', bytes.toString('hex')],
    ['in base64', bytes.toString('base64')],
    ['in base64 after one letter', Buffer.from(`x${value}`).toString('base64')],
    ['in base64url after two', Buffer.from(`xy${value}z`).toString('base64url')],
    ['broken by lines', value.replaceAll(/(.{5})/g, '$1\n    ')],
    ['broken by a table', value.replaceAll(/(.{6})/g, '$1 │\n│ ')],
    ['split by tags', `<b>${value.slice(0, 4)}</b><i>${value.slice(4, 14)}</i>`],
    ['in colours', value.replaceAll(/(.{3})/g, '$1\u001B[31m')],
  ])('sees one %s', (_how, text) => {
    expect(find(text)).toHaveLength(1)
  })

  it('is silent about seven letters, another value and digests', () => {
    expect(find(`${value.slice(0, 7)} ${madeUp(4000)} ${Buffer.from(madeUp(99)).toString('hex')}`)).toEqual([])
  })
})

describe('the judge of a run', () => {
  const one: GateCase = { id: 'x', group: 'git', title: 't', on: ['action'], expect: [2] }
  const scene = {
    runner: 'action',
    root: '/nonexistent',
    planted: new Map([['it', 'Aq3fGh7JkL']]),
    stranger: { heard: [] },
    ran: () => [],
  } as unknown as Scene
  const ran: Ran = { code: 2, log: 'drift', out: '', outputs: {}, summary: '', posted: [], wrote: [], artifacts: {} }
  const kinds = (more: Partial<Ran>, there: object = {}) =>
    judge(one, { ...scene, ...there }, { ...ran, ...more }).map(({ kind }) => kind)

  it('is silent where all is as it must', () => {
    expect(kinds({ wrote: ['temp/tenant-drift-x/json/a.json', 'files/output', 'tmp/x'] })).toEqual([])
  })

  it('sees a code, a program, a secret, a file elsewhere and a stranger, each as what it is', () => {
    expect(kinds({ code: 0 })).toEqual(['code'])
    expect(kinds({ code: null })).toEqual(['code'])
    expect(kinds({}, { ran: () => ['x'] })).toEqual(['ran'])
    expect(kinds({ log: 'Aq3fGh7JkL' })).toEqual(['leaked'])
    expect(kinds({ posted: ['Aq3fGh7JkL'] })).toEqual(['leaked'])
    expect(kinds({ wrote: ['outside/x'] })).toEqual(['wrote'])
    expect(kinds({ wrote: ['work/tenant-drift.yaml'] })).toEqual(['wrote'])
    expect(kinds({}, { stranger: { heard: [{ method: 'GET', path: '/' }] } })).toEqual(['sent'])
  })
})

describe('the committed figures of the gate', () => {
  const results = readGateResults()
  if (results === null) throw new Error('evidence/gate/results.json is not there')

  it('are those of the page and of all cases, and nothing is wrong', () => {
    const page = readDocs('evidence.md')
    const runs = Object.values(results.groups).flatMap(({ attacks, controls }) => [
      ...Object.values(attacks),
      ...Object.values(controls),
    ])

    expect(withGateFigures(page, results, readGateSeen())).toBe(page)
    expect(results.wrong).toEqual({})
    expect(runs.reduce((sum, count) => sum + count, 0)).toBe(CASES.reduce((sum, { on }) => sum + on.length, 0))
  })

  it('show that the attacks of every kind came to something before', () => {
    const came = Object.entries(readGateSeen()?.groups ?? {}).filter(
      ([group, { green, ran, leaked, sent }]) => group !== 'controls' && green + ran + leaked + sent > 0,
    )

    expect(came.length).toBeGreaterThanOrEqual(8)
  })

  it('count as worse with one wrong run more, or one run less', () => {
    const { git } = results.groups
    if (git === undefined) throw new Error('a group has no figures')
    const fewer = { ...git, attacks: { ...git.attacks, action: git.attacks.action - 1 } }
    const now = (changed: Partial<GateResults>) => worseGate(results, { ...results, ...changed })

    expect(now({})).toEqual([])
    expect(now({ wrong: { ...results.wrong, '1 on action': ['ran'] } })).toEqual(['1 on action: ran'])
    expect(now({ groups: { ...results.groups, git: fewer } })).toHaveLength(1)
  })
})
