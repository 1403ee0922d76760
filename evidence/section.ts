import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../tools/run.mjs'

const END = '<!-- figures: end -->'

export function readDocs(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8')
}

export function writeDocs(name: string, text: string): void {
  writeFileSync(join(ROOT, 'docs', name), text)
}

/** The page with `figures` between the markers of one npm script; the rest of it stays, other scripts' figures too. */
export function withSection(page: string, script: string, figures: string): string {
  const begin = `<!-- figures: written by npm run ${script} -->`
  const from = page.indexOf(begin)
  const to = page.indexOf(END, from)
  if (from === -1 || to === -1) throw new Error(`the page has no ${begin} ... ${END}`)
  return `${page.slice(0, from)}${begin}\n${figures}\n${page.slice(to)}`
}

export type Cell = string | number

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}
