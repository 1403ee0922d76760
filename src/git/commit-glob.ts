import path from 'node:path'

/** What a folder of a commit holds: `isFolder` of real folders alone, for a link to one is followed only where a pattern writes its name out. */
export interface GlobEntry {
  readonly name: string
  readonly isFolder: boolean
}

export interface GlobTree {
  /** Entries of a folder, by its path from the root; links on the way are followed. */
  list(folder: string): Promise<readonly GlobEntry[]>
  /** What stands at a path, links followed. */
  kindOf(file: string): Promise<'file' | 'folder' | null>
}

const MAGIC = /[*?[\]\\!+@()]/

/**
 * The files of a commit that a pattern matches, as Node's own glob finds them on a disk: both sides of a comparison have to see the same files, or a declaration
 * that one of them passes over would have no base. Braces are alternatives; `**` and wildcards enter no link to a folder, a name that is written out does.
 */
export async function globCommit(tree: GlobTree, pattern: string): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const each of expandBraces(pattern)) {
    const parts = each.split('/').filter((part) => part !== '' && part !== '.')
    await walk(tree, '', parts, found)
  }
  return [...found]
}

async function walk(tree: GlobTree, at: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts
  if (part === undefined) return
  const isLast = rest.length === 0
  if (part === '**') {
    await walk(tree, at, isLast ? ['*'] : rest, found)
    for (const { name, isFolder } of await tree.list(at))
      if (isFolder && !name.startsWith('.')) await walk(tree, join(at, name), parts, found)
    return
  }
  if (!MAGIC.test(part)) {
    const next = join(at, part)
    const kind = await tree.kindOf(next)
    if (isLast && kind === 'file') found.add(next)
    if (!isLast && kind === 'folder') await walk(tree, next, rest, found)
    return
  }
  for (const { name, isFolder } of await tree.list(at)) {
    // The very function that Node's glob asks about each name.
    if (!path.posix.matchesGlob(name, part)) continue
    if (isFolder && !isLast) await walk(tree, join(at, name), rest, found)
    if (!isFolder && isLast && (await tree.kindOf(join(at, name))) === 'file') found.add(join(at, name))
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** `a{b,c{d,e}}` is `ab`, `acd` and `ace`, and `{1..3}` is `1`, `2` and `3`; braces without a comma or dots stand for themselves. */
export function expandBraces(pattern: string): readonly string[] {
  const open = pattern.indexOf('{')
  if (open < 0) return [pattern]
  const close = closingOf(pattern, open)
  if (close === null) return expandBraces(pattern.slice(open + 1)).map((rest) => pattern.slice(0, open + 1) + rest)
  const before = pattern.slice(0, open)
  const after = expandBraces(pattern.slice(close + 1))
  const inside = pattern.slice(open + 1, close)
  const parts = alternativesOf(inside)
  const texts = parts.length > 1 ? parts.flatMap(expandBraces) : (rangeOf(inside) ?? [`{${inside}}`])
  return texts.flatMap((text) => after.map((rest) => before + text + rest))
}

function closingOf(pattern: string, open: number): number | null {
  let depth = 0
  for (let at = open; at < pattern.length; at += 1) {
    if (pattern[at] === '{') depth += 1
    if (pattern[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return null
}

function alternativesOf(text: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const letter of text) {
    if (letter === '{') depth += 1
    if (letter === '}') depth -= 1
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts
}

const MOST_OF_A_RANGE = 1000

function rangeOf(text: string): readonly string[] | null {
  const [, from, to] = /^(-?\d{1,9})\.\.(-?\d{1,9})$/.exec(text) ?? []
  if (from === undefined || to === undefined) return null
  const [first, last] = [Number(from), Number(to)]
  const count = Math.abs(last - first) + 1
  if (count > MOST_OF_A_RANGE) return null
  const width = /^-?0\d/.test(from) || /^-?0\d/.test(to) ? Math.max(from.length, to.length) : 0
  return Array.from({ length: count }, (_each, index) =>
    String(first + (last < first ? -index : index)).padStart(width, '0'),
  )
}
