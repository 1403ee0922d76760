import { lstatSync, readlinkSync, statSync, type Stats } from 'node:fs'
import path from 'node:path'
import { isBelow } from './repository.ts'
import { configMistake } from '../schema/errors.ts'

/** Where a name leads: into the repository, by its path from there (empty is its root), or elsewhere on the machine, by real path. */
export type TreePlace = { readonly inside: string } | { readonly outside: string }

const MOST_LINKS = 40

/**
 * Where an absolute path leads, without a look at anything in the repository: what lies there is what a change wrote, and a link of the change's would
 * lead wherever it likes. Links outside are followed step by step, until the way enters the repository, by whatever name: the rest is text.
 */
export function treePlaceOf(top: string, file: string): TreePlace {
  const full = path.resolve(file)
  if (isBelow(top, full)) return { inside: toTree(path.relative(top, full)) }
  const root = statSync(top)
  let links = 0
  let real = path.parse(full).root
  const steps = stepsOf(full).toReversed()
  while (steps.length > 0) {
    const next = path.join(real, steps.pop() ?? '')
    if (next === top) return { inside: toTree(steps.toReversed().join(path.sep)) }
    const found = lstatSync(next, { throwIfNoEntry: false })
    if (found === undefined) return { outside: path.join(next, ...steps.toReversed()) }
    if (found.isSymbolicLink()) {
      links += 1
      if (links > MOST_LINKS) throw configMistake(`${file} leads through too many links`)
      const target = path.resolve(real, readlinkSync(next))
      if (isBelow(top, target)) return { inside: toTree(path.join(path.relative(top, target), ...steps.toReversed())) }
      real = path.parse(target).root
      steps.push(...stepsOf(target).toReversed())
      continue
    }
    // The root itself under another name: a mount, or other letters on a disk that does not tell them apart.
    if (isSame(found, root)) return { inside: toTree(steps.toReversed().join(path.sep)) }
    real = next
  }
  return { outside: real }
}

function stepsOf(file: string): readonly string[] {
  return path
    .relative(path.parse(file).root, file)
    .split(path.sep)
    .filter((step) => step !== '')
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ino !== 0 && one.ino === other.ino && one.dev === other.dev
}

function toTree(relative: string): string {
  const tree = relative.replaceAll(path.sep, '/')
  return tree === '.' ? '' : tree
}
