import { ENOUGH_DIGITS } from './group-findings.ts'
import { harmlessLine } from './harmless.ts'
import type { Report } from '../schema/report.ts'
import { showName } from './show.ts'
import { say, typed, type Step } from './step.ts'

/** When a report was judged, and from what, in a sentence or two: what is a name is code. Empty for reports that are older than that. */
export function judgedParts(report: Report): readonly Step[] {
  const { judged, judgedWith: by, proof } = report
  if (judged === undefined) return report.generatedAt === null ? [] : [say(`Judged ${judgedTime(report.generatedAt)}.`)]
  const parts: Step[] = []
  const add = (text: string, ...more: readonly Step[]) => parts.push(say(text), ...more)
  const at = `Judged ${judgedTime(judged.at)}`
  const taken = judged.takenAt === null ? '' : `, taken ${judgedTime(judged.takenAt)}`
  if (judged.from === 'snapshot') {
    const file = by?.live ?? null
    if (file === null) add(`${at}, from a snapshot${taken}.`)
    else add(`${at}, from the snapshot `, name(file), say(`${taken}.`))
  } else add(proof === null ? `${at}.` : `${at}, from the tenant.`)
  if (by === undefined) return parts
  if (by.base === null) add(' No base.')
  else {
    const { sources, commit } = by.base
    add(' Base: ', ...sources.flatMap((source, index) => [...(index === 0 ? [] : [say(', ')]), name(source)]))
    const short = commit?.slice(0, ENOUGH_DIGITS) ?? null
    add(
      short === null || sources.some((source) => source.startsWith(short))
        ? '.'
        : ` (commit ${harmlessLine(short, 20)}).`,
    )
  }
  if (by.recorded === null) add(' No record.')
  else {
    const { file, takenAt } = by.recorded
    add(' Record: ', name(file), say(takenAt === null ? '.' : ` of ${judgedTime(takenAt)}.`))
  }
  return parts
}

/** The same as one line of plain text; empty for reports that are older than that. */
export function judgedText(report: Report): string {
  return judgedParts(report)
    .map(({ text }) => text)
    .join('')
}

/** `2026-11-24 12:00:00 UTC`. Readers of reports let no other time through. */
function judgedTime(time: string): string {
  if (!isTime(time)) return 'at an unknown time'
  return new Date(Date.parse(time))
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
}

/** Whether it may stand where a format wants a time. */
export function isTime(time: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(time) && !Number.isNaN(Date.parse(time))
}

function name(text: string): Step {
  return typed(showName(text))
}
