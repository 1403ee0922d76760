import type { Results } from './results.ts'
import { readDocs, table, withSection, writeDocs } from './section.ts'
import { MISTAKES, type Mistake } from './tally.ts'

const PAGE = 'evidence.md'

const WORDS: Readonly<Record<Mistake, string>> = {
  missed: 'missed',
  falseAlarms: 'false alarms',
  wrongPath: 'wrong path',
  wrongDirection: 'wrong direction',
  wrongOrigin: 'wrong origin',
  wrongCounts: 'wrong count',
}

/** The page with these figures between its markers. */
export function withFigures(page: string, results: Results): string {
  return withSection(page, 'evidence:detection', figures(results))
}

export function readPage(): string {
  return readDocs(PAGE)
}

export function writePage(results: Results): void {
  writeDocs(PAGE, withFigures(readPage(), results))
}

function figures(results: Results): string {
  const { runners, tenants, deployCli, groups, versions, skipped, sources } = results
  const head = ['run', 'cases', 'findings due', ...MISTAKES.map((mistake) => WORDS[mistake])]
  return [
    table(
      head,
      Object.entries(runners).map(([name, { cases, findings, mistakes }]) => [
        name,
        cases,
        findings,
        ...MISTAKES.map((mistake) => mistakes[mistake]),
      ]),
    ),
    '',
    `Whole tenants through \`check\`, one by one: ${tenants.cases} cases, ${tenants.wrong} wrong.`,
    '',
    ...tenants.titles.map((title) => `- ${title}`),
    '',
    `Sources of other tools as declared, as base and as both, with every way of not knowing one setting, where the tenant has another value: ${sources.cases} cases, ${sources.wrong} clean or pending without proof.`,
    '',
    '### What the cases are',
    '',
    table(['group', 'cases'], Object.entries(groups)),
    '',
    ...skipped.flatMap((line) => [`Skipped: ${line}`, '']),
    '### The deploy CLI on the same cases',
    '',
    `It was told ${deployCli.cases} of them (${deployCli.notApplicable} more cannot be told to it), and ended with exit code ${deployCli.exitCode}.`,
    '',
    table(
      ['APIs with drift that it names', 'that it does not name', 'APIs as declared that it names all the same'],
      [[deployCli.found, deployCli.missed, deployCli.falseAlarms]],
    ),
    '',
    table(
      ['field or group', 'not named', 'named all the same'],
      [...new Set([...Object.keys(deployCli.missedByField), ...Object.keys(deployCli.falseAlarmsByField)])]
        .toSorted()
        .map((field) => [field, deployCli.missedByField[field] ?? 0, deployCli.falseAlarmsByField[field] ?? 0]),
    ),
    '',
    '### Versions',
    '',
    table(['what', 'version'], Object.entries(versions)),
  ].join('\n')
}
