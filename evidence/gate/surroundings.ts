import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'

/** What stood where: a folder's whole content, each entry by what a write would change of it. */
export type Surroundings = ReadonlyMap<string, string>

export function surroundingsOf(root: string, without: readonly string[]): Surroundings {
  const seen = new Map<string, string>()
  const walk = (folder: string): void => {
    for (const name of readdirSync(path.join(root, folder)).sort()) {
      const entry = path.posix.join(folder, name)
      if (without.includes(entry)) continue
      const stat = lstatSync(path.join(root, entry), { bigint: true, throwIfNoEntry: false })
      if (stat === undefined) continue
      if (stat.isDirectory()) {
        seen.set(`${entry}/`, String(stat.mode))
        walk(entry)
      } else if (stat.isSymbolicLink()) seen.set(entry, `link to ${readlinkSync(path.join(root, entry))}`)
      else seen.set(entry, [stat.mode, stat.size, stat.mtimeNs, stat.ino].join())
    }
  }
  walk('')
  return seen
}

/** Entries that were written, made or taken away; a folder ends with a slash. */
export function changedIn(before: Surroundings, after: Surroundings): readonly string[] {
  const changed = [...after].flatMap(([entry, state]) => (before.get(entry) === state ? [] : [entry]))
  return [...changed, ...[...before.keys()].filter((entry) => !after.has(entry))]
}

const MOST_BYTES = 20_000_000

/** Texts of the plain files among these entries. */
export function textsOf(root: string, entries: readonly string[]): readonly { entry: string; text: string }[] {
  return entries.flatMap((entry) => {
    const file = path.join(root, entry)
    if (!existsSync(file)) return []
    const stat = lstatSync(file)
    if (!stat.isFile() || stat.size > MOST_BYTES) return []
    return [{ entry, text: readFileSync(file, 'utf8') }]
  })
}
