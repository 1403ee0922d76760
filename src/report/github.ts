import type { Report, ReportFinding } from '../schema/report.ts'
import { plural } from '../words/plural.ts'
import { messageWithAge } from '../words/age.ts'
import { arrange, partsOf } from '../words/arrange.ts'
import { groupLine, groupNotices, REASON_WORDS } from '../words/group-notices.ts'
import { judgedText } from '../words/judged.ts'
import { LEVELS } from './levels.ts'
import { repositoryPath } from './place.ts'
import { harmlessLine } from '../words/harmless.ts'
import { settingText } from '../words/told.ts'
import { errorTexts, tenantText, verdictText, verdictWords } from '../words/summary.ts'

/** GitHub shows ten annotations of a level for a step, and drops the others in silence. */
const MOST_OF_A_LEVEL = 10

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
  readonly file: string | null
  readonly line: number | null
}

/** Annotations as workflow commands: ten at most of each level; a tenth that stands for more says how many. */
export function renderGithub(given: Report): string {
  const report = arrange(given)
  const { weaker, counting, notices } = partsOf(report)
  const annotations: Annotation[] = [
    ...errorTexts(report).map(({ title, what, advice }) =>
      unplaced('error', `tenant-drift could not tell: ${title}`, `${what} ${advice}`),
    ),
    ...counting.map(annotationOf),
    ...weaker.map((finding) => ({ ...annotationOf(finding), level: 'warning' as const })),
    unplaced(
      'notice',
      `tenant-drift: ${verdictWords(report)}`,
      `${tenantText(report)}: ${verdictText(report)} ${judgedText(report)}`.trimEnd(),
    ),
    ...groupNotices(report, notices).map((group) => unplaced('notice', REASON_WORDS[group.reason], groupLine(group))),
  ]
  return (['error', 'warning', 'notice'] as const)
    .flatMap((level) => bounded(annotations.filter((annotation) => annotation.level === level)))
    .map((annotation) => `${commandOf(annotation)}\n`)
    .join('')
}

const ANNOTATION_LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const

function annotationOf(finding: ReportFinding): Annotation {
  const file = finding.file === null ? null : repositoryPath(finding.file)
  return {
    level: ANNOTATION_LEVELS[LEVELS[finding.severity]],
    title: `${finding.severity}: ${settingText(finding)}`,
    message: harmlessLine(`${messageWithAge(finding)} ${finding.help}`),
    file,
    line: file === null ? null : finding.line,
  }
}

function unplaced(level: Annotation['level'], title: string, message: string): Annotation {
  return { level, title, message, file: null, line: null }
}

function bounded(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations
  if (first === undefined || annotations.length <= MOST_OF_A_LEVEL) return annotations
  const shown = annotations.slice(0, MOST_OF_A_LEVEL - 1)
  const more = plural(annotations.length - shown.length, 'more finding')
  return [...shown, unplaced(first.level, `tenant-drift: ${more}`, `${more} of this level: see the whole report.`)]
}

function commandOf({ level, title, message, file, line }: Annotation): string {
  const properties = [
    ...(file === null ? [] : [`file=${property(harmlessLine(file))}`]),
    ...(line === null ? [] : [`line=${line}`]),
    `title=${property(title)}`,
  ]
  return `::${level} ${properties.join(',')}::${escapedData(message)}`
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
