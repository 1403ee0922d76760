import type { PhrasingContent } from 'mdast'
import type { ReportFinding } from '../schema/report.ts'
import { ageTags } from '../words/age.ts'
import type { FindingGroup } from '../words/group-findings.ts'
import type { NoticeGroup } from '../words/group-notices.ts'
import { FINDING_INFO } from '../words/kinds.ts'
import { plural } from '../words/plural.ts'
import { showName } from '../words/show.ts'
import { showValue } from '../words/show-value.ts'
import { stakeOf } from '../words/stakes.ts'
import { isOfWatch } from '../words/sides.ts'
import { type Listed, type TakenOver, takenOverStake, takenOverText } from '../words/taken-over.ts'
import { code, words } from '../words/markdown-nodes.ts'
import { whoNodesOf } from '../words/who-nodes.ts'

/** One row of a table: its cells. */
export type Cells = PhrasingContent[][]

const MOST_OF_A_CELL = 120

export function weakerRow(group: FindingGroup): Cells {
  const { first: finding } = group
  return [
    api(group),
    [setting(finding)],
    [side(finding, 'base')],
    [side(finding, 'declared')],
    [words(stakeOf(finding))],
  ]
}

export function countingRow(group: Listed): Cells {
  if ('isTakenOver' in group) return takenOverRow(group)
  const { first: finding } = group
  const tags = [
    ...(finding.origin === 'conflict' ? ['conflict'] : []),
    ...(finding.seen === null ? [] : [finding.seen]),
    ...ageTags(finding),
  ]
  const before: PhrasingContent[] =
    isOfWatch(finding) && finding.base !== undefined
      ? [words('recorded '), side(finding, 'base')]
      : [side(finding, 'declared')]
  return [
    [words([finding.severity, ...tags].join(', '))],
    api(group),
    [setting(finding)],
    finding.path === '' ? [words('-')] : before,
    finding.path === '' ? [words('-')] : [side(finding, 'live')],
    [words(stakeOf(finding)), ...whoNodes(group.findings)],
  ]
}

function api({ first, members }: FindingGroup): PhrasingContent[] {
  const { apis } = first
  if (members.length === 0) return [words(apis === undefined ? 'the tenant' : plural(apis, 'API'))]
  const names = members.map(({ identifier }) => code(showName(identifier)))
  if (names.length === 1 && apis === undefined) return names
  return [words(`${plural(names.length, 'API')}: `), ...firstOf(names)]
}

/** Who changed it, behind a sentence; without persons, for comments and summaries are read by others. */
function whoNodes(findings: readonly ReportFinding[]): PhrasingContent[] {
  const nodes = whoNodesOf(findings, { persons: false })
  return nodes.length === 0 ? [] : [words(' Changed by: '), ...nodes, words('.')]
}

/** The first names, and how many more there are. */
function firstOf(names: readonly PhrasingContent[]): PhrasingContent[] {
  const shown = names.slice(0, MOST_NAMES).map((name) => [name])
  const more = names.length - MOST_NAMES
  return [...joined(shown), ...(more > 0 ? [words(` and ${more} more`)] : [])]
}

function takenOverRow(group: TakenOver): Cells {
  const { first, findings } = group
  const paths = findings.flatMap((finding, index) => [...(index === 0 ? [] : [words(', ')]), setting(finding)])
  return [
    [words(first.severity)],
    [first.identifier === null ? words('the tenant') : code(showName(first.identifier))],
    paths,
    [words('recorded differently')],
    [words('as in the state')],
    [words(`${takenOverText(group)} ${takenOverStake(group)}`)],
  ]
}

function setting({ kind, path }: ReportFinding): PhrasingContent {
  return path === '' ? words(FINDING_INFO[kind].title) : code(showName(path))
}

function side(finding: ReportFinding, name: 'declared' | 'base' | 'live'): PhrasingContent {
  const value = showValue(finding[name], finding.path, MOST_OF_A_CELL)
  return value === null ? words('-') : code(value)
}

export function what({
  identifier,
  path,
}: {
  readonly identifier: string | null
  readonly path: string
}): PhrasingContent[] {
  const on = identifier === null ? words('the tenant') : code(showName(identifier))
  return path === '' ? [on] : [code(showName(path)), words(' of '), on]
}

const MOST_NAMES = 3

export function noticeRow(group: NoticeGroup): Cells {
  const values = group.values
    .slice(0, MOST_NAMES)
    .map(({ text, apis }): PhrasingContent[] => [
      code(text),
      ...(group.values.length > 1 ? [words(` on ${apis}`)] : []),
    ])
  const others = group.values.length - MOST_NAMES
  if (others > 0) values.push([words(plural(others, 'other value'))])
  const names = firstOf(group.identifiers.map(code))
  return [
    [group.setting === '' ? words(FINDING_INFO[group.kind].title) : code(group.setting)],
    values.length === 0 ? [words('-')] : joined(values),
    [words(`${plural(group.apis, 'API')}${names.length === 0 ? '' : ': '}`), ...names],
  ]
}

function joined(parts: readonly PhrasingContent[][]): PhrasingContent[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [words(', '), ...part]))
}
