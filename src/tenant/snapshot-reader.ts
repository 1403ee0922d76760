import type { Look, SecretLook, Snapshot, TenantReader } from '../schema/snapshot.ts'
import { index, lookAll } from './inventory.ts'

/**
 * Answers from a snapshot alone, without a tenant. A complete snapshot proves absence by itself; an incomplete one only knows what it holds.
 * Secrets are not in a snapshot.
 */
export function snapshotReader(snapshot: Snapshot): TenantReader {
  const known = index(snapshot.items)
  const absent: Look = snapshot.complete
    ? { status: 'missing' }
    : {
        status: 'unreadable',
        code: 'snapshot_incomplete',
        message: 'The snapshot is not a complete reading, and this API is not in it',
        advice: 'Take a snapshot of the whole tenant.',
      }
  const secret: SecretLook = {
    status: 'unreadable',
    code: 'secret_unreadable',
    message: 'A snapshot holds no signing secrets',
    advice: 'Compare signing secrets in a run that reads the tenant itself.',
  }
  const reader: TenantReader = {
    tenant: snapshot.tenant,
    inventory: () => Promise.resolve({ ok: true, snapshot }),
    find: (identifiers) =>
      Promise.resolve(
        lookAll<Look>(identifiers, (identifier) => {
          const live = known.get(identifier)
          return live === undefined ? absent : { status: 'read', live }
        }),
      ),
    secretDigests: (identifiers) => Promise.resolve(lookAll(identifiers, () => secret)),
    fresh: () => reader,
    proof: () => snapshot.proof,
    close: () => Promise.resolve(),
  }
  return reader
}
