import { compareSeverity, type FindingKind, type Severity } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import { NOT_KNOWN } from '../schema/not-known.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { plural } from './plural.ts'
import { showName } from './show.ts'
import { rowOf, valueOf } from './told.ts'

/** Why a finding is shown and does not count. */
export type NoticeReason = 'pending' | 'untouched' | 'ongoing' | 'not-compared' | 'unrecorded'

export const REASON_WORDS = {
  pending: 'Pending: the code changed it, and nobody has applied it yet',
  untouched: 'Already drifted: this change does not touch these APIs',
  ongoing: 'Ongoing: the previous report had it already',
  'not-compared': 'Declared, and not compared: nothing is claimed about it',
  unrecorded: 'Declared nowhere: shown, but no run fails because of it until it is recorded',
} as const satisfies Record<NoticeReason, string>

/** One setting that stands out on some APIs for one reason: a line in place of a wall. */
export interface NoticeGroup {
  readonly reason: NoticeReason
  readonly kind: FindingKind
  /** The setting, printable; with `*` where several items of a list are meant. Empty for whole APIs. */
  readonly setting: string
  readonly severity: Severity
  /** APIs it stands for. */
  readonly apis: number
  /** What stands there, printable, with the APIs that have it: the most frequent first. */
  readonly values: readonly { readonly text: string; readonly apis: number }[]
  /** Printable, in code units' order. */
  readonly identifiers: readonly string[]
}

/** Notices by reason, kind and setting. Pending first; within a reason the gravest and then the most frequent first. */
export function groupNotices(report: Report, notices: readonly ReportFinding[]): readonly NoticeGroup[] {
  const groups = new Map<string, ReportFinding[]>()
  for (const finding of notices) {
    const reason = reasonOf(report, finding)
    const key = JSON.stringify([reason, finding.kind, finding.origin === 'pending', patternOf(finding)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  return [...groups.values()]
    .map((group) => groupOf(report, group))
    .sort(
      (a, b) =>
        REASONS.indexOf(a.reason) - REASONS.indexOf(b.reason) ||
        compareSeverity(b.severity, a.severity) ||
        b.apis - a.apis ||
        byCodeUnits(a.kind, b.kind) ||
        byCodeUnits(a.setting, b.setting),
    )
}

/** Groups under the words of their reasons, each only where there are some. */
export function byReason(
  groups: readonly NoticeGroup[],
): readonly { readonly title: string; readonly groups: readonly NoticeGroup[] }[] {
  return REASONS.map((reason) => ({
    title: REASON_WORDS[reason],
    groups: groups.filter((group) => group.reason === reason),
  })).filter((each) => each.groups.length > 0)
}

const REASONS = Object.keys(REASON_WORDS) as readonly NoticeReason[]

/** Why it does not count. */
export function reasonOf(report: Report, finding: ReportFinding): NoticeReason {
  if (finding.origin === 'pending') return 'pending'
  if (finding.kind === 'not-compared') return 'not-compared'
  if (report.gate === 'touched' && finding.touched === false && finding.origin !== null) return 'untouched'
  return report.onlyNew && finding.seen === 'ongoing' ? 'ongoing' : 'unrecorded'
}

/** The setting, whatever item of a list it is in; its own path where the catalogue does not know it. */
function patternOf(finding: ReportFinding): string {
  if (finding.path === '') return ''
  return finding.kind === 'unknown-field' || finding.kind === 'not-compared'
    ? finding.path
    : (rowOf(finding)?.path ?? finding.path)
}

function groupOf(report: Report, group: readonly ReportFinding[]): NoticeGroup {
  const [first] = group as readonly [ReportFinding, ...ReportFinding[]]
  const isOnePath = group.every((finding) => finding.path === first.path)
  const values = new Map<string, number>()
  for (const finding of group) {
    const text = noticeValue(finding, reasonOf(report, first))
    if (text !== null) values.set(text, (values.get(text) ?? 0) + (finding.apis ?? 1))
  }
  const identifiers = group.flatMap(({ identifier, on = [] }) =>
    identifier === null ? on.map((bearer) => bearer.identifier) : [identifier],
  )
  const distinct = [...new Set(identifiers)].sort(byCodeUnits)
  const more = group.reduce(
    (sum, finding) => sum + (finding.identifier === null && finding.on === undefined ? (finding.apis ?? 0) : 0),
    0,
  )
  return {
    reason: reasonOf(report, first),
    kind: first.kind,
    setting: first.path === '' ? '' : showName(isOnePath ? first.path : patternOf(first)),
    severity: group.reduce(
      (worst, { severity }) => (compareSeverity(severity, worst) > 0 ? severity : worst),
      first.severity,
    ),
    apis: distinct.length + more,
    values: [...values]
      .map(([text, apis]) => ({ text, apis }))
      .sort((a, b) => b.apis - a.apis || byCodeUnits(a.text, b.text)),
    identifiers: distinct.map(showName),
  }
}

/** What applying the code will do to a pending one; of any other what stands there, and what should. */
function noticeValue(finding: ReportFinding, reason: NoticeReason): string | null {
  if (finding.path === '') return null
  if (finding.why !== undefined) return NOT_KNOWN[finding.why].words
  const live = valueOf(finding, 'live') ?? 'not set'
  if (finding.kind !== 'changed') return live
  const declared = valueOf(finding, 'declared') ?? 'nothing'
  return reason === 'pending' ? `${live} -> ${declared}` : `${live} (declared: ${declared})`
}

const MOST_VALUES = 3

/** `allow_offline_access = true on 75 APIs`: a group in one line, without its reason. What drifted and is grave says so. */
export function groupLine(group: NoticeGroup): string {
  const isDrift = group.reason === 'untouched' || group.reason === 'ongoing'
  const isGrave = isDrift && compareSeverity(group.severity, 'high') >= 0
  return `${isGrave ? `${group.severity}: ` : ''}${noticeSentence(group)}`
}

function noticeSentence(group: NoticeGroup): string {
  const { setting, values, apis } = group
  if (setting === '')
    return `${plural(apis, 'API')} ${WHOLE_API_WORDS[group.kind === 'missing' ? 'missing' : 'unmanaged'](group)}`
  const [first] = values
  const on = apis === 0 ? '' : ` on ${plural(apis, 'API')}`
  if (group.kind === 'not-compared') return `${setting}${on}: ${first?.text ?? 'no reason is known'}`
  if (values.length <= 1) return `${setting} ${isArrow(group) ? '' : '= '}${first?.text ?? 'not set'}${on}`
  const shown = values.slice(0, MOST_VALUES).map((value) => `${value.text} on ${value.apis}`)
  const rest = values.length > MOST_VALUES ? `, and ${plural(values.length - MOST_VALUES, 'other value')}` : ''
  return `${setting}: ${plural(values.length, 'value')}${on} (${shown.join(', ')}${rest})`
}

function isArrow(group: NoticeGroup): boolean {
  return group.kind === 'changed' && group.reason === 'pending'
}

const WHOLE_API_WORDS = {
  missing: ({ apis, reason }: NoticeGroup) =>
    `${apis === 1 ? 'is' : 'are'} ${reason === 'pending' ? 'new in the code' : 'declared and gone from the tenant'}`,
  unmanaged: ({ apis, reason }: NoticeGroup) =>
    `${apis === 1 ? 'is' : 'are'} in the tenant and ${reason === 'pending' ? 'taken out of the code' : 'declared nowhere'}`,
} as const
