import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isBelow, realOf } from '../git/repository.ts'
import { leadsThrough } from '../git/program.ts'
import { workTreeOf } from '../git/work-tree.ts'
import { readError } from './bounded-read.ts'

/**
 * Where declared files may lie, by real path: below the root of the work tree, and in the folders outside of it that a source names by its own text. A link,
 * or the `extends` of a file, takes nobody out of where it stands: a change could name any file of the machine there, to have it read to it.
 */
export class AllowedRoots {
  readonly cwd: string
  /** Real paths; the work tree's is the first. */
  readonly roots: string[]
  /** Real paths of folders, each asked once. */
  readonly #folders = new Map<string, Promise<string>>()

  constructor(cwd: string) {
    this.cwd = resolve(cwd)
    this.roots = [workTreeOf(this.cwd)]
  }

  /** A source names a file, a folder or a glob's beginning. */
  allow(folder: string): void {
    const [tree = ''] = this.roots
    const path = resolve(this.cwd, folder)
    // By its text in the work tree, or through a link of it: the change chose where that leads.
    if (isBelow(this.cwd, path) || isBelow(tree, path) || leadsThrough(path, [tree])) return
    const real = realOf(path)
    if (real !== null && !this.roots.includes(real)) this.roots.push(real)
  }

  /**
   * Where a file lies, its own last link not followed yet. `from`: the file that extends it.
   * @throws an error with the code `EOUTSIDE`, or what the file system says
   */
  async place(file: string, from: string | null): Promise<string> {
    const path = resolve(this.cwd, file)
    const near = join(await this.#folder(dirname(path)), basename(path))
    return this.#allowed(near, await this.#rootsFor(from))
  }

  /** The real path of a `place` that turned out to be a link. */
  async follow(link: string, from: string | null): Promise<string> {
    return this.#allowed(await realpath(link), await this.#rootsFor(from))
  }

  /** Whether a folder may be looked into; one that is not there may. */
  includesFolder(folder: string): boolean {
    const real = realOf(resolve(this.cwd, folder))
    return real === null || this.roots.some((root) => isBelow(root, real))
  }

  #allowed(real: string, roots: readonly string[]): string {
    if (roots.some((root) => isBelow(root, real))) return real
    throw readError('EOUTSIDE')
  }

  /** A file of the work tree reaches no further than the work tree. */
  async #rootsFor(from: string | null): Promise<readonly string[]> {
    if (from === null) return this.roots
    const real = await realpath(resolve(this.cwd, from))
    const [tree = '', ...others] = this.roots
    return isBelow(tree, real) ? [tree] : others.filter((root) => isBelow(root, real))
  }

  #folder(path: string): Promise<string> {
    const known = this.#folders.get(path)
    if (known !== undefined) return known
    const made = realpath(path)
    this.#folders.set(path, made)
    return made
  }
}
