import type { PhrasingContent, RootContent } from 'mdast'
import { timeOf } from '../schema/clock.ts'
import { DAY_MS } from '../schema/duration.ts'
import { ENDINGS, type Ending } from '../schema/episode.ts'
import { ENDING_WORDS } from '../words/episode.ts'
import { consequence } from '../words/consequences.ts'
import { longDate, shortDate } from '../words/dates.ts'
import { ERROR_CODES } from '../schema/errors.ts'
import type { Severity } from '../schema/finding.ts'
import { parsePath } from '../schema/path.ts'
import { plural } from '../words/plural.ts'
import { rowAt } from '../schema/row-at.ts'
import { affectedDetails } from '../words/affected-nodes.ts'
import { code, link, paragraph, strong, table, words } from '../words/markdown-nodes.ts'
import { markdownText } from '../words/markdown-text.ts'
import { severitiesText } from '../words/severities.ts'
import { safeLink, showName } from '../words/show.ts'
import { whoNodesOf } from '../words/who-nodes.ts'
import { returnWords, sidesOf } from './item.ts'
import { memoryLine, type IssueMemory } from './issue-memory.ts'
import type { OpenDifference, IssueNews, IssueStanding } from './issue-state.ts'

export type IssueDetails = 'full' | 'counts'

const MOST_ROWS = 40
const MOST_APIS = 3
const MOST_IN_A_COMMENT = 10
const MOST_BYTES = 60_000

/** The exact first line by which an issue is found. A key cannot end the comment that it stands in. */
export function markerOf(key: string): string {
  return `<!-- tenant-drift issue v1 ${key.replaceAll(/[^\w.:/ -]/g, '_').replaceAll('--', '- ')} -->`
}

/** Neither a number nor a value: it is read in lists and mails, and never changes. */
export function titleOf({ tenant }: Pick<IssueStanding, 'tenant'>, details: IssueDetails): string {
  return details === 'counts'
    ? 'Auth0 differs from the code'
    : `${showName(tenant).slice(0, 100)} differs from the code`
}

/** The whole body. It says dates and never ages, so that it changes when what it says does. */
export function bodyWithMemory(standing: IssueStanding, memory: IssueMemory, details: IssueDetails): string {
  const marker = markerOf(standing.key)
  const last = memoryLine(memory)
  for (let rows = MOST_ROWS; ; rows = Math.floor(rows / 2)) {
    const text = issueBody(standing, details, rows)
    const body = `${marker}\n${text}\n${last}`
    if (rows === 0 || Buffer.byteLength(body) <= MOST_BYTES) return body
  }
}

/** What a body says, without what every run would change: equal ones are no reason to write. */
export function comparableBody(body: string): string {
  return (
    body
      .replaceAll('\r\n', '\n')
      .split('\n')
      // A row of the table holds texts of the tenant, which may say anything.
      .map((line) => (line.startsWith('|') ? line : line.replace(/ As of [^(\n]*(\(\[run\]\([^)\n]*\)\))?\./, '')))
      .join('\n')
      .trim()
  )
}

function issueBody(standing: IssueStanding, details: IssueDetails, rows: number): string {
  const nodes: RootContent[] = []
  if (standing.dark !== null) nodes.push(darkNode(standing))
  if (standing.dark === null || standing.differences.length > 0) nodes.push(...headNodes(standing, details, rows))
  return markdownText(nodes).trim()
}

function darkNode({ dark, isLast, differences }: IssueStanding): RootContent {
  const since = dark === null ? '' : `since ${longDate(timeOf(dark.since))}`
  const why = dark === null ? '' : ` (${dark.code}: ${ERROR_CODES[dark.code]})`
  const rest = differences.length > 0 && isLast ? ' What follows is from the last complete check.' : ''
  return { type: 'blockquote', children: [paragraph(strong(`Could not be judged ${since}`), words(`${why}.${rest}`))] }
}

function headNodes(standing: IssueStanding, details: IssueDetails, rows: number): readonly RootContent[] {
  const { differences, tenant } = standing
  const asOf = [words(` As of ${longDate(timeOf(standing.at))}`), ...runNodes(standing.link), words('.')]
  if (details === 'counts') return [publicNode(differences, asOf)]
  if (differences.length === 0) return [paragraph(code(tenant), strong(' is in sync with the code.'), ...asOf)]
  const apis = new Set(differences.map(({ finding }) => finding.identifier)).size
  const where = apis > 1 ? ` on ${plural(apis, 'API')}` : ''
  return [
    paragraph(
      code(tenant),
      strong(` differs from the code in ${plural(differences.length, 'place')}${where}: ${countsOf(differences)}.`),
      ...asOf,
      words(' Checks that find the same do not edit this text.'),
    ),
    ...tableNodes(differences, rows),
    paragraph(
      words('Put the tenant back ('),
      code('tenant-drift repair'),
      words('), take the live values into the code ('),
      code('tenant-drift adopt'),
      words('), or accept them for a while ('),
      code('tenant-drift accept'),
      words('). This issue closes itself once a complete check finds nothing. Closing it by hand hides nothing.'),
    ),
  ]
}

/** For everybody to read: numbers, severities and dates. */
function publicNode(differences: readonly OpenDifference[], asOf: readonly PhrasingContent[]): RootContent {
  if (differences.length === 0) return paragraph(strong('In sync with the code.'), ...asOf)
  const oldest = Math.min(...differences.map(({ since }) => since))
  return paragraph(
    strong(`Auth0 differs from the code: ${countsOf(differences)}, the oldest since ${shortDate(timeOf(oldest))}.`),
    ...asOf,
    words(' Everybody can read this repository, so this issue says no more.'),
  )
}

function tableNodes(differences: readonly OpenDifference[], most: number): readonly RootContent[] {
  const groups = grouped(differences)
  const shown = groups.slice(0, most)
  const rest = groups.slice(most).reduce((sum, group) => sum + group.length, 0)
  // The column is there where somebody asked.
  const hasWho = shown.some((group) => group.some(({ finding }) => finding.changedBy !== undefined))
  const head = ['severity', 'API', 'setting', 'declared', 'live', 'since', ...(hasWho ? ['who'] : [])]
  const rows = shown.map((group) => [...issueRow(group), ...(hasWho ? [whoCell(group)] : [])])
  return [
    ...(shown.length === 0 ? [] : [table(head, rows)]),
    ...shown.flatMap((group, index) =>
      affectedDetails(
        index,
        group.map(({ finding }) => finding),
      ),
    ),
    ...(rest === 0 ? [] : [paragraph(words(`${rest} more ${rest === 1 ? 'is' : 'are'} in the report of the run.`))]),
  ]
}

function whoCell(group: readonly OpenDifference[]): PhrasingContent[] {
  const nodes = whoNodesOf(
    group.map(({ finding }) => finding),
    { persons: false },
  )
  return nodes.length === 0 ? [words('-')] : nodes
}

/** The same change on many APIs is one row. */
function grouped(differences: readonly OpenDifference[]): readonly (readonly OpenDifference[])[] {
  const groups = new Map<string, OpenDifference[]>()
  for (const each of differences) {
    const { severity, path, kind, declared, live } = each.finding
    const isWhole = path === ''
    const key = JSON.stringify(
      isWhole
        ? [each.finding.fingerprint]
        : [severity, path, kind, declared ?? '(none)', live ?? '(none)', shortDate(timeOf(each.since)), each.returns],
    )
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()]
}

function issueRow(group: readonly OpenDifference[]): PhrasingContent[][] {
  const [first] = group
  if (first === undefined) return []
  const { finding, since, returns } = first
  const sides = sidesOf(finding, 100)
  const side = (text: string | null, none: string): PhrasingContent[] => [text === null ? words(none) : code(text)]
  const isWhole = finding.path === ''
  return [
    [words(finding.severity)],
    apisOf(group),
    [isWhole ? words('the whole API') : code(showName(finding.path))],
    isWhole
      ? [words(finding.declared === undefined ? 'not declared' : 'declared')]
      : side(sides.declared, 'not declared'),
    isWhole ? [words(finding.live === undefined ? 'not there' : 'there')] : side(sides.live, 'not set'),
    [
      words(
        `${shortDate(timeOf(since))}${returns === 0 ? '' : `, came back ${returns === 1 ? 'once' : returns === 2 ? 'twice' : `${returns} times`}`}`,
      ),
    ],
  ]
}

function apisOf(group: readonly OpenDifference[]): PhrasingContent[] {
  const names = group.map(({ finding }) =>
    finding.identifier === null ? words('the tenant') : code(showName(finding.identifier)),
  )
  if (names.length === 1) return names
  const shown = names.slice(0, MOST_APIS).flatMap((name, index) => (index === 0 ? [name] : [words(', '), name]))
  const rest = names.length - MOST_APIS
  return [words(`${names.length} APIs: `), ...shown, ...(rest > 0 ? [words(` and ${rest} more`)] : [])]
}

/** What is worth a mail, as one comment; null where nothing is. */
export function newsComment(
  news: IssueNews,
  standing: IssueStanding,
  { details, atLeast }: { readonly details: IssueDetails; readonly atLeast: (severity: Severity) => boolean },
): string | null {
  const told = (differences: readonly OpenDifference[]) =>
    differences.filter(({ finding }) => atLeast(finding.severity))
  const lines = [
    ...told(news.opened).map((each) => ['New', each] as const),
    ...told(news.graver).map((each) => ['More severe, now', each] as const),
    ...told(news.reopened).map((each) => [returnWords(each.returns + 1), each] as const),
  ]
  const nodes: RootContent[] = []
  if (news.wentDark && standing.dark !== null)
    nodes.push(
      paragraph(
        strong('Could not be judged'),
        words(
          ` since ${longDate(timeOf(standing.dark.since))} (${standing.dark.code}: ${ERROR_CODES[standing.dark.code]}). Open differences stay open.`,
        ),
      ),
    )
  if (news.isBack && standing.differences.length > 0)
    nodes.push(
      paragraph(
        strong('Judged again.'),
        words(` The check of ${longDate(timeOf(standing.at))} could read the tenant.`),
      ),
    )
  if (details === 'counts' && lines.length > 0)
    nodes.push(
      paragraph(
        strong(`${plural(lines.length, 'new difference')}: ${countsOf(lines.map(([, each]) => each))}.`),
        words(` Seen ${longDate(timeOf(standing.at))}`),
        ...runNodes(standing.link),
        words('.'),
      ),
    )
  if (details === 'full') {
    nodes.push(...lines.slice(0, MOST_IN_A_COMMENT).map(([what, each]) => newsLine(what, each, standing)))
    const rest = lines.length - MOST_IN_A_COMMENT
    if (rest > 0)
      nodes.push(paragraph(words(`${rest} more are in the text of this issue or in the report of the run.`)))
  }
  return nodes.length === 0 ? null : markdownText(nodes).trim()
}

function newsLine(what: string, { finding }: OpenDifference, standing: IssueStanding): RootContent {
  const sides = sidesOf(finding, 100)
  const api = finding.identifier === null ? words('the tenant') : code(showName(finding.identifier))
  const sentence: PhrasingContent[] =
    finding.path === ''
      ? [
          words(' '),
          api,
          words(finding.live === undefined ? ' is gone from the tenant' : ' is in the tenant and declared nowhere'),
        ]
      : [
          words(' '),
          code(showName(finding.path)),
          words(' of '),
          api,
          words(' is '),
          sides.live === null ? words('not set') : code(sides.live),
          ...(sides.declared === null
            ? [words(', declared nowhere')]
            : [words(', declared is '), code(sides.declared)]),
        ]
  const why = finding.path === '' ? '' : consequence(rowAt(parsePath(finding.path) ?? [finding.path]), finding)
  return paragraph(
    strong(`${what}${what.endsWith(' now') ? '' : ','} ${finding.severity}:`),
    ...sentence,
    words(`.${why === '' ? '' : ` ${why}`} Seen ${longDate(timeOf(standing.at))}`),
    ...runNodes(standing.link),
    words('.'),
  )
}

/** Why it closes. */
export function closingComment(news: IssueNews, standing: IssueStanding): string {
  const endings = endingWords(standing.endings, news.ended)
  const days = Math.floor(news.longest / DAY_MS)
  const longest = days < 1 ? '' : ` The longest lasted ${plural(days, 'day')}.`
  const read = standing.apis === null ? 'found nothing' : `read all ${plural(standing.apis, 'API')}`
  return markdownText([
    paragraph(
      strong('In sync again.'),
      words(` The check of ${longDate(timeOf(standing.at))} ${read}.`),
      ...(news.ended === 0 ? [] : [words(` ${plural(news.ended, 'difference')} ended${endings}.${longest}`)]),
      ...runNodes(standing.link),
    ),
  ]).trim()
}

function endingWords(endings: readonly Ending[], ended: number): string {
  if (endings.length === 0 || endings.length !== ended) return ''
  const parts = ENDINGS.flatMap((how) => {
    const count = endings.filter((each) => each === how).length
    return count === 0 ? [] : [`${count} ${count === 1 ? 'was' : 'were'} ${ENDING_WORDS[how]}`]
  })
  return `: ${parts.join(', ')}`
}

/** Why it is open again. */
export function againComment(standing: IssueStanding): string {
  const what =
    standing.dark === null
      ? `${plural(standing.differences.length, 'difference')} ${standing.differences.length === 1 ? 'was' : 'were'} open`
      : 'the tenant could not be judged'
  return markdownText([
    paragraph(
      strong('Opened again:'),
      words(` it was closed while ${what}. Accept the differences with `),
      code('tenant-drift accept'),
      words(', and the issue stays closed.'),
    ),
  ]).trim()
}

function countsOf(differences: readonly OpenDifference[]): string {
  return severitiesText(differences.map(({ finding }) => finding.severity))
}

function runNodes(address: string | null): readonly PhrasingContent[] {
  const safe = safeLink(address ?? undefined)
  return safe === null ? [] : [words(' ('), link(safe, 'run'), words(')')]
}
