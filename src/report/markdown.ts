import type { PhrasingContent, RootContent } from 'mdast'
import type { Report } from '../schema/report.ts'
import { plural } from '../words/plural.ts'
import { affectedDetails } from '../words/affected-nodes.ts'
import { arrange, partsOf } from '../words/arrange.ts'
import { groupFindings, shortFingerprint, type FindingGroup } from '../words/group-findings.ts'
import { byReason, groupNotices, type NoticeGroup } from '../words/group-notices.ts'
import { judgedParts } from '../words/judged.ts'
import { code, details, heading, link, list, paragraph, strong, table, words } from '../words/markdown-nodes.ts'
import { markdownText } from '../words/markdown-text.ts'
import { COMMENT_LIMIT } from './limits.ts'
import { type Cells, countingRow, noticeRow, weakerRow, what } from './markdown-rows.ts'
import type { RenderOptions } from './options.ts'
import { safeLink, showName } from '../words/show.ts'
import {
  countsText,
  errorTexts,
  nextSteps,
  notesOf,
  proofText,
  ruleTexts,
  verdictText,
  verdictWords,
} from '../words/summary.ts'
import type { Step } from '../words/step.ts'
import { type Listed, listed } from '../words/taken-over.ts'

/**
 * Markdown for a comment on a pull request or a step summary: GitHub's dialect. Where it is longer than `limit` bytes, the least grave rows are
 * left out, and it says how many and where the rest is.
 */
export function renderMarkdown(given: Report, options: RenderOptions = {}): string {
  const report = arrange(given)
  const { notices, weaker, counting } = partsOf(report)
  const { ignored, resolved } = report
  const contents: Contents = {
    weaker: groupFindings(weaker),
    counting: listed(counting),
    groups: groupNotices(report, notices),
    notices: notices.length,
    ignored,
    resolved,
  }
  const limit = options.limit ?? COMMENT_LIMIT
  const rows = rowsOf(contents)
  // Names of APIs give way before rows do.
  const whole = [MOST_LISTED, LEAST_LISTED].flatMap((names) => {
    const text = rows > MOST_ROWS_AT_ONCE ? null : document(report, contents, rows, options, names)
    return text !== null && fits(text, limit) ? [text] : []
  })
  if (whole[0] !== undefined) return whole[0]
  // Sections are cut at their ends, so fewer rows are never longer. From few to many: writing ten thousand only to cut them takes a second.
  let [least, most] = [0, 64]
  for (;;) {
    const text = document(report, contents, most, options)
    if (!fits(text, limit)) break
    if (most >= rows) return text
    ;[least, most] = [most, most * 2]
  }
  while (least + 1 < most) {
    const middle = Math.floor((least + most) / 2)
    if (fits(document(report, contents, middle, options), limit)) least = middle
    else most = middle
  }
  const cut = document(report, contents, least, options)
  return fits(cut, limit) ? cut : shortest(report, options)
}

interface Contents extends Pick<Report, 'ignored' | 'resolved'> {
  readonly weaker: readonly FindingGroup[]
  readonly counting: readonly Listed[]
  readonly groups: readonly NoticeGroup[]
  /** How many notices are in the groups. */
  readonly notices: number
}

/** Names that are listed of one entry, with their fingerprints; the rest is counted. */
const MOST_LISTED = 50
const LEAST_LISTED = 10
/** More rows than that hardly fit a comment, and take time to find it out. */
const MOST_ROWS_AT_ONCE = 1000

function rowsOf({ weaker, counting, groups, ignored, resolved }: Contents): number {
  return weaker.length + counting.length + groups.length + ignored.length + resolved.length
}

function fits(text: string, limit: number): boolean {
  return new TextEncoder().encode(text).length <= limit
}

/** At most `rows` rows of findings in all; the rest is counted. Where not one fits, what is said at the end is left out too. */
function document(report: Report, contents: Contents, rows: number, options: RenderOptions, names = 0): string {
  let left = rows
  const take = <Item>(items: readonly Item[]): readonly Item[] => {
    const taken = items.slice(0, left)
    left -= taken.length
    return taken
  }
  const [weaker, counting] = [take(contents.weaker), take(contents.counting)]
  const [groups, ignored, resolved] = [take(contents.groups), take(contents.ignored), take(contents.resolved)]
  const cut = rowsOf(contents) - (rows - left)
  return markdownText([
    ...markdownHead(report),
    ...(cut > 0 ? [cutNote(cut, options)] : []),
    ...section(
      'The declaration became less safe',
      weaker,
      ['API', 'setting', 'before', 'now', 'why it matters'],
      weakerRow,
    ),
    ...lists(report, weaker, names),
    ...section(
      'What counts',
      counting,
      ['severity', 'API', 'setting', 'declared', 'live', 'why it matters'],
      countingRow,
    ),
    ...lists(report, counting, names),
    ...(names === 0 ? [] : counting.flatMap((group, row) => affectedDetails(row, group.findings, names))),
    ...noticeSection(contents.notices, groups),
    ...ignoredSection(ignored),
    ...(resolved.length === 0
      ? []
      : details(plural(resolved.length, 'resolved finding'), [list(resolved.map((finding) => [...what(finding)]))])),
    ...(rows === 0 && cut > 0 ? [] : remarks(report)),
    ...(rows === 0 ? judgedNodes(report, null) : [...judgedNodes(report, proofText(report)), next(report)]),
  ])
}

function markdownHead(report: Report): readonly RootContent[] {
  const { name, tenant } = report
  const counts = countsText(report)
  return [
    {
      type: 'heading',
      depth: 2,
      children: [
        words(`${verdictWords(report)}: `),
        code(showName(tenant ?? name ?? 'no tenant')),
        ...(tenant === null || name === null ? [] : [words(' '), code(showName(name))]),
      ],
    },
    paragraph(strong(verdictText(report)), ...(counts.length === 0 ? [] : [words(` ${counts.join(' · ')}`)])),
    ...(report.errors.length === 0
      ? []
      : [
          list(
            errorTexts(report).map(({ title, what: why, advice }) => [
              strong(title),
              words(' '),
              code(why),
              words(' '),
              code(advice),
            ]),
          ),
        ]),
  ]
}

function cutNote(cut: number, { link: address }: RenderOptions): RootContent {
  const target = safeLink(address)
  const rest = `${plural(cut, 'row')} left out here, none more severe than those shown`
  if (target === null) return paragraph(strong(`${rest}: see the whole report (--output html or json).`))
  return paragraph(strong(`${rest}:`), words(' '), link(target, 'see the whole report'), words('.'))
}

/** Where not even the head fits. */
function shortest(report: Report, { link: address }: RenderOptions): string {
  const target = safeLink(address)
  return markdownText([
    paragraph(
      strong(`${verdictWords(report)}.`),
      words(' The report is too long to show here'),
      ...(target === null ? [words('.')] : [words(': '), link(target, 'the whole report'), words('.')]),
    ),
  ])
}

function section<Each>(
  title: string,
  groups: readonly Each[],
  columns: readonly string[],
  row: (group: Each) => Cells,
): readonly RootContent[] {
  return groups.length === 0 ? [] : [heading(title), table(columns, groups.map(row))]
}

/** Of each entry that stands for several APIs: their names, each with the fingerprint that `accept` and `explain` take. */
function lists(report: Report, groups: readonly Listed[], most: number): readonly RootContent[] {
  return groups.flatMap((group, index) => {
    const members = 'isTakenOver' in group ? [] : group.members
    if (members.length < 2 || most === 0) return []
    const items = members
      .slice(0, most)
      .map(({ identifier, fingerprint }): PhrasingContent[] => [
        code(showName(identifier)),
        words(' '),
        code(shortFingerprint(fingerprint, report)),
      ])
    const more = members.length - items.length
    const rest = more === 0 ? [] : [[words(`and ${plural(more, 'more API')}`)]]
    return details(`row ${index + 1}: its ${members.length} APIs, with fingerprints`, [list([...items, ...rest])])
  })
}

function noticeSection(count: number, groups: readonly NoticeGroup[]): readonly RootContent[] {
  if (groups.length === 0) return []
  const children = byReason(groups).flatMap((each): RootContent[] => [
    paragraph(strong(`${each.title}.`)),
    table(['setting', 'value', 'APIs'], each.groups.map(noticeRow)),
  ])
  return details(plural(count, 'notice'), children)
}

function ignoredSection(ignored: Report['ignored']): readonly RootContent[] {
  if (ignored.length === 0) return []
  const rows = ignored.map(({ finding, reason, owner, expires }) => [
    what(finding),
    [code(reason)],
    [code(owner)],
    [code(expires)],
  ])
  return details(`${ignored.length} ignored`, [table(['what', 'reason', 'owner', 'until'], rows)])
}

/** Rules and notes to look at, which stand for themselves where there is no finding. */
function remarks(report: Report): readonly RootContent[] {
  const [rules, notes] = [ruleTexts(report), notesOf(report)]
  return [
    ...(rules.length === 0 ? [] : [heading('Accept rules to look at'), list(rules.map((rule) => [code(rule)]))]),
    ...(notes.length === 0 ? [] : [list(notes.map((note) => [code(note)]))]),
  ]
}

function next(report: Report): RootContent {
  const steps = nextSteps(report).flatMap((step, index, all): PhrasingContent[] => {
    // A command ends its sentence where another one follows on the same line.
    const isEnd = step.isCode && index < all.length - 1 && !/[.!?]$/.test(step.text)
    return [words(' '), stepOf(step), ...(isEnd ? [words('.')] : [])]
  })
  return paragraph(strong('Next:'), ...steps)
}

/**
 * One paragraph, and so one line that begins with "Judged": templates/gitlab-ci.yml leaves its times and the requests of the run out where it compares
 * a note with the one before.
 */
function judgedNodes(report: Report, proof: string | null): readonly RootContent[] {
  const parts = [...judgedParts(report).map(stepOf), ...(proof === null ? [] : [words(` ${proof}`)])]
  return parts.length === 0 ? [] : [paragraph(...parts)]
}

function stepOf({ text, isCode }: Step): PhrasingContent {
  return isCode ? code(text) : words(text)
}
