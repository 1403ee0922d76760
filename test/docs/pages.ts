import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of package.json. */
export const ROOT = join(import.meta.dirname, '..', '..')

/** All pages for people, by their path below the repository, sorted. */
export function pages(): readonly string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT })
    .map((page) => page.replaceAll('\\', '/'))
    .sort()
}

export function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}

export interface CodeBlock {
  readonly language: string
  readonly text: string
}

/** Fenced blocks in order; `language` is the word after the fence. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...read(page).matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))
}

/** The one block of a page that has these words in it. */
export function blockOf(page: string, words: string): string {
  const found = codeBlocks(page).filter(({ text }) => text.includes(words))
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks with ${words}, not one`)
  return found[0]?.text ?? ''
}

/** What is said in words: fenced blocks and inline code taken out. */
export function prose(page: string): string {
  return read(page)
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, '')
}

/** Names of headings as links address them. */
export function anchors(page: string): ReadonlySet<string> {
  const headings = [
    ...read(page)
      .replaceAll(/^```.*?^```$/gms, '')
      .matchAll(/^#+ (.+)$/gm),
  ]
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** The first cell of each row of every table, its inline code only: `| \`a\`, \`b\` | ...` gives a and b. */
export function firstCells(page: string): readonly string[] {
  const rows = [...read(page).matchAll(/^\| ([^|]*)\|/gm)]
  return rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

/** The rows of a page's only table, the head first, as they are written between the outer bars. */
export function tableRows(page: string): readonly string[] {
  const rows = [...read(page).matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row)
  return rows.filter((row) => !row.startsWith('--'))
}
