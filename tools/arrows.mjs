// The diagram of docs/ARCHITECTURE.md, drawn from the imports that dependency-cruiser finds: one box for each room, one arrow for "imports".
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NODE_24, ROOT, run, SetupError } from './run.mjs'

const CRUISER = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'
const SHIPPED = ['src', 'policies'].filter((folder) => existsSync(join(ROOT, folder)))
const BEGIN = '<!-- arrows: written by npm run generate -->'
const END = '<!-- arrows: end -->'

/** @typedef {{ source: string, dependencies: { resolved: string, dependencyTypes: string[] }[] }} Room */

/**
 * A page with its diagram as the sources are now.
 * @param {string} page a path below the repository; it holds the two marks
 */
export async function pageWithArrows(page) {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin === -1 || end < begin) throw new SetupError(`${page} has lost its marks: ${BEGIN} and ${END}`)
  return `${text.slice(0, begin)}${BEGIN}\n\`\`\`mermaid\n${diagram(await rooms())}\n\`\`\`\n${text.slice(end)}`
}

/** @returns {Promise<readonly Room[]>} */
async function rooms() {
  const folders = `^src/[^/]+/|^policies/live/|^policies/`
  const options = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json']
  const scope = ['--include-only', '^(src|policies)/', '--collapse', folders]
  const outcome = await run(NODE_24, [join(ROOT, CRUISER), ...options, ...scope, ...SHIPPED])
  try {
    return JSON.parse(outcome.output).modules
  } catch {
    throw new SetupError(`dependency-cruiser did not draw the arrows:\n${outcome.output}`)
  }
}

/**
 * Its lines are sorted, so that the same imports make the same bytes. An arrow is dashed where everything behind it loads only when it is needed.
 * @param {readonly Room[]} found
 */
function diagram(found) {
  const boxes = found.map(({ source }) => `  ${idOf(source)}["${nameOf(source)}"]`).toSorted()
  const arrows = found.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved, dependencyTypes }) => {
      const isLazy = dependencyTypes.every((type) => type === 'local' || type === 'dynamic-import')
      return `  ${idOf(source)} ${isLazy ? '-.->' : '-->'} ${idOf(resolved)}`
    }),
  )
  return ['flowchart LR', ...boxes, ...[...new Set(arrows)].toSorted()].join('\n')
}

/** @param {string} source `src/schema/` or `src/index.ts` */
function nameOf(source) {
  return source.replace(/^src\//, '').replace(/\/$/, '')
}

/** @param {string} source */
function idOf(source) {
  return nameOf(source).replaceAll(/\W/g, '_')
}
