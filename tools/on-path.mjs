// Programs of this machine.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * @param {readonly string[]} names
 * @param {NodeJS.ProcessEnv} env
 * @param {(folder: string) => boolean} [isLookedIn]
 * @returns {string | undefined} the first executable of one of these names on PATH
 */
export function findOnPath(names, env, isLookedIn = () => true) {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(isLookedIn)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => isExecutable(file))
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
