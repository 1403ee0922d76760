import { FINDING_INFO } from '../words/kinds.ts'
import type { Report, ReportFinding } from '../schema/report.ts'
import { plural } from '../words/plural.ts'
import { ageTags } from '../words/age.ts'
import { isNamed, shortFingerprint, type FindingGroup, type Member } from '../words/group-findings.ts'
import { columnsOf, WIDTH, wrap } from './lines.ts'
import { SEVERITY_COLOURS, type Paint } from './paint.ts'
import { harmlessLine } from '../words/harmless.ts'
import { showAddress, showName, showPlace } from '../words/show.ts'
import { shownSides } from '../words/sides.ts'
import { affectedText, affectedTogether } from '../words/affected.ts'
import { messageOfEach } from '../words/finding.ts'
import { mendOf } from '../words/stakes.ts'
import { apiOf } from '../words/told.ts'
import { whoTexts } from '../words/who.ts'
import { type TakenOver, takenOverStake, takenOverText } from '../words/taken-over.ts'

/** One finding in a few lines: what and where, before and after aligned, what it means and how to mend it, where it is declared. */
export function textFinding(group: FindingGroup, report: Report, paint: Paint): readonly string[] {
  const { first: finding, members } = group
  // What is no value of one setting is told by the message, which names the API itself.
  const isSaid = finding.path === '' || finding.kind === 'unreadable'
  const many = members.length > 1 ? members.length : (finding.apis ?? null)
  const affected = affectedTogether(group.findings)
  const message = members.length > 1 ? messageOfEach(finding) : finding.message
  return [
    ...title(finding, paint),
    ...(isSaid ? [] : wrap(many === null ? apiOf(finding) : `on ${plural(many, 'API')}`, WIDTH, '  ')),
    ...sidesText(finding, paint),
    ...wrap(harmlessLine(isSaid ? `${message} ${finding.help}` : finding.help), WIDTH, '  '),
    ...whoLines(group.findings),
    ...(isNamed(group) ? memberLines(members, report, paint) : []),
    ...(affected === null ? [] : wrap(affectedText(affected), WIDTH, '  ')),
    // Of a finding about the tenant the one fingerprint is there beside those of its APIs.
    ...(members.length > 1 && finding.identifier !== null ? [] : place(finding, report)).map((line) =>
      paint('dim', line),
    ),
  ]
}

/** More names than that help nobody at a terminal. */
const MOST_MEMBERS = 50

/** One line for each API: its name, where it is declared, and the fingerprint of its own finding. */
function memberLines(members: readonly Member[], report: Report, paint: Paint): readonly string[] {
  const lines = members.slice(0, MOST_MEMBERS).flatMap(({ identifier, file, line, fingerprint }) => {
    const name = showName(identifier)
    const where = file === null ? '' : `  ${showPlace({ file, line })}`
    const rest = `${where}${report.tenant === null ? '' : `  ${showName(shortFingerprint(fingerprint, report))}`}`
    if (columnsOf(name) + columnsOf(rest) + 4 <= WIDTH) return [`  - ${name}${paint('dim', rest)}`]
    return [
      ...wrap(name, WIDTH, '  - '),
      ...(rest === '' ? [] : wrap(rest.trim(), WIDTH, '    ').map((each) => paint('dim', each))),
    ]
  })
  const more = members.length - MOST_MEMBERS
  return more <= 0
    ? lines
    : [...lines, `  - ... and ${plural(more, 'more API')}: --output json or html names all of them.`]
}

/** Settings of one API that were taken over: what, in one sentence, and what to do about all of them. */
export function textTakenOver(group: TakenOver, paint: Paint): readonly string[] {
  const { first, findings } = group
  const severity = first.severity.toUpperCase()
  const [head = '', ...rest] = wrap(`${plural(findings.length, 'setting')} of one API`, WIDTH, `${severity}  `, 10)
  return [
    paint(SEVERITY_COLOURS[first.severity], severity) + head.slice(severity.length),
    ...rest,
    ...wrap(harmlessLine(`${takenOverText(group)} ${takenOverStake(group)} ${mendOf(first)}`), WIDTH, '  '),
    ...findings
      .flatMap(({ fingerprint, path }) => wrap(`${showName(fingerprint)}  ${showName(path)}`, WIDTH, '  '))
      .map((line) => paint('dim', line)),
  ]
}

function title(finding: ReportFinding, paint: Paint): readonly string[] {
  const severity = finding.severity.toUpperCase()
  const tags = [
    ...(finding.origin === 'conflict' ? ['conflict'] : []),
    ...(finding.impact === 'breaks-clients' ? ['stops clients'] : []),
    ...(finding.seen === null ? [] : [finding.seen]),
    ...ageTags(finding),
  ]
  const what = finding.path === '' ? FINDING_INFO[finding.kind].title : showName(finding.path)
  const end = tags.length === 0 ? '' : `[${tags.join(', ')}]`
  const [first = '', ...rest] = wrap(`${what} ${end}`.trimEnd(), WIDTH, `${severity}  `, 10)
  return [paint(SEVERITY_COLOURS[finding.severity], severity) + first.slice(severity.length), ...rest]
}

/** The sides that stand there, one under the other. */
function sidesText(finding: ReportFinding, paint: Paint): readonly string[] {
  const formats = { recorded: 'green', before: 'dim', declared: 'green', live: 'red' } as const
  return shownSides(finding).flatMap(([label, value]) => {
    const first = `  ${label.padEnd(10)}`
    return wrap(value, WIDTH, first).map(
      (line) => line.slice(0, first.length) + paint(formats[label], line.slice(first.length)),
    )
  })
}

const WHO = '  changed by  '

/** Who changed it, with persons, where they were asked for. */
function whoLines(findings: readonly ReportFinding[]): readonly string[] {
  const texts = whoTexts(findings, { persons: true })
  return texts.flatMap((text, index) => wrap(harmlessLine(text), WIDTH, index === 0 ? WHO : ' '.repeat(WHO.length)))
}

function place({ file, line, address, fingerprint }: ReportFinding, report: Report): readonly string[] {
  const where = showPlace({ file, line })
  const name = report.tenant === null ? '' : showName(fingerprint)
  const source = address === undefined ? [] : wrap(showAddress(address), WIDTH, '  ')
  const both = [where, name].filter((part) => part !== '').join('  ')
  if (columnsOf(both) + 2 <= WIDTH) return both === '' ? source : [...source, `  ${both}`]
  return [...source, ...[where, name].flatMap((part) => (part === '' ? [] : wrap(part, WIDTH, '  ')))]
}
