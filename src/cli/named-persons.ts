import { readFileSync, statSync } from 'node:fs'
import { isJsonObject, own } from '../schema/json.ts'
import type { Io } from './io.ts'

const MOST_BYTES = 32 * 1024 * 1024

/**
 * Whether persons may be named in a run here: in a pipeline, what it writes is as public as its repository, so only in one that says that it is private.
 * A repository that says nothing is taken for one that is not.
 */
export function mayNamePersons({ env }: Pick<Io, 'env'>): boolean {
  if (env.GITHUB_ACTIONS === 'true') return isPrivateEvent(env.GITHUB_EVENT_PATH ?? '')
  if (env.GITLAB_CI === 'true') return env.CI_PROJECT_VISIBILITY === 'private'
  return true
}

function isPrivateEvent(file: string): boolean {
  try {
    if (statSync(file).size > MOST_BYTES) return false
    const event: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const repository = isJsonObject(event) ? own(event, 'repository') : undefined
    if (!isJsonObject(repository)) return false
    const visibility = own(repository, 'visibility')
    return visibility === undefined ? own(repository, 'private') === true : visibility === 'private'
  } catch {
    return false
  }
}
