import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, say } from '../tools/run.mjs'

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
