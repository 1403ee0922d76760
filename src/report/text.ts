import type { Report, ReportFinding } from '../schema/report.ts'
import { plural } from '../words/plural.ts'
import { arrange, partsOf } from '../words/arrange.ts'
import { byReason, groupLine, groupNotices } from '../words/group-notices.ts'
import { judgedText } from '../words/judged.ts'
import { WIDTH, wrap } from './lines.ts'
import type { RenderOptions } from './options.ts'
import { painter, VERDICT_COLOURS, type Paint } from './paint.ts'
import { harmlessLine } from '../words/harmless.ts'
import { acceptedText } from '../words/rule.ts'
import { showName } from '../words/show.ts'
import {
  countsText,
  errorTexts,
  lastLine,
  nextSteps,
  notesOf,
  proofText,
  ruleTexts,
  tenantText,
  verdictText,
  verdictWords,
} from '../words/summary.ts'
import { listed } from '../words/taken-over.ts'
import { textFinding, textTakenOver } from './text-finding.ts'
import { apiOf } from '../words/told.ts'

/** More than a screenful of screens helps nobody; the other formats hold all of them. */
const MOST_FINDINGS = 100
const MOST_LINES = 25

/** For a terminal of 80 columns: the verdict, what the code weakens, the worst first, notices by setting, what to do next, and the verdict with its counts. */
export function renderText(given: Report, options: RenderOptions = {}): string {
  const report = arrange(given)
  const paint = painter(options.color === true)
  const { weaker, notices, ...parts } = partsOf(report)
  // That the tenant could not be read has been said above, with its reason.
  const isSaid = ({ kind, identifier }: ReportFinding) => kind === 'unreadable' && identifier === null
  const counting = report.errors.length === 0 ? parts.counting : parts.counting.filter((finding) => !isSaid(finding))
  const sections = [
    textHead(report, paint),
    textList(report, 'The declaration became less safe', weaker, paint),
    errors(report, paint),
    textList(report, counting.length === 0 ? '' : 'What counts', counting, paint),
    noticeLines(report, notices, paint),
    titled(`Ignored: ${report.ignored.length}`, ignoredLines(report), paint),
    titled(`Resolved: ${report.resolved.length}`, resolvedLines(report), paint),
    titled('Accept rules to look at', bounded(ruleTexts(report).map(bullet)), paint),
    textFoot(report, paint),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function textHead(report: Report, paint: Paint): readonly string[] {
  const verdict = verdictWords(report).toUpperCase()
  const lines = wrap(tenantText(report), WIDTH, `${verdict}  `, 2)
  const [first = '', ...rest] = lines
  const counts = countsText(report)
  return [
    paint(VERDICT_COLOURS[report.verdict], verdict) + first.slice(verdict.length),
    ...rest,
    ...wrap(verdictText(report), WIDTH),
    ...(counts.length === 0 ? [] : wrap(counts.join(' · '), WIDTH)),
  ]
}

function errors(report: Report, paint: Paint): readonly string[] {
  const texts = errorTexts(report)
  const blocks = texts.map(({ title, what, advice }) => [
    ...wrap(what, WIDTH, `- ${title}: `, 2),
    // The first one's advice is what to do next, and stands there.
    ...(advice === texts[0]?.advice ? [] : wrap(advice, WIDTH, '  ')),
  ])
  return titled('Why nothing is claimed', blocks.flat(), paint)
}

function textList(report: Report, title: string, findings: readonly ReportFinding[], paint: Paint): readonly string[] {
  if (findings.length === 0) return []
  const groups = listed(findings)
  const shown = groups
    .slice(0, MOST_FINDINGS)
    .map((each) => ('isTakenOver' in each ? textTakenOver(each, paint) : textFinding(each, report, paint)).join('\n'))
  const more = groups.slice(MOST_FINDINGS).reduce((sum, group) => sum + group.findings.length, 0)
  const rest = more === 0 ? [] : [`... and ${more} more, none more severe: --output json or html holds all of them.`]
  return [paint('bold', title), ...[...shown, ...rest].flatMap((block, index) => (index === 0 ? [block] : ['', block]))]
}

function noticeLines(report: Report, notices: readonly ReportFinding[], paint: Paint): readonly string[] {
  const lines: string[] = []
  for (const { title, groups: mine } of byReason(groupNotices(report, notices))) {
    if (lines.length > 0) lines.push('')
    lines.push(...wrap(title, WIDTH).map((line) => paint('bold', line)))
    const shown = mine.slice(0, MOST_LINES).flatMap((group) => {
      // Whom one speaks of is said where it is few.
      const names =
        group.identifiers.length > 0 && group.identifiers.length <= 2 ? `: ${group.identifiers.join(', ')}` : ''
      return wrap(`${groupLine(group)}${names}`, WIDTH, '  ', 4)
    })
    lines.push(...shown)
    if (mine.length > MOST_LINES) lines.push(`  ... and ${plural(mine.length - MOST_LINES, 'more setting')}`)
  }
  return lines
}

function ignoredLines(report: Report): readonly string[] {
  return bounded(report.ignored.map((each) => bullet(`${whatOf(each.finding)}: ${acceptedText(each)}`)))
}

function resolvedLines(report: Report): readonly string[] {
  return bounded(report.resolved.map((finding) => bullet(whatOf(finding))))
}

function whatOf(finding: Pick<ReportFinding, 'identifier' | 'path'>): string {
  return finding.path === '' ? apiOf(finding) : `${showName(finding.path)} of ${apiOf(finding)}`
}

function textFoot(report: Report, paint: Paint): readonly string[] {
  const [judged, proof] = [judgedText(report), proofText(report)]
  const notes = notesOf(report).map((note) => harmlessLine(note))
  const { verdict, rest: counts } = lastLine(report, WIDTH)
  return [
    ...notes.flatMap((note) => wrap(note, WIDTH, 'Note: ')),
    ...(judged === '' ? [] : wrap(judged, WIDTH)),
    ...(proof === null ? [] : wrap(proof, WIDTH)),
    ...nextSteps(report).flatMap(({ text }, index) => {
      const [first = '', ...rest] = wrap(text, WIDTH, index === 0 ? 'Next: ' : '  ')
      return [index === 0 ? first.replace('Next:', paint('bold', 'Next:')) : first, ...rest]
    }),
    paint(VERDICT_COLOURS[report.verdict], verdict) + counts,
  ]
}

function titled(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines]
}

function bullet(text: string): string {
  return wrap(text, WIDTH, '- ', 2).join('\n')
}

function bounded(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines
  return [...lines.slice(0, MOST_LINES), `- ... and ${lines.length - MOST_LINES} more`]
}
