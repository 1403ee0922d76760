import { configKeys } from '../schema/config-keys.ts'
import { ERROR_ADVICE } from '../schema/error-advice.ts'
import { ERROR_CODES, type ErrorCode } from '../schema/errors.ts'
import { EXIT_CODES, HISTORY_WORDS, meaningIn, REPORT_WORDS, WORDS } from '../schema/glossary.ts'
import { NOT_KNOWN } from '../schema/not-known.ts'
import { OUTPUT_FORMATS, PLAN_FORMATS } from '../schema/output-formats.ts'
import { settingNames, settingPlaces, settingSentence } from '../schema/setting-words.ts'
import { ALL_SETTINGS, settingOf } from '../schema/settings.ts'
import { OTHER_VARIABLES } from '../schema/variables.ts'
import { AFFECTED_WORDS } from '../words/affected.ts'

/** One thing that a word names: a title, and what there is to say. */
export interface Explained {
  readonly title: string
  readonly lines: readonly string[]
}

/** What a word means that stands in no catalogue of its own: words of reports and of the house, codes, settings, variables, keys, formats. */
export function explainWord(name: string): readonly Explained[] {
  const setting = ALL_SETTINGS.find((each) => settingNames(each).includes(name))
  const isSetByKey = setting !== undefined && settingOf(setting).file !== null
  const found: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['word of a report', [meaningIn(REPORT_WORDS, name)]],
    ['word of the history', [meaningIn(HISTORY_WORDS, name)]],
    ['word', [meaningIn(WORDS, name)]],
    ['error code', codeLines(name)],
    ['whom a difference hits', [ownMeaning(AFFECTED_WORDS, name)]],
    ['why a source could not be read', notKnownLines(name)],
    ['setting', setting === undefined ? [] : [settingSentence(settingOf(setting)), settingPlaces(setting)]],
    ['variable', [ownMeaning(OTHER_VARIABLES, name)]],
    // A setting that no key sets may share its name with a key (`notify`).
    ['key of tenant-drift.yaml', [isSetByKey ? null : keyLine(name)]],
    ['format of a report', [ownMeaning(OUTPUT_FORMATS, name)]],
    ['format of a plan', [ownMeaning(PLAN_FORMATS, name)]],
    ['exit code', [ownMeaning(EXIT_CODES, name)]],
  ]
  return found.flatMap(([what, lines]) => {
    const said = lines.flatMap((line) => (line === null ? [] : [asSentence(line)]))
    return said.length === 0 ? [] : [{ title: `${name} (${what})`, lines: said }]
  })
}

/** All of these words, for suggestions. */
export function knownWords(): readonly string[] {
  return [
    ...Object.keys({ ...REPORT_WORDS, ...HISTORY_WORDS, ...WORDS }).flatMap((words) => words.split(', ')),
    ...Object.keys(ERROR_CODES),
    ...Object.keys(NOT_KNOWN),
    ...Object.keys(AFFECTED_WORDS),
    ...ALL_SETTINGS.flatMap(settingNames),
    ...Object.keys(OTHER_VARIABLES),
    ...configKeys().map(({ key }) => key),
    ...Object.keys({ ...OUTPUT_FORMATS, ...PLAN_FORMATS }),
  ]
}

function codeLines(name: string): readonly string[] {
  const what = ownMeaning(ERROR_CODES, name)
  return what === null ? [] : [`The run could not tell: ${what}.`, ERROR_ADVICE[name as ErrorCode]]
}

function notKnownLines(name: string): readonly string[] {
  if (!Object.hasOwn(NOT_KNOWN, name)) return []
  const { words, advice } = NOT_KNOWN[name as keyof typeof NOT_KNOWN]
  return [words, advice]
}

function keyLine(name: string): string | null {
  return configKeys().find(({ key }) => key === name || key.endsWith(`.${name}`))?.sentence ?? null
}

function ownMeaning(table: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null
}

/** As a page has it, without its links: they lead nowhere from a terminal. */
function asSentence(text: string): string {
  const bare = text.replaceAll(/ ?\(\[[^\]]*\]\([^)]*\)\)/g, '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
  const whole = bare.slice(0, 1).toUpperCase() + bare.slice(1)
  return /[.?!)"]$/.test(whole) ? whole : `${whole}.`
}
