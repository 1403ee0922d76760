import { TenantDriftError } from '../schema/errors.ts'

/** Why a history could not be used, and what to do. The store is as it was. */
export function unusable(name: string, why: string, advice: string, cause?: unknown): TenantDriftError {
  return new TenantDriftError(
    'history_unusable',
    `history ${name}: ${why}`,
    advice,
    cause === undefined ? {} : { cause },
  )
}

export function newerStore(name: string, found: number, known: number): TenantDriftError {
  return unusable(
    name,
    `it was written by a newer tenant-drift (version ${found} of its tables; this one knows ${known})`,
    'Update tenant-drift; nothing was written.',
  )
}

/** For a reader, who makes no tables. */
export function unpreparedStore(name: string): TenantDriftError {
  return unusable(name, 'it is empty, or of an older tenant-drift', 'Run `tenant-drift check --history` first.')
}

export function foreignStore(name: string, why: string): TenantDriftError {
  return unusable(
    name,
    why,
    'Name another file or database. This one belongs to another program, and nothing was written to it.',
  )
}

/** For a caller that comes late: the store was given up, or the program ends. */
export function closedStore(name: string): TenantDriftError {
  return unusable(name, 'it is closed', 'Run again.')
}

/** What somebody else holds for longer than one waits. */
export const HELD_BY_ANOTHER = [
  'another process has locked it',
  'Run again. If nothing else is running, look for a process that hangs.',
] as const

/** Does something with a store. What it throws is told in words of ours (`inWords`), but for what is that already. */
export async function guarded<T>(inWords: (error: unknown) => unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof TenantDriftError ? error : inWords(error)
  }
}
