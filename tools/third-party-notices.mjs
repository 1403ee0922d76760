// Whose code is inside our bundles, and under which licence: the text that has to travel with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/**
 * @param {Iterable<string>} modules absolute paths of the modules that ended up in a bundle
 * @returns {string} one entry per package and version, sorted by name
 * @throws when a bundled package states no licence: then we may not ship it
 */
export function thirdPartyNotices(modules) {
  /** @type {Map<string, string>} */
  const entries = new Map()
  for (const folder of new Set([...modules].map(packageFolder).filter((found) => found !== undefined))) {
    /** @type {{ name: string, version: string, license?: string, author?: string | { name?: string } }} */
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const text = licenceText(folder)
    if (license === undefined && text === undefined)
      throw new Error(`${name} ${version} is bundled, but states no licence`)
    const person = typeof author === 'string' ? author : author?.name
    const fallback = `Licensed under ${license} (the package holds no licence file).${person === undefined ? '' : ` Author: ${person}`}`
    entries.set(`${name} ${version}`, `${name} ${version} (${license ?? 'see below'})\n\n${text ?? fallback}`)
  }
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entry]) => entry)
  const head = 'The files in dist/bin contain code of these packages.\n'
  return `${[head, ...sorted].join(`\n${'-'.repeat(80)}\n`)}\n`
}

/**
 * The folder of the package that a module below node_modules belongs to; undefined for our own code and for the bundler's.
 * @param {string} module
 * @returns {string | undefined}
 */
function packageFolder(module) {
  const mark = `${sep}node_modules${sep}`
  const at = module.lastIndexOf(mark)
  if (at === -1 || module.startsWith('\0')) return undefined
  const [scope = '', name = ''] = module.slice(at + mark.length).split(sep)
  const folder = join(module.slice(0, at + mark.length), scope.startsWith('@') ? join(scope, name) : scope)
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(dirname(folder))
}

/**
 * @param {string} folder
 * @returns {string | undefined}
 */
function licenceText(folder) {
  const names = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .sort()
  if (names.length === 0) return undefined
  return names.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n')
}
