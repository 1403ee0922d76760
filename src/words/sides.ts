import type { ReportFinding } from '../schema/report.ts'
import { showValue } from './show-value.ts'

/** Whether a difference is one to the record, for nobody declares the setting. */
export function isOfWatch({ kind }: Pick<ReportFinding, 'kind'>): boolean {
  return kind === 'undeclared' || kind === 'unknown-field'
}

/**
 * The sides of a finding that a reader sees, each with its label, in the order in which they are read: what should stand there, what did, what does. A value
 * is shown in at most `most` characters. None of a whole API, which is no value, and of what could not be read: the message says what there is to say.
 */
export function shownSides(
  finding: ReportFinding,
  most?: number,
): readonly (readonly ['recorded' | 'before' | 'declared' | 'live', string])[] {
  const { kind, path } = finding
  if (path === '' || kind === 'unreadable') return []
  const shown = (side: 'declared' | 'base' | 'live') => showValue(finding[side], path, most)
  const [declared, base, live] = [shown('declared'), shown('base'), shown('live') ?? '(not set)']
  const now = declared ?? '(not declared)'
  if (kind === 'weaker-declaration')
    return [
      ['before', base ?? '(not declared)'],
      ['declared', now],
    ]
  if (isOfWatch(finding))
    return base === null
      ? [['live', live]]
      : [
          ['recorded', base],
          ['live', live],
        ]
  const before = base === null || base === declared ? [] : [['before', base] as const]
  return [...before, ['declared', now], ['live', live]]
}
