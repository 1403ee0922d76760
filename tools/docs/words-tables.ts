import { ERROR_ADVICE } from '../../src/schema/error-advice.ts'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import { HISTORY_WORDS, REPORT_WORDS, WORDS } from '../../src/schema/glossary.ts'
import { FINDING_INFO } from '../../src/words/kinds.ts'

/** A table of Markdown; bars inside cells are written out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A text of `--help` as Markdown: what stands outside of backticks is meant as it is. */
export const plain = (text: string): string =>
  text.replaceAll(/`[^`]*`|[*<_{]/g, (part) => (part.length > 1 ? part : `\\${part}`))

export const code = (text: string): string => `\`${text}\``

/** What `explain` says of the words of the house. */
export function wordsTable(): string {
  return table(['word', 'meaning'], Object.entries(WORDS))
}

export function reportWordsTable(): string {
  return writtenWords(REPORT_WORDS)
}

export function historyWordsTable(): string {
  return writtenWords(HISTORY_WORDS)
}

/** Words that stand in an output as they are. */
function writtenWords(words: Readonly<Record<string, string>>): string {
  const rows = Object.entries(words)
  return table(
    ['word', 'meaning'],
    rows.map(([names, meaning]) => [names.split(', ').map(code).join(', '), meaning]),
  )
}

export function kindsTable(): string {
  const rows = Object.entries(FINDING_INFO)
  return table(
    ['kind', 'meaning'],
    rows.map(([kind, { meaning }]) => [code(kind), meaning]),
  )
}

export function errorCodesTable(): string {
  const codes = Object.keys(ERROR_CODES) as readonly (keyof typeof ERROR_CODES)[]
  return table(
    ['code', 'what happened', 'what to do'],
    codes.map((each) => [code(each), ERROR_CODES[each], ERROR_ADVICE[each]]),
  )
}
