import type { Files } from '../git/disk-files.ts'
import type { Snapshot, TenantReader } from '../schema/snapshot.ts'
import { parseSnapshotFile, snapshotReader, type SnapshotDemands } from '../tenant/front.ts'
import { readFileText } from './files.ts'

/**
 * What a snapshot file holds. `what` is the setting that names it, and `shown` how messages call it. A module of its own, because a check seldom has
 * one, and it takes a schema to read.
 * @throws MistakesError `invalid_config`; TenantDriftError of a snapshot file
 */
export async function readSnapshot(
  file: string,
  what: 'live' | 'recorded',
  shown: string,
  demands: SnapshotDemands,
  files: Files,
): Promise<Snapshot> {
  return parseSnapshotFile(await readFileText(file, what, shown, files), demands)
}

/**
 * A reader of a snapshot file, which messages call `shown`.
 * @throws MistakesError `invalid_config`; TenantDriftError of a snapshot file
 */
export async function openSnapshot(
  file: string,
  shown: string,
  demands: SnapshotDemands,
  files: Files,
): Promise<TenantReader> {
  return snapshotReader(await readSnapshot(file, 'live', shown, demands, files))
}
