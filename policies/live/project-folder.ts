import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { PROJECT_FILES } from '../../src/schema/pulumi-project.ts'

/**
 * The folder of a project: the nearest one upwards, from any of `starts`, whose Pulumi.yaml has the project's name. An executable pack starts
 * in the folder of the program, one that is a folder in its own, and then only PWD says where the CLI was called. Null where there is none.
 */
export function projectFolder(starts: readonly string[], project: string): string | null {
  for (const start of starts) {
    for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
      if (PROJECT_FILES.some((name) => isProjectNamed(path.join(folder, name), project))) return folder
      if (path.dirname(folder) === folder) break
    }
  }
  return null
}

function isProjectNamed(file: string, project: string): boolean {
  if (!existsSync(file)) return false
  // One line is all that is asked of the file; whether the rest is right, the engine has seen.
  const name = /^\s*\{?\s*"?name"?\s*:\s*(["']?)([^"'\s,#]+)\1/m.exec(readFileSync(file, 'utf8'))?.[2]
  return name === project
}
