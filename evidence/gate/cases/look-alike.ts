import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { putFiles, type Entry, type Files } from '../files.ts'
import { git, type Scene } from '../scene.ts'

/** All plain files below a folder, by their path from it. */
export function filesBelow(folder: string): Readonly<Record<string, Buffer>> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    found.map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return [path.relative(folder, file), readFileSync(file)]
    }),
  )
}

let count = 0

/** A repository elsewhere on the machine with one commit of these files, which its `origin/main` and `main` are, too. */
export async function otherRepository(scene: Scene, files: Files): Promise<string> {
  count += 1
  const folder = path.join(scene.outside, `other-${count}`)
  mkdirSync(folder)
  await git(folder, ['init', '--quiet', '--initial-branch=main'])
  putFiles(folder, files)
  await git(folder, ['add', '--all', '--force'])
  await git(folder, ['commit', '--quiet', '--allow-empty', '--message', 'x'])
  await git(folder, ['update-ref', 'refs/remotes/origin/main', 'HEAD'])
  return folder
}

export interface LookAlike {
  /** Folder of the work tree that is made to look like a git directory. */
  readonly at: string
  readonly config: string
  /** Files of the commit that its refs name. */
  readonly files?: Files
  readonly isPacked?: true
  /** Objects are left out: whoever needs them asks the promisor. */
  readonly isEmpty?: true
}

/** Plain files that git takes for a bare repository. */
export async function lookAlike(scene: Scene, { at, config, files, isPacked, isEmpty }: LookAlike): Promise<Files> {
  const other = await otherRepository(scene, files ?? { 'declared/a.yaml': 'resource_servers: []\n' })
  if (isPacked === true) {
    await git(other, ['gc', '--quiet'])
    await git(other, ['pack-refs', '--all'])
  }
  const taken = Object.entries(filesBelow(path.join(other, '.git'))).filter(
    ([name]) => /^(HEAD|packed-refs|refs\/|objects\/)/.test(name) && (isEmpty !== true || !name.startsWith('objects/')),
  )
  const prefix = at === '' ? '' : `${at}/`
  const entries: readonly (readonly [string, Entry])[] = [
    ...taken,
    ['refs/keep', ''],
    ['objects/keep', ''],
    ['config', config],
  ]
  return Object.fromEntries(entries.map(([name, entry]) => [`${prefix}${name}`, entry]))
}

/** Makes a folder of the work tree a submodule whose refs are its author's; to be called before the change is committed. */
export async function asSubmodule(scene: Scene, at: string, files: Files): Promise<Files> {
  const folder = path.join(scene.work, at)
  putFiles(scene.work, { [at]: null })
  mkdirSync(folder, { recursive: true })
  await git(folder, ['init', '--quiet', '--initial-branch=main'])
  putFiles(folder, files)
  await git(folder, ['add', '--all', '--force'])
  await git(folder, ['commit', '--quiet', '--message', 'x'])
  await git(folder, ['update-ref', 'refs/remotes/origin/main', 'HEAD'])
  await git(folder, ['update-ref', `refs/heads/change`, 'HEAD'])
  return { '.gitmodules': `[submodule "s"]\n\tpath = ${at}\n\turl = https://example.com/s\n` }
}

/** As `git submodule update` leaves it: its git directory lies below the repository's, and `.git` is a file that names it. */
export async function absorb({ work }: Scene, at: string): Promise<void> {
  const modules = path.join(work, '.git', 'modules', at.replaceAll('/', '-'))
  mkdirSync(path.dirname(modules), { recursive: true })
  renameSync(path.join(work, at, '.git'), modules)
  writeFileSync(path.join(work, at, '.git'), `gitdir: ${path.relative(path.join(work, at), modules)}\n`)
  await git(modules, ['config', 'core.worktree', path.join(work, at)])
}
