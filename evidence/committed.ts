import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, say } from '../tools/run.mjs'
import { readDocs, writeDocs } from './section.ts'

const PAGE = 'evidence.md'

/** Says what is worse than what is committed. Where anything is, nothing of the run may be written. */
export function isWorse(worse: readonly string[]): boolean {
  if (worse.length > 0) say(`worse than what is committed:\n${worse.map((line) => `  ${line}`).join('\n')}`)
  return worse.length > 0
}

/** Versions of this package, of Node, and of these packages. */
export function versionsOf(...packages: readonly string[]): Readonly<Record<string, string>> {
  const versionIn = (folder: string): string =>
    (JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { version: string }).version
  return {
    'tenant-drift': versionIn('.'),
    Node: process.version,
    ...Object.fromEntries(packages.map((name) => [name, versionIn(join('node_modules', name))])),
  }
}

/** Figures as they are committed in a file below `evidence/`; null where there are none yet. */
export function readCommitted<Figures>(name: string): Figures | null {
  const file = join(ROOT, 'evidence', name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : null
}

export function writeCommitted(name: string, figures: object): void {
  writeFileSync(join(ROOT, 'evidence', name), `${JSON.stringify(figures, null, 2)}\n`)
}

/** The same, and the page with them. */
export function writeFigures<Figures extends object>(
  name: string,
  figures: Figures,
  withFigures: (page: string, figures: Figures) => string,
): void {
  writeCommitted(name, figures)
  writeDocs(PAGE, withFigures(readDocs(PAGE), figures))
}
