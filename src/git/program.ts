import { accessSync, constants, lstatSync, readlinkSync, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, parse, sep } from 'node:path'
import process from 'node:process'

/** Links in a row that are followed, as by Linux itself. */
const MOST_LINKS = 40

export interface ProgramSearch {
  /** The value of PATH. */
  readonly path: string | undefined
  /** Real paths of folders that a program must not come from: the work tree, whose files the change under review wrote. */
  readonly outsideOf: readonly string[]
}

/**
 * The absolute path of the first executable regular file `name` on PATH. `npx` and `npm run` put `node_modules/.bin` of the work tree first, where a change
 * can commit a program of any name: what lies in one of `outsideOf`, or is reached through it by a link, is passed over, and so are empty and relative
 * entries, which mean another folder for each working directory. Null where there is none.
 */
export function findProgram(name: string, search: ProgramSearch): string | null {
  const guarded = search.outsideOf.map(identity).filter((each) => each !== null)
  for (const folder of absoluteEntries(search.path)) {
    for (const file of spellings(name)) {
      const path = `${folder}${folder.endsWith(sep) ? '' : sep}${file}`
      if (isProgram(path) && !leadsAlong(path, guarded)) return path
    }
  }
  return null
}

/** The entries of PATH that a program started by us may look into: `findProgram`'s, in its order, joined again. */
export function trustedPath(search: ProgramSearch): string {
  const guarded = search.outsideOf.map(identity).filter((each) => each !== null)
  return absoluteEntries(search.path)
    .filter((folder) => !leadsAlong(folder, guarded))
    .join(delimiter)
}

function absoluteEntries(path: string | undefined): readonly string[] {
  return (path ?? '').split(delimiter).filter((entry) => isAbsolute(entry))
}

/** On Windows a program is found by its ending. */
function spellings(name: string): readonly string[] {
  if (process.platform !== 'win32') return [name]
  const endings = (process.env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '')
  return endings.map((ending) => `${name}${ending.toLowerCase()}`)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** A folder by what the disk calls it, however it is spelt: upper or lower case, another mount, another way to it. */
function identity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

/** Whether the way to an absolute path enters one of the folders, at its end or on the way: a link in them leads where the change wants. */
export function leadsThrough(path: string, folders: readonly string[]): boolean {
  return leadsAlong(
    path,
    folders.map(identity).filter((each) => each !== null),
  )
}

function leadsAlong(path: string, guarded: readonly string[]): boolean {
  if (guarded.length === 0) return false
  let left = MOST_LINKS
  let at = parse(path).root
  let ahead = steps(path)
  while (ahead.length > 0) {
    const [step = '', ...rest] = ahead
    const next = step === '..' ? dirname(at) : join(at, step)
    const target = linkTarget(next)
    if (target === null) {
      at = next
      ahead = rest
      if (guarded.includes(identity(at) ?? '')) return true
      continue
    }
    left -= 1
    if (left < 0) return true
    if (isAbsolute(target)) at = parse(target).root
    ahead = [...steps(target), ...rest]
  }
  return false
}

/** Names of a path, one after the other. `..` stays: after a link it is the folder above the link's target. */
function steps(path: string): readonly string[] {
  const { root } = parse(path)
  return path
    .slice(root.length)
    .split(sep === '\\' ? /[/\\]/ : sep)
    .filter((step) => step !== '' && step !== '.')
}

function linkTarget(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null
  } catch {
    return null
  }
}
