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

/** How all words of ours are spelt, and times. No credential that a tenant or a service gives out is. */
const SPELT = /^(?:[a-z]+(?:[-_][a-z]+){0,4}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/
const LONGEST_WORD = 30

/** Whether a text under a key of a report or a plan is a word of ours. A report that somebody else wrote may hold anything there. */
export function isOurWord(key: string, value: string): boolean {
  return OURS.has(key) && value.length <= LONGEST_WORD && SPELT.test(value)
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
  if (typeof value === 'string' && !THEIRS.has(key)) return isOurWord(key, value) ? value : hider.hide(value)
  if (OURS.has(key)) return value
  if (THEIRS.has(key)) return hider.hideJson(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return mapItems(value, (item) => hideUnder(key, item, hider))
  return mapEntries(
    value,
    (name) => name,
    (name, member) => hideUnder(name, member, hider),
  )
}
