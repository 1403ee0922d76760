import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { CommitFiles } from '../git/commit-files.ts'
import { treePlaceOf } from '../git/place.ts'
import type { GitRoom } from '../git/room.ts'
import { isAsCommitted } from '../git/trusted-files.ts'

/**
 * Writes files of the commit that judges to `copies`, by their paths in the repository: those that decided the check, and what the input trusted-paths
 * names, for steps that come after it. A path that ends with `/` is all in a folder, `{tenant}` stands for any name.
 * @returns those of trusted-paths that the work tree has otherwise
 */
export async function writeBaseFiles(
  room: GitRoom,
  commit: string,
  cwd: string,
  {
    decided,
    named,
    copies,
  }: { readonly decided: readonly string[]; readonly named: readonly string[]; readonly copies: string },
): Promise<readonly string[]> {
  const { top } = room.repository
  const files = new CommitFiles(room, commit)
  const chosen = new Set<string>()
  const edited = new Set<string>()
  for (const name of named) {
    const place = treePlaceOf(top, path.resolve(cwd, name))
    if ('outside' in place) continue
    const found = await filesNamed(files, place.inside, name.endsWith('/'))
    for (const file of found) chosen.add(file)
    for (const file of [...found, ...added(top, place.inside, name.endsWith('/'))])
      if (!(await isAsCommitted(files, top, file))) edited.add(file)
  }
  mkdirSync(copies, { recursive: true })
  for (const file of [...new Set([...decided, ...chosen])].sort()) {
    const bytes = await files.bytes(file)
    if (bytes === null) continue
    const copy = path.join(copies, file)
    mkdirSync(path.dirname(copy), { recursive: true })
    writeFileSync(copy, bytes, { flag: 'wx' })
  }
  return [...edited].sort()
}

async function filesNamed(files: CommitFiles, name: string, isFolder: boolean): Promise<readonly string[]> {
  if (isFolder) return (await files.below(name)).map((file) => path.posix.join(name, file))
  if (!name.includes('{tenant}')) return [name]
  const folder = path.posix.dirname(name)
  const from = folder === '.' ? '' : folder
  const matches = asPattern(name)
  return (await files.below(from)).map((file) => path.posix.join(from, file)).filter((file) => matches.test(file))
}

/** What the work tree has in a folder, links not followed. It is told, and decides nothing. */
function added(top: string, name: string, isFolder: boolean): readonly string[] {
  if (!isFolder) return name.includes('{tenant}') ? [] : [name]
  const folder = path.join(top, name)
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(name, entry.name)
    return entry.isDirectory() ? added(top, file, true) : [file]
  })
}

function asPattern(file: string): RegExp {
  const quoted = file.split('{tenant}').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
  return new RegExp(`^${quoted.join('[^/]+')}$`)
}
