import { lstat, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Stats } from 'node:fs'
import { configMistake } from '../schema/errors.ts'

/**
 * An output inside of the repository must be written where its path says. Whoever may change the repository may have put a link on the way, which
 * would lead elsewhere, or a folder, a device or a pipe in its place. (A link in its place is harmless: a rename does not follow it.)
 * @throws MistakesError `invalid_config` where something of the kind stands there
 */
export async function refuseOtherPlaces(file: string, shown: string, cwd: string): Promise<void> {
  const steps = await stepsInside(file, await widestTop(cwd))
  for (const folder of steps.slice(0, -1)) {
    const found = await statOf(folder)
    if (found === null) break
    if (!found.isDirectory())
      throw configMistake(
        `${shown} cannot be written: its path goes through ${found.isSymbolicLink() ? 'a symbolic link' : 'a file'}, and for an output in the repository only folders are allowed; nothing was written`,
      )
  }
  const found = await statOf(file)
  if (found !== null && !found.isFile() && !found.isSymbolicLink()) {
    const what = found.isDirectory() ? 'a folder' : 'not an ordinary file'
    throw configMistake(`${shown} cannot be written: what is there is ${what}; nothing was written`)
  }
}

/**
 * The nearest folder upwards with an entry `.git` of any kind, else the working directory; by its real path. A link counts here, and not for the work tree
 * that git's own room finds: what may be read is less in a small tree, and what is looked at on the way to an output is more in a large one.
 */
async function widestTop(cwd: string): Promise<string> {
  const start = await realpath(cwd)
  for (let folder = start; ; folder = path.dirname(folder)) {
    if ((await statOf(path.join(folder, '.git'))) !== null) return folder
    if (path.dirname(folder) === folder) return start
  }
}

/** The places below the top that a path goes through, itself the last; none where it lies outside. The top may have several names. */
async function stepsInside(file: string, top: string): Promise<readonly string[]> {
  const places: string[] = []
  for (let place = path.resolve(file); path.dirname(place) !== place; place = path.dirname(place)) places.unshift(place)
  for (const [index, place] of places.entries()) {
    const real = await realpath(place).catch(() => null)
    if (real === top) return places.slice(index + 1)
  }
  return []
}

async function statOf(place: string): Promise<Stats | null> {
  return lstat(place).catch(() => null)
}
