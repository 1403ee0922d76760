import type { ReportFinding } from '../schema/report.ts'
import { plural } from './plural.ts'
import { whoSentence } from './who.ts'

/** `2026-11-28 10:00 UTC`. */
export function timeText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`
}

/** Since when it stands and how often it came back; nothing where no history was asked. */
export function ageTags({ since, returns = 0 }: Pick<ReportFinding, 'since' | 'returns'>): readonly string[] {
  if (since === undefined || since === null) return []
  return [`since ${timeText(since)}`, ...(returns === 0 ? [] : [`came back ${plural(returns, 'time')}`])]
}

/** The message of a finding, with its age and who changed it behind it, for formats that have one text. */
export function messageWithAge(finding: ReportFinding): string {
  const tags = ageTags(finding)
  const age = tags.length === 0 ? '' : ` Seen ${tags.join(', ')}.`
  // Others read these formats: no persons.
  return finding.message + age + whoSentence(finding, { persons: false })
}
