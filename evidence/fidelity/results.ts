import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection, type Cell } from '../section.ts'
import { CORRECTIONS } from './document.ts'
import type { ReplayResults } from './replayed.ts'
import type { ClientResults } from './step.ts'

/** Figures of one full run, as they are committed. */
export interface FidelityResults {
  readonly versions: Readonly<Record<string, string>>
  readonly replay: ReplayResults
  readonly clients: Readonly<Record<string, ClientResults>>
}

const FILE = 'fidelity/results.json'

export function readFidelity(): FidelityResults {
  return readCommitted<FidelityResults>(FILE) as FidelityResults
}

export function writeFidelity(results: FidelityResults): void {
  writeFigures(FILE, results, withFidelity)
}

/** The page with these figures between its markers. */
export function withFidelity(page: string, results: FidelityResults): string {
  return withSection(page, 'evidence:fidelity', figures(results))
}

/** What is worse than it was: more answers that differ, fewer that were compared, a client that is gone or that got what it should not. */
export function worseFidelity(before: FidelityResults, now: FidelityResults): readonly string[] {
  const operations = before.replay.operations.flatMap((was) => {
    const is = now.replay.operations.find(({ operation }) => operation === was.operation)
    if (is === undefined || is.compared < was.compared) return [`${was.operation}: fewer exchanges than before`]
    const isWorse =
      is.compared - is.sameStatus > was.compared - was.sameStatus || is.bodies - is.sameBody > was.bodies - was.sameBody
    return isWorse ? [`${was.operation}: more answers differ`] : []
  })
  const clients = Object.entries(before.clients).flatMap(([name, was]) => {
    const is = now.clients[name]
    if (is === undefined || is.calls < was.calls) return [`${name}: fewer calls than before`]
    return is.misses.length > was.misses.length ? [`${name}: ${is.misses.join('; ')}`] : []
  })
  const recorded = [before, now].map(({ replay }) => replay.recorded?.misses.length ?? 0) as [number, number]
  return [
    ...operations,
    ...clients,
    ...(recorded[1] > recorded[0] ? ['recorded answers: more against the document'] : []),
  ]
}

function figures({ replay, clients, versions }: FidelityResults): string {
  const { operations, reasons, recorded } = replay
  const sum = (of: (operation: (typeof operations)[number]) => number): number =>
    operations.reduce((total, operation) => total + of(operation), 0)
  const row = (name: string, of: (pick: (operation: (typeof operations)[number]) => number) => number): Cell[] => [
    name,
    of(({ compared }) => compared),
    of(({ sameStatus }) => sameStatus),
    of(({ bodies }) => bodies),
    of(({ sameBody }) => sameBody),
    of(({ firstSights }) => firstSights),
  ]
  const misses = Object.entries(clients).flatMap(([name, client]) => client.misses.map((line) => `- ${name}: ${line}`))
  return [
    table(
      ['recorded operation, status', 'answers compared', 'same status', 'bodies compared', 'same body', 'first sights'],
      [...operations.map((operation) => row(operation.operation, (of) => of(operation))), row('all', sum)],
    ),
    '',
    ...(Object.keys(reasons).length === 0 ? ['Nothing differs.'] : ['Why an answer differs:', '']),
    ...Object.entries(reasons).map(([reason, count]) => `- ${reason}: ${count}`),
    '',
    table(
      [
        'client, on the wire',
        'calls',
        'ended as they should',
        'answers',
        'by the document',
        'of endpoints it does not have',
      ],
      Object.entries(clients).map(([name, { calls, asExpected, answers, valid, outside }]) => [
        name,
        calls,
        asExpected,
        answers,
        valid ?? 'not judged',
        outside ?? 'not judged',
      ]),
    ),
    '',
    ...(misses.length === 0 ? ['Nothing went otherwise than it should.'] : ['What went otherwise:', '', ...misses]),
    '',
    ...(recorded === null
      ? []
      : [
          `The document is right where these corrections are made: ${recorded.valid} of ${recorded.answers} recorded answers of real tenants are as it then says.`,
          ...(recorded.misses.length === 0 ? [] : ['', ...recorded.misses.map((line) => `- ${line}`)]),
          '',
          table(['correction', 'because'], Object.entries(CORRECTIONS)),
          '',
        ]),
    table(['what', 'version'], Object.entries(versions)),
  ].join('\n')
}
