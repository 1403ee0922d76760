import { lstatSync } from 'node:fs'
import path from 'node:path'
import { isBelow } from './repository.ts'
import { realPath, workTreeOf } from './work-tree.ts'

/** A file as everybody names it who has the same checkout. */
export interface TreePath {
  /** With `/`, from the root of the repository; begins with `../` where the file lies outside of it. */
  readonly path: string
  /** All that git knows of the file is this link, which leads out of the repository: a line of the file is none of what git has. */
  readonly isLink: boolean
}

/** Steps of a path outside that are told: enough to know the file by. */
const MOST_STEPS = 2

/** Where people live, on the systems that there are. */
const HOMES = [/^\/(?:home|Users|export\/home|var\/home)\/[^/]+(?=\/|$)/, /^\/root(?=\/|$)/, /^[A-Z]:\\Users\\[^\\]+/i]

/**
 * Names files by their path from the root of the repository around `cwd`, as git has them: through no link. Without a repository paths begin in `cwd`
 * itself. What lies outside is told by its way from there, and by its last steps alone where that way would tell whose machine it is.
 */
export function treePaths(cwd: string, home: string | undefined): (file: string) => TreePath {
  const top = workTreeOf(cwd)
  return (file) => {
    const given = path.resolve(cwd, file)
    const real = realPath(given)
    if (isBelow(top, real)) return { path: toTree(path.relative(top, real)), isLink: false }
    const link = linkOutOf(top, given)
    return { path: link ?? outside(top, real, home), isLink: link !== null }
  }
}

/** The link in the repository by which a path leaves it; null where it was never in it. */
function linkOutOf(top: string, given: string): string | null {
  const { root } = path.parse(given)
  let walked = root
  for (const step of path.relative(root, given).split(path.sep)) {
    const place = path.join(realPath(walked), step)
    walked = path.join(walked, step)
    const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true
    if (isLink && isBelow(top, place) && !isBelow(top, realPath(place))) return toTree(path.relative(top, place))
  }
  return null
}

function outside(top: string, real: string, home: string | undefined): string {
  const way = path.relative(top, real)
  const lives = homeAround(real, home)
  const isNear = !path.isAbsolute(way) && commonOf(top, way) !== path.parse(top).root
  if (isNear && (lives === null || lives === homeAround(top, home))) return toTree(way)
  const steps = toTree(path.relative(lives ?? path.parse(real).root, real)).split('/')
  return ['..', ...steps.slice(-MOST_STEPS)].join('/')
}

/** The folder that a way up and down from `top` turns around in. */
function commonOf(top: string, way: string): string {
  const ups = way.split(path.sep).filter((step) => step === '..')
  return path.resolve(top, ...ups)
}

function homeAround(file: string, home: string | undefined): string | null {
  if (home !== undefined && path.isAbsolute(home) && path.dirname(home) !== home) {
    const real = realPath(home)
    if (isBelow(real, file)) return real
  }
  return HOMES.map((pattern) => pattern.exec(file)?.[0]).find((found) => found !== undefined) ?? null
}

function toTree(relative: string): string {
  return relative === '' ? '.' : relative.replaceAll(path.sep, '/')
}
