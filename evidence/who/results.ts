import { readCommitted, writeFigures } from '../committed.ts'
import { table, withSection } from '../section.ts'
import type { Attribution } from './measure.ts'

/** Figures of one full run, as they are committed. */
export interface WhoResults extends Omit<Attribution, 'lines'> {
  /** Share of the sent fields that had that value before. */
  readonly unchanged: number
  /** The same histories with events that come later. */
  readonly late: readonly LateEvents[]
}

/** `minutes`: how late an event may come. */
export interface LateEvents extends Pick<Attribution, 'certain' | 'certainWrong' | 'certainWrongFilled'> {
  readonly minutes: number
}

const FILE = 'who/results.json'
/** Of those whose changer and the event before it stand in the log. */
export const LEAST_KNOWN = 0.98

export function readWho(): WhoResults | null {
  return readCommitted<WhoResults>(FILE)
}

export function writeWho(results: WhoResults): void {
  writeFigures(FILE, results, withWhoFigures)
}

/** What may never be, and what is worse than it was. */
export function worseWho(before: WhoResults | null, now: WhoResults): readonly string[] {
  const share = ({ provable, provableKnown }: WhoResults): number => provableKnown / Math.max(1, provable)
  return [
    ...(now.certainWrong > 0 ? [`certain and wrong: ${now.certainWrong}`] : []),
    ...now.late
      .filter(({ certainWrongFilled }) => certainWrongFilled > 0)
      .map(({ minutes }) => `certain, wrong and not corrected, with events up to ${minutes} minutes late`),
    ...(share(now) < LEAST_KNOWN ? [`known of what the log can prove: ${percent(share(now))}`] : []),
    ...(before !== null && now.histories < before.histories
      ? [`${now.histories} histories, and there were ${before.histories}`]
      : []),
    ...(before !== null && share(now) < share(before)
      ? [`known of what the log can prove went from ${percent(share(before))} to ${percent(share(now))}`]
      : []),
  ]
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** The page with these figures between their markers. */
export function withWhoFigures(page: string, results: WhoResults): string {
  const { histories, asked, certain, certainWrong, likely, likelyWrong, notKnown, provable, provableKnown } = results
  const { naiveNamed, naiveWrong, readable, readableKnown, unchanged, reasons, late } = results
  const figures = [
    `${histories} histories, ${asked} differences asked about, each once for every check that saw it. Of all fields that were sent, ${percent(unchanged)} had that value before.`,
    '',
    table(
      ['said', 'differences', 'wrong'],
      [
        ['certain', certain, certainWrong],
        ['likely', likely, likelyWrong],
        ['not known', notKnown, '-'],
        ['the newest event whose body sends the field, for comparison', naiveNamed, naiveWrong],
      ],
    ),
    '',
    `Where the change and the event before it stand in the log: ${provableKnown} of ${provable} are known, ${percent(provableKnown / Math.max(1, provable))}. Left out are those since which the service added a setting by itself, of which there is no event: with them ${readableKnown} of ${readable}, ${percent(readableKnown / Math.max(1, readable))}.`,
    '',
    table(
      ['why not known', 'differences'],
      Object.entries(reasons)
        .filter(([reason]) => reason !== 'certain' && reason !== 'likely')
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
    '',
    'The same histories where events come later than what is called settled:',
    '',
    table(
      ['late by up to', 'certain', 'wrong while one is late', 'wrong when all are there'],
      late.map((each) => [
        `${each.minutes} min`,
        each.certain,
        each.certainWrong - each.certainWrongFilled,
        each.certainWrongFilled,
      ]),
    ),
  ].join('\n')
  return withSection(page, 'evidence:who', figures)
}
