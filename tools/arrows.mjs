// The diagram of docs/ARCHITECTURE.md, drawn from the imports that dependency-cruiser finds: one box for each room, one arrow for "imports".
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NODE_24, ROOT, run, SetupError } from './run.mjs'

const CRUISER = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'
const SHIPPED = ['src', 'policies'].filter((folder) => existsSync(join(ROOT, folder)))
const BEGIN = '<!-- arrows: written by npm run generate -->'
const END = '<!-- arrows: end -->'

/** @typedef {{ source: string, dependencies: { resolved: string, dependencyTypes: string[] }[] }} Module */

/**
 * A page with its diagram as the sources are now.
 * @param {string} page a path below the repository; it holds the two marks
 */
export async function pageWithArrows(page) {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin === -1 || end < begin) throw new SetupError(`${page} lacks its marks: ${BEGIN} and ${END}`)
  return `${text.slice(0, begin)}${BEGIN}\n\`\`\`mermaid\n${diagram(await modulesOf(ROOT, SHIPPED))}\n\`\`\`\n${text.slice(end)}`
}

/**
 * Every file with what it imports. The rooms are put together here and not by dependency-cruiser, which keeps of several imports between two rooms the
 * kind of the first.
 * @param {string} root
 * @param {readonly string[]} folders
 * @returns {Promise<readonly Module[]>}
 */
export async function modulesOf(root, folders) {
  const options = ['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json']
  const scope = ['--include-only', '^(src|policies)/']
  const outcome = await run(NODE_24, [join(ROOT, CRUISER), ...options, ...scope, ...folders], { cwd: root })
  try {
    return JSON.parse(outcome.output).modules
  } catch {
    throw new SetupError(`dependency-cruiser did not draw the arrows:\n${outcome.output}`)
  }
}

/** How an arrow is drawn, the strongest first: loaded with what imports it, loaded when it is needed, never loaded. */
const ARROWS = { atOnce: '-->', needed: '-.->', types: '-. types .->' }
const STRONGEST = /** @type {const} */ (['atOnce', 'needed', 'types'])

/**
 * Its lines are sorted, so that the same imports make the same bytes. Of several imports between two rooms the strongest decides.
 * @param {readonly Module[]} modules
 */
export function diagram(modules) {
  /** @type {Map<string, Set<keyof typeof ARROWS>>} */
  const kinds = new Map()
  const rooms = new Set(modules.map(({ source }) => roomOf(source)))
  for (const { source, dependencies } of modules) {
    for (const { resolved, dependencyTypes } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)]
      if (from === to) continue
      const key = `${from}\n${to}`
      kinds.set(key, (kinds.get(key) ?? new Set()).add(kindOf(dependencyTypes)))
    }
  }
  const boxes = [...rooms].map((room) => `  ${idOf(room)}["${room}"]`)
  const arrows = [...kinds].map(([key, found]) => {
    const [from = '', to = ''] = key.split('\n')
    const kind = STRONGEST.find((each) => found.has(each)) ?? 'atOnce'
    return `  ${idOf(from)} ${ARROWS[kind]} ${idOf(to)}`
  })
  return ['flowchart LR', ...boxes.toSorted(), ...arrows.toSorted()].join('\n')
}

/**
 * @param {readonly string[]} types
 * @returns {keyof typeof ARROWS}
 */
function kindOf(types) {
  if (types.includes('type-only')) return 'types'
  return types.includes('dynamic-import') ? 'needed' : 'atOnce'
}

/** @param {string} source `src/schema/rows/access.ts` or `src/index.ts`: the room, or the file that stands in none */
function roomOf(source) {
  const [, room = source] = /^src\/([^/]+)/.exec(source) ?? /^(policies\/live|policies)\//.exec(source) ?? []
  return room
}

/** @param {string} room */
function idOf(room) {
  return room.replaceAll(/\W/g, '_')
}
