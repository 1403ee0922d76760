#!/usr/bin/env node
// npm run coverage: which lines and branches the tests of this process run, by room. A figure to look at and no threshold: a test that is written to
// pass one tests nothing. What tests start as a process of its own (the built command, the engine, the provider) is not seen by it.
// `npm run coverage -- compare` runs only the tests whose path has that word.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool, say } from './run.mjs'

/** @typedef {{ total: number, covered: number }} Figure */
/** @typedef {{ lines: Figure, branches: Figure }} Figures */

await runTool(async () => {
  const filters = process.argv.slice(2)
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-coverage-'))
  try {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
    const coverage = [
      '--coverage.enabled',
      '--coverage.provider=v8',
      '--coverage.reporter=json-summary',
      `--coverage.reportsDirectory=${folder}`,
      '--coverage.include=src/**/*.ts',
      '--coverage.include=policies/**/*.ts',
      '--coverage.reportOnFailure',
    ]
    const args = [vitest, 'run', '--project', 'unit', ...coverage, ...filters]
    const outcome = await run(NODE_24, args, { env: cleanEnvironment(), show: true })
    const summary = join(folder, 'coverage-summary.json')
    if (!existsSync(summary)) return 1
    for (const line of table(byRoom(JSON.parse(readFileSync(summary, 'utf8'))))) say(line)
    return outcome.code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/**
 * @param {Readonly<Record<string, Figures>>} files by absolute path, and `total`
 * @returns {ReadonlyMap<string, Figures>}
 */
function byRoom(files) {
  /** @type {Map<string, Figures>} */
  const rooms = new Map()
  for (const [file, found] of Object.entries(files)) {
    const room = file === 'total' ? 'all' : roomOf(relative(ROOT, file).split(sep))
    const sum = rooms.get(room) ?? { lines: { total: 0, covered: 0 }, branches: { total: 0, covered: 0 } }
    for (const kind of /** @type {const} */ (['lines', 'branches'])) {
      sum[kind].total += found[kind].total
      sum[kind].covered += found[kind].covered
    }
    rooms.set(room, sum)
  }
  return rooms
}

/** @param {readonly string[]} steps */
function roomOf([top = '', room = '', ...rest]) {
  return rest.length === 0 && top === 'src' ? 'src' : top === 'src' ? room : top
}

/** @param {ReadonlyMap<string, Figures>} rooms */
function table(rooms) {
  const row = (/** @type {string} */ room, /** @type {string} */ lines, /** @type {string} */ branches) =>
    `${room.padEnd(12)}${lines.padStart(8)}${branches.padStart(10)}`
  const inOrder = [...rooms].toSorted(([a], [b]) => Number(a === 'all') - Number(b === 'all') || (a < b ? -1 : 1))
  return [
    row('room', 'lines', 'branches'),
    ...inOrder.map(([room, { lines, branches }]) => row(room, percent(lines), percent(branches))),
  ]
}

/** @param {Figure} figure */
function percent({ total, covered }) {
  return total === 0 ? '-' : `${((100 * covered) / total).toFixed(1)} %`
}
