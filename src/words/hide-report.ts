import type { Finding } from '../schema/finding.ts'
import type { Report } from '../schema/report.ts'
import type { Hider } from './hide.ts'
import { mapEntries, mapItems } from './map-texts.ts'

/** Under these keys stand words of ours: a secret that is spelt like one is no secret, and a report without them is none. */
const OURS: ReadonlySet<string> = new Set([
  'generatedAt',
  'judged',
  'verdict',
  'gate',
  'failOn',
  'kind',
  'certainty',
  'through',
  'origin',
  'direction',
  'impact',
  'severity',
  'seen',
  'code',
  'state',
  'binding',
  'byKind',
  'byOrigin',
  'bySeverity',
  'why',
  'what',
  'because',
])

/** Whether a key of a report or a plan holds words of ours alone. */
export function isOurWord(key: string): boolean {
  return OURS.has(key)
}

/** Under these stand values of somebody's APIs, with whatever keys. */
const THEIRS: ReadonlySet<string> = new Set(['declared', 'base', 'live'])

/** A report without the secrets that somebody else's words in it hold; the same report where there are none. */
export function hideReport(report: Report, hider: Hider): Report {
  // The name of this tool is ours; what another one calls itself (`changedBy.tool`) is not.
  const { tool } = report
  const hidden = hideUnder('', report, hider) as Report
  return hidden === report ? report : { ...hidden, tool }
}

/** The same of one finding. */
export function hideFinding<T extends Finding>(finding: T, hider: Hider): T {
  return hideUnder('', finding, hider) as T
}

function hideUnder(key: string, value: unknown, hider: Hider): unknown {
  if (isOurWord(key)) return value
  if (THEIRS.has(key)) return hider.hideJson(value)
  if (typeof value === 'string') return hider.hide(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return mapItems(value, (item) => hideUnder(key, item, hider))
  return mapEntries(
    value,
    (name) => name,
    (name, member) => hideUnder(name, member, hider),
  )
}
