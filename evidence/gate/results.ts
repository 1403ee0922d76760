import { readCommitted, writeCommitted, writeFigures } from '../committed.ts'
import { table, withSection, type Cell } from '../section.ts'
import { GROUPS, type GateCase, type GroupName } from './case.ts'
import type { Judged, Wrong } from './run.ts'
import { RUNNERS, type RunnerName } from './runners.ts'

type ByRunner = Readonly<Record<RunnerName, number>>

interface GroupFigures {
  readonly attacks: ByRunner
  readonly controls: ByRunner
}

/** What got through in a build from before: runs of attacks by what they did; one may have done several things. */
interface SeenFigures {
  readonly attacks: number
  readonly green: number
  readonly ran: number
  readonly leaked: number
  readonly sent: number
}

/** Figures of one full run, as they are committed. */
export interface GateResults {
  readonly groups: Readonly<Partial<Record<GroupName, GroupFigures>>>
  /** `ID on RUNNER` of each run that did not end as it must, with what was wrong. */
  readonly wrong: Readonly<Record<string, readonly Wrong[]>>
}

/** What got through the last build before the gate was mended, by the same cases: what shows that they can fail. */
export interface GateSeen {
  readonly groups: Readonly<Partial<Record<GroupName, SeenFigures>>>
  /** Attacks that ended green, ran something, said a secret or sent something to a stranger, on one runner or more. */
  readonly succeeded: readonly string[]
}

const FILE = 'gate/results.json'
const SEEN = 'gate/seen.json'

export function readGateResults(): GateResults | null {
  return readCommitted<GateResults>(FILE)
}

export function writeGateResults(results: GateResults): void {
  writeFigures(FILE, results, (page, figures) => withGateFigures(page, figures, readGateSeen()))
}

export function readGateSeen(): GateSeen | null {
  return readCommitted<GateSeen>(SEEN)
}

export function writeGateSeen(seen: GateSeen): void {
  writeCommitted(SEEN, seen)
}

export function gateResults(judged: readonly Judged[]): GateResults {
  const count = (runs: readonly Judged[]): ByRunner => ({
    action: runs.filter(({ runner }) => runner === 'action').length,
    command: runs.filter(({ runner }) => runner === 'command').length,
    gitlab: runs.filter(({ runner }) => runner === 'gitlab').length,
  })
  const groups = byGroup(judged, (runs) => ({
    attacks: count(runs.filter(({ one }) => one.isControl !== true)),
    controls: count(runs.filter(({ one }) => one.isControl === true)),
  }))
  const wrong = judged.flatMap(({ one, runner, wrong: lines }): readonly (readonly [string, readonly Wrong[]])[] =>
    lines.length === 0 ? [] : [[`${one.id} on ${runner}`, [...new Set(lines.map(({ kind }) => kind))]]],
  )
  return { groups, wrong: Object.fromEntries(wrong) }
}

/**
 * The figures of before with some runs made again: those that were wrong, and those of new cases. Nothing but a full run knows of the others.
 * @throws where it does not come to all runs
 */
export function againResults(before: GateResults, again: readonly Judged[], all: readonly GateCase[]): GateResults {
  const was = Object.values(before.groups).flatMap(({ attacks, controls }) =>
    RUNNERS.map((runner) => attacks[runner] + controls[runner]),
  )
  const isKnown = ({ one, runner }: Judged): boolean => Object.hasOwn(before.wrong, `${one.id} on ${runner}`)
  const runs = all.flatMap((one) =>
    one.on.map((runner): Judged => ({ one, runner, code: null, wrong: [], log: '', ms: 0 })),
  )
  const count = was.reduce((sum, each) => sum + each, 0) + again.filter((run) => !isKnown(run)).length
  if (count !== runs.length) throw new Error(`${count} runs of ${runs.length} are known: a full run is due`)
  const names = new Set(again.map(({ one, runner }) => `${one.id} on ${runner}`))
  const rest = Object.entries(before.wrong).filter(([name]) => !names.has(name))
  return { ...gateResults(runs), wrong: { ...Object.fromEntries(rest), ...gateResults(again).wrong } }
}

/** What a build lets through. */
export function seenIn(judged: readonly Judged[]): GateSeen {
  const attacks = judged.filter(({ one }) => one.isControl !== true)
  const groups = byGroup(attacks, (runs) => ({
    attacks: runs.length,
    green: runs.filter(isGreen).length,
    ran: runs.filter((run) => did(run, 'ran')).length,
    leaked: runs.filter((run) => did(run, 'leaked')).length,
    sent: runs.filter((run) => did(run, 'sent')).length,
  }))
  const succeeded = attacks.filter(
    (run) => isGreen(run) || (['ran', 'leaked', 'sent'] as const).some((kind) => did(run, kind)),
  )
  return { groups, succeeded: [...new Set(succeeded.map(({ one }) => one.id))] }
}

const isGreen = ({ one, code }: Judged): boolean => code === 0 && !one.expect.includes(0)
const did = ({ wrong }: Judged, kind: Wrong): boolean => wrong.some((each) => each.kind === kind)

function byGroup<T>(
  judged: readonly Judged[],
  figures: (runs: readonly Judged[]) => T,
): Readonly<Partial<Record<GroupName, T>>> {
  const found = (Object.keys(GROUPS) as GroupName[]).flatMap((group): readonly (readonly [GroupName, T])[] => {
    const runs = judged.filter(({ one }) => one.group === group)
    return runs.length === 0 ? [] : [[group, figures(runs)]]
  })
  return Object.fromEntries(found)
}

/** What is worse than it was: a run that was right, and fewer runs of a kind. */
export function worseGate(before: GateResults, now: GateResults): readonly string[] {
  const wrong = Object.entries(now.wrong).flatMap(([id, kinds]) =>
    Object.hasOwn(before.wrong, id) ? [] : [`${id}: ${kinds.join(', ')}`],
  )
  const fewer = Object.entries(before.groups).flatMap(([group, was]) =>
    (['attacks', 'controls'] as const).flatMap((kind) =>
      RUNNERS.flatMap((runner) => {
        const is = now.groups[group as GroupName]?.[kind][runner] ?? 0
        return is < was[kind][runner]
          ? [`${group}: ${is} ${kind} on ${runner}, and there were ${was[kind][runner]}`]
          : []
      }),
    ),
  )
  return [...wrong, ...fewer]
}

const HEADS: Readonly<Record<RunnerName, string>> = { action: 'action', command: 'command', gitlab: 'GitLab' }

/** The page with these figures between their markers. */
export function withGateFigures(page: string, { groups, wrong }: GateResults, seen: GateSeen | null): string {
  const ids = Object.keys(wrong)
  const rows = (Object.entries(groups) as [GroupName, GroupFigures][]).map(([group, { attacks, controls }]) => [
    GROUPS[group],
    ...RUNNERS.map((runner) => attacks[runner]),
    ...RUNNERS.map((runner) => controls[runner]),
  ])
  const sums = RUNNERS.flatMap(() => [0, 0]).map((_zero, column) =>
    rows.reduce((sum, row) => sum + Number(row[column + 1]), 0),
  )
  const figures = [
    table(
      [
        'kind',
        ...RUNNERS.map((runner) => `attacks, ${HEADS[runner]}`),
        ...RUNNERS.map((runner) => `controls, ${HEADS[runner]}`),
      ],
      [...rows, ['all', ...sums]],
    ),
    '',
    ids.length === 0
      ? 'Every one ended as it must.'
      : `Not as it must: ${ids.map((id) => `${id} (${(wrong[id] ?? []).join(', ')})`).join('; ')}.`,
    ...(seen === null ? [] : ['', ...seenFigures(seen)]),
  ]
  return withSection(page, 'evidence:gate', figures.join('\n'))
}

function seenFigures({ groups, succeeded }: GateSeen): readonly string[] {
  const rows = (Object.entries(groups) as [GroupName, SeenFigures][])
    .filter(([group]) => group !== 'controls')
    .map(([group, each]): readonly Cell[] => [
      GROUPS[group],
      each.attacks,
      each.green,
      each.ran,
      each.leaked,
      each.sent,
    ])
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0)
  return [
    `The same attacks on the last build before the gate was made like this: ${succeeded.length} of them came to something, on one of the three or more.`,
    '',
    table(
      ['kind', 'attacks run', 'ended green', 'ran a program', 'said a secret', 'sent something to a stranger'],
      [...rows, ['all', ...[1, 2, 3, 4, 5].map(sum)]],
    ),
  ]
}
