import type { Episode } from '../memory/types.ts'
import type { Ending } from '../schema/episode.ts'
import type { Affected } from '../schema/affected.ts'
import type { ErrorCode } from '../schema/errors.ts'
import { compareSeverity, type Severity } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { withoutPerson } from '../words/who.ts'
import type { IssueMemory, RememberedDifference } from './issue-memory.ts'

/** What of a finding an issue shows. */
const SHOWN = [
  'identifier',
  'path',
  'fingerprint',
  'severity',
  'kind',
  'declared',
  'live',
  'direction',
  'impact',
  'affected',
  'changedBy',
] as const

/** One difference as an issue shows it. */
export interface OpenDifference {
  readonly finding: Pick<ReportFinding, (typeof SHOWN)[number]>
  readonly since: number
  readonly first: number
  readonly returns: number
}

/** How a tenant stands, for its issue: plain JSON, so that it can wait in an outbox. */
export interface IssueStanding {
  /** How people call it, and what its issue is found by. */
  readonly tenant: string
  readonly key: string
  /** Epoch ms of the run. */
  readonly at: number
  readonly link: string | null
  /** The gravest first. */
  readonly differences: readonly OpenDifference[]
  /** Why the tenant could not be judged; null where it could. */
  readonly dark: { readonly code: ErrorCode; readonly since: number } | null
  /** True where all was looked at: only then does what is missing here mean that it ended. */
  readonly isComplete: boolean
  /** True where differences of the last complete check are still known, and only the tenant could not be read. */
  readonly isLast: boolean
  /** How many APIs were read; null where that is not known. */
  readonly apis: number | null
  /** How differences ended, as far as somebody remembers. */
  readonly endings: readonly Ending[]
}

/** What changed since the issue was last written. */
export interface IssueNews {
  readonly opened: readonly OpenDifference[]
  readonly reopened: readonly OpenDifference[]
  readonly graver: readonly OpenDifference[]
  readonly ended: number
  /** Of what ended: how long the longest stood, in ms. */
  readonly longest: number
  readonly wentDark: boolean
  readonly isBack: boolean
  /** As it is to be remembered when the issue is written. */
  readonly memory: IssueMemory
}

export function gravestDifferences(differences: readonly OpenDifference[]): readonly OpenDifference[] {
  const text = ({ finding }: OpenDifference): string =>
    JSON.stringify([finding.identifier ?? '', finding.path, finding.kind])
  return differences.toSorted(
    (a, b) => compareSeverity(b.finding.severity, a.finding.severity) || byCodeUnits(text(a), text(b)),
  )
}

export function differenceOf({
  finding,
  since,
  first,
  returns,
}: Pick<Episode, 'finding' | 'since' | 'first' | 'returns'>): OpenDifference {
  const shown = SHOWN.flatMap((key) => (finding[key] === undefined ? [] : [[key, finding[key]] as const]))
  const { affected, changedBy, ...rest } = Object.fromEntries(shown) as unknown as OpenDifference['finding']
  return {
    finding: {
      ...rest,
      ...(affected === undefined ? {} : { affected: firstOf(affected) }),
      // Never with a person: an issue mails whoever watches it.
      ...(changedBy === undefined ? {} : { changedBy: withoutPerson(changedBy) }),
    },
    since,
    first,
    returns,
  }
}

/** An issue names few applications, and what waits for it is stored. */
function firstOf(affected: Affected): Affected {
  return { ...affected, applications: affected.applications.slice(0, MOST_APPLICATIONS) }
}

const MOST_APPLICATIONS = 5

/** The same with the ages that the issue itself remembers: for whom nothing else does. */
export function agedBy(standing: IssueStanding, line: IssueMemory | null): IssueStanding {
  if (line === null) return standing
  const open = new Map(line.open.map((each) => [each.fingerprint, each]))
  const ended = new Map(line.ended.map((each) => [each.fingerprint, each]))
  const differences = standing.differences.map((difference): OpenDifference => {
    const known = open.get(difference.finding.fingerprint)
    if (known !== undefined) return { ...difference, since: known.since, first: known.first, returns: known.returns }
    const back = ended.get(difference.finding.fingerprint)
    if (back === undefined || standing.at - back.since > RECURRING_MS) return difference
    return { ...difference, first: back.first, returns: back.returns + 1 }
  })
  const dark = standing.dark === null ? null : { ...standing.dark, since: line.darkSince ?? standing.dark.since }
  return { ...standing, differences, dark }
}

/** How a tenant stands by one report alone. `now`: epoch ms. */
export function standingOfReport(report: Report, now: number, link: string | null): IssueStanding {
  const { findings, verdict, errors, summary, targeted } = report
  const counting = findings.filter(({ counts, kind }) => counts && kind !== 'unreadable')
  const whole = findings.find(({ kind, identifier }) => kind === 'unreadable' && identifier === null)
  const code = errors[0]?.code ?? whole?.code ?? null
  const differences = counting.map((finding) => differenceOf({ finding, since: now, first: now, returns: 0 }))
  const tenant = report.tenant ?? report.name ?? 'tenant'
  return {
    tenant,
    key: tenant,
    at: now,
    link,
    differences: gravestDifferences(differences),
    dark: verdict === 'incomplete' && code !== null ? { code, since: now } : null,
    isComplete: verdict !== 'incomplete' && !targeted,
    isLast: false,
    apis: verdict === 'incomplete' ? null : summary.live,
    endings: [],
  }
}

/** What comes back within it is the same difference again. */
const RECURRING_MS = 30 * 86_400_000

/** What the issue is to say that it did not say before, and what it remembers then. */
export function newsOf(standing: IssueStanding, before: IssueMemory): IssueNews {
  const open = new Map(before.open.map((each) => [each.fingerprint, each]))
  const now = new Set(standing.differences.map(({ finding }) => finding.fingerprint))
  const fresh = standing.differences.filter(({ finding }) => !open.has(finding.fingerprint))
  const notHere = before.open.filter(({ fingerprint }) => !now.has(fingerprint))
  const [over, unseen] = standing.isComplete ? [notHere, []] : [[], notHere]
  const graver = standing.differences.filter(({ finding }) => {
    const known = open.get(finding.fingerprint)
    return known !== undefined && compareSeverity(finding.severity, known.top) > 0
  })
  const isDark = standing.dark !== null
  return {
    opened: fresh.filter(({ returns }) => returns === 0),
    reopened: fresh.filter(({ returns }) => returns > 0),
    graver,
    ended: over.length,
    longest: Math.max(0, ...over.map(({ since }) => standing.at - since)),
    wentDark: isDark && before.darkSince === null,
    isBack: !isDark && before.darkSince !== null && standing.isComplete,
    memory: {
      open: [...standing.differences.map((each) => remembered(each, open.get(each.finding.fingerprint))), ...unseen],
      ended: [
        ...over.map((each) => ({ ...each, since: standing.at })),
        ...before.ended.filter(({ fingerprint }) => !now.has(fingerprint)),
      ],
      reopenedAt: before.reopenedAt,
      darkSince: standing.dark?.since ?? (standing.isComplete ? null : before.darkSince),
    },
  }
}

function remembered(
  { finding, since, first, returns }: OpenDifference,
  known: RememberedDifference | undefined,
): RememberedDifference {
  const top: Severity =
    known !== undefined && compareSeverity(known.top, finding.severity) > 0 ? known.top : finding.severity
  return { fingerprint: finding.fingerprint, first, since, returns, top, told: true }
}
