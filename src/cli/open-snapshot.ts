import type { TenantReader } from '../schema/snapshot.ts'
import { parseSnapshotFile, snapshotReader, type SnapshotDemands } from '../tenant/front.ts'
import { readText } from './files.ts'

/**
 * A reader of a snapshot file, which messages call `shown`.
 * @throws MistakesError `invalid_config`; TenantDriftError of a snapshot file
 */
export async function openSnapshot(file: string, shown: string, demands: SnapshotDemands): Promise<TenantReader> {
  return snapshotReader(parseSnapshotFile(await readText(file, 'live', shown), demands))
}
