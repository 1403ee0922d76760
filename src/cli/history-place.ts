import path from 'node:path'
import type { HistoryPlace } from '../history/open.ts'
import { nonBlank } from '../schema/environment.ts'
import { variableOf } from '../schema/settings.ts'
import { configMistake } from '../schema/errors.ts'
import type { Settings } from '../schema/setting-layers.ts'
import { toShown } from './files.ts'
import type { Io } from './io.ts'
import { isCached, pipelineRepository } from './pipeline-repository.ts'
import type { Plan } from './plan.ts'

/**
 * Where runs are remembered; null where nobody said so. A password stands in a variable alone: whoever reads the file or the list of processes would
 * have it.
 * @throws MistakesError `invalid_config`
 */
export function historyPlace({ settings, config, root }: Plan, io: Io): HistoryPlace | null {
  const { value, origin, folder } = settings.history
  const named = config?.config.history
  if (value === null) {
    if (isHistoryOff(settings) || typeof named !== 'object') return null
    const url = nonBlank(io.env[named.url_variable])
    if (url === null) throw configMistake(`history: the variable ${named.url_variable} is not set`)
    if (!isPostgres(url))
      throw configMistake(`history: the variable ${named.url_variable} must hold a postgres:// address`)
    return { kind: 'postgres', url }
  }
  if (isPostgres(value)) {
    if (holdsPassword(value) && origin !== `variable ${variableOf('history')}`) {
      throw configMistake(
        `${origin}: a password must not be there: put the address into ${variableOf('history')}, or name its variable (history: {url_variable: NAME})`,
      )
    }
    return { kind: 'postgres', url: value }
  }
  if (isAddress(value)) throw configMistake(`${origin}: a path or a postgres:// address is expected`)
  const file = path.resolve(folder, value)
  if (isCached(file, io.env) && pipelineRepository(io.env).isPublic === true) {
    throw configMistake(
      `${origin}: history: everybody can read this repository, and everybody who opens a pull request can read its caches, so a history in a cached file is refused. The issue needs no history (docs/schedule.md); or give a postgres:// address`,
    )
  }
  return { kind: 'file', file, shown: toShown(root, file) }
}

/** The file that runs are remembered in and those that SQLite has beside it, absolute; none where it is a server, or where there is none. */
export function historyFiles({ history: { value, folder } }: Settings): readonly string[] {
  if (value === null || isAddress(value)) return []
  return ['', '-wal', '-shm', '-journal'].map((end) => path.resolve(folder, value) + end)
}

/** Whether somebody said that there is to be none: a file that names a variable says nothing else. */
export function isHistoryOff({ history }: Settings): boolean {
  return history.value === null && history.origin !== 'default'
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

function isPostgres(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text)
}

function holdsPassword(url: string): boolean {
  return /^[a-z]+:\/\/[^/?#]*:[^/?#]*@/i.test(url) || /[?&](password|sslpassword)=/i.test(url)
}
