import { rmSync } from 'node:fs'
import path from 'node:path'
import { commit, git } from '../action/runner.ts'
import { folderWith, write } from '../cli/run.ts'

/** A repository that somebody pushes to. */
export interface Origin {
  readonly folder: string
  readonly url: string
  /** Commits these files (null takes one away) and says which commit that is. */
  readonly push: (files: Readonly<Record<string, unknown>>) => string
  readonly git: (...args: readonly string[]) => string
}

export function originWith(files: Readonly<Record<string, unknown>>): Origin {
  const folder = folderWith(files)
  git(folder, 'init', '--quiet', '--initial-branch=main')
  commit(folder)
  return {
    folder,
    url: `file://${folder}`,
    git: (...args) => git(folder, ...args),
    push(changed) {
      for (const [name, content] of Object.entries(changed)) {
        if (content === null) rmSync(path.join(folder, name))
        else write(folder, { [name]: content })
      }
      return commit(folder)
    },
  }
}
