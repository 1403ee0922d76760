import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { systemError, TenantDriftError } from '../schema/errors.ts'
import type { Snapshot, TenantReader } from '../schema/snapshot.ts'
import { domainIn, tenantConfig, type ConfigSources } from './config.ts'
import { envLayer, fromVariable, resolveSettings } from '../schema/setting-layers.ts'
import { AGELESS } from './options.ts'
import { createTenantReader } from './reader.ts'
import { parseSnapshotFile } from './snapshot-file.ts'
import { snapshotReader } from './snapshot-reader.ts'

/** What decides which tenant a Pulumi run reads, and how. */
export interface TenantSources extends ConfigSources {
  /** The folder that relative paths begin from. */
  readonly root: string
  /** Epoch ms; the age of a snapshot file is measured by it. */
  readonly now: number
}

/** Whether a snapshot file stands in for the tenant (TENANT_DRIFT_LIVE). */
export function readsSnapshot(env: ConfigSources['env']): boolean {
  return fromVariable('live', env) !== null
}

/** A reader of the tenant, or of the snapshot file that TENANT_DRIFT_LIVE names. @throws TenantDriftError */
export async function openTenant(sources: TenantSources): Promise<TenantReader> {
  const { pulumi, env, root, now } = sources
  const live = fromVariable('live', env)
  if (live === null) return createTenantReader(tenantConfig({ pulumi, env }))
  const tenant = domainIn(sources)
  return snapshotReader(
    parseSnapshotFile(await readSnapshotText(root, live, 'TENANT_DRIFT_LIVE'), {
      tenant,
      maxAgeMs: resolveSettings([envLayer(env, root, ['maxAge'])], root, ['maxAge']).maxAge.value,
      now,
    }),
  )
}

/** What was recorded; null where the file is not there and nobody named it. @throws TenantDriftError */
export async function readRecorded(root: string, file: string, isNamed: boolean): Promise<Snapshot | null> {
  if (!isNamed && !existsSync(path.resolve(root, file))) return null
  return parseSnapshotFile(await readSnapshotText(root, file, 'recorded'), AGELESS)
}

async function readSnapshotText(root: string, file: string, what: string): Promise<string> {
  try {
    const bytes = await readFile(path.resolve(root, file))
    if (!isUtf8(bytes)) throw systemError('EILSEQ')
    return bytes.toString('utf8')
  } catch (cause) {
    throw new TenantDriftError('invalid_config', `${what}: the file ${file} cannot be read`, 'Check its path.', {
      cause,
    })
  }
}
