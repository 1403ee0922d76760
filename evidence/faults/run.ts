import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultCase } from './case.ts'
import { httpFaults } from './http-faults.ts'
import { FAULT_MISTAKES, judgeSaid, type FaultMistake, type Wrong } from './judge.ts'
import { lineFaults, lostLines } from './line-faults.ts'
import { oddWorlds } from './odd-worlds.ts'
import { closeStage, openLane, openStage, WIRES, type Lane } from './stage.ts'
import { SUBJECTS, type SubjectName } from './subjects.ts'

export interface FaultTally {
  /** Cases, each a run with a fault. */
  readonly cases: number
  /** What was said in them: a provider speaks several times. */
  readonly answers: number
  readonly mistakes: Readonly<Record<FaultMistake, number>>
  readonly lines: readonly string[]
}

/** They wait more than they compute; more would hold one another up. The pack has all policies called for all resources. */
const SIDE_BY_SIDE: Readonly<Record<SubjectName, number>> = { check: 10, provider: 10, 'live pack': 8 }

const APART_MS = 150

export function faultCases(): readonly FaultCase[] {
  return [...httpFaults(), ...lineFaults(), ...lostLines(), ...oddWorlds()]
}

/** A part of the cases, with some of each group. */
export function every(nth: number, cases: readonly FaultCase[]): readonly FaultCase[] {
  return [...Map.groupBy(cases, ({ group, wire }) => `${group} ${wire}`).values()].flatMap((members) =>
    members.filter((_, index) => index % nth === 0),
  )
}

export async function runFaults(cases: readonly FaultCase[], subject: SubjectName): Promise<FaultTally> {
  const wrong: Wrong[] = []
  // Where the machine was too busy for all at once, a case is looked at once more, alone, and that counts.
  const late: FaultCase[] = []
  let answers = 0
  const crash = (error: unknown) => void wrong.push({ mistake: 'crashes', line: `beside a case: ${textOf(error)}` })
  process.on('unhandledRejection', crash)
  process.on('uncaughtException', crash)
  const waiting = new Map(WIRES.map((wire) => [wire, cases.filter((one) => one.wire === wire)]))
  try {
    await warmUp(subject)
    await Promise.all(
      WIRES.flatMap((wire, first) =>
        Array.from({ length: SIDE_BY_SIDE[subject] / 2 }, async (_, index) => {
          await sleep((index * 2 + first) * APART_MS)
          const usual = await openLane(wire)
          for (let one = waiting.get(wire)?.shift(); one !== undefined; one = waiting.get(wire)?.shift()) {
            const lane = one.apis === undefined ? usual : await openLane(wire, one.apis)
            const judged = await runCase(one, lane, subject)
            answers += judged.answers
            if (judged.wrong.some(isLate)) late.push(one)
            else wrong.push(...judged.wrong)
            if (lane !== usual) await lane.tenant.close()
          }
          await usual.tenant.close()
        }),
      ),
    )
    for (const one of late) {
      const lane = await openLane(one.wire, one.apis)
      wrong.push(...(await runCase(one, lane, subject)).wrong)
      await lane.tenant.close()
    }
  } finally {
    process.off('unhandledRejection', crash)
    process.off('uncaughtException', crash)
  }
  const count = (mistake: FaultMistake) => wrong.filter((one) => one.mistake === mistake).length
  return {
    cases: cases.length,
    answers,
    mistakes: Object.fromEntries(FAULT_MISTAKES.map((mistake) => [mistake, count(mistake)])) as Record<
      FaultMistake,
      number
    >,
    lines: wrong.map(({ mistake, line }) => `${mistake}: ${subject}: ${line}`),
  }
}

/** What a machine reads from its disk at first is none of the deadline's business. */
async function warmUp(subject: SubjectName): Promise<void> {
  for (const wire of WIRES) {
    const lane = await openLane(wire)
    const stage = await openStage(lane, 'whole')
    await SUBJECTS[subject](stage)
    await closeStage(stage)
    await lane.tenant.close()
  }
}

function isLate({ mistake, line }: Wrong): boolean {
  return mistake === 'hangs' || (mistake === 'wrongCode' && line.includes('timed_out'))
}

async function runCase(one: FaultCase, lane: Lane, subject: SubjectName) {
  const stage = await openStage(lane, one.scene)
  try {
    await one.begin(stage)
    const said = await SUBJECTS[subject](stage)
    return { answers: said.length, wrong: said.flatMap((each) => judgeSaid(one, stage, each)) }
  } catch (error) {
    return { answers: 0, wrong: [{ mistake: 'crashes' as const, line: `${one.title}: ${textOf(error)}` }] }
  } finally {
    await closeStage(stage)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
