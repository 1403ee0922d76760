// Is dist/ what the sources say? Told by a digest of their contents: a checkout changes times without changing anything.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT } from './run.mjs'

export const DIST = join(ROOT, 'dist')
export const STAMP_NAME = '.build-stamp'

const SOURCES = [
  'src',
  'policies',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tools/build.mjs',
  'tools/build-stamp.mjs',
  'tools/third-party-notices.mjs',
]

/** @returns {string} hex; the same for the same sources, wherever and whenever they were checked out */
export function sourceDigest() {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((source) => filesBelow(join(ROOT, source)))) {
    const content = readFileSync(file)
    hash.update(`${relative(ROOT, file)}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/** @returns {boolean} */
export function isBuilt() {
  const stamp = join(DIST, STAMP_NAME)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceDigest()
}

/**
 * @param {string} place
 * @returns {string[]} sorted
 */
function filesBelow(place) {
  if (!existsSync(place)) return []
  /** @type {string[]} */
  const files = []
  /** @param {string} at */
  const walk = (at) => {
    const entries = readdirSync(at, { withFileTypes: true })
    for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
      const path = join(at, entry.name)
      if (entry.isDirectory() && entry.name !== 'node_modules') walk(path)
      else if (entry.isFile()) files.push(path)
    }
  }
  if (place.endsWith('.json') || place.endsWith('.mjs')) files.push(place)
  else walk(place)
  return files
}
