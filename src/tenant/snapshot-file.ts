import { identifierOf } from '../schema/identifier-of.ts'
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { TenantDriftError } from '../schema/errors.ts'
import type { ErrorCode } from '../schema/errors.ts'
import { canonicalText, exceedsDepth, fromEntries, isJsonObject, own } from '../schema/json.ts'
import type { Json, JsonObject } from '../schema/json.ts'
import { otherKind } from '../schema/known-files.ts'
import { proofSchema } from '../schema/proof-schema.ts'
import { keptItem } from '../schema/redact-unknown.ts'
import type { Proof } from '../schema/proof.ts'
import type { Snapshot, SnapshotFile } from '../schema/snapshot.ts'
import { isSameTenant } from '../schema/tenant-address.ts'
import { withoutSecretKey } from '../schema/secret-field.ts'
import { DEEPEST } from './list.ts'

/** An item lies two deep in the file. */
const DEEPEST_FILE = DEEPEST + 2
/** Clocks of two machines may differ by this much, in ms. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000

const fileShape = z.looseObject({
  schemaVersion: z.literal(1),
  takenAt: z.iso.datetime({ offset: true }),
  tenant: z.string().min(1),
  complete: z.boolean(),
  items: z.array(z.looseObject({ id: z.string().min(1), identifier: z.string().min(1) })),
  proof: proofSchema,
  digest: z.string(),
})

export interface SnapshotDemands {
  /** The tenant it must have been taken of; any where undefined. */
  readonly tenant?: string | undefined
  /** Infinity for a recorded file, which does not age. */
  readonly maxAgeMs: number
  /** Epoch ms. */
  readonly now: number
}

/** A snapshot as a file: no secrets, a date, and a digest over everything else. Equal snapshots and dates are equal bytes. */
export function toSnapshotFile(snapshot: Snapshot, takenAt: Date): SnapshotFile {
  const content = {
    schemaVersion: 1,
    takenAt: takenAt.toISOString(),
    tenant: snapshot.tenant,
    complete: snapshot.complete,
    items: snapshot.items.map((item) => keptItem(snapshot.tenant, item)),
    proof: snapshot.proof,
  } as const
  return { ...content, digest: contentDigest(content as unknown as JsonObject) }
}

/**
 * Reads a snapshot file and judges whether it may stand in for the tenant. The digest finds accidents and careless edits; it is no signature.
 * @throws TenantDriftError `malformed_body` (no JSON), `unexpected_shape`, `snapshot_altered`, `snapshot_other_tenant`, `snapshot_incomplete`,
 * `snapshot_too_old`
 */
export function parseSnapshotFile(text: string, demands: SnapshotDemands): Snapshot {
  const { file, proof, takenAt } = readFile(text)
  const tenant = own(file, 'tenant') as string
  if (own(file, 'digest') !== contentDigest(file))
    throw snapshotRefusal(
      'snapshot_altered',
      'The snapshot file does not match its own digest',
      'it was edited or damaged',
    )
  if (demands.tenant !== undefined && !isSameTenant(tenant, demands.tenant))
    throw snapshotRefusal(
      'snapshot_other_tenant',
      `The snapshot file was taken of ${tenant}`,
      `${demands.tenant} was asked for`,
    )
  const items = own(file, 'items') as readonly JsonObject[]
  const gap = own(file, 'complete') === true ? gapIn(items, proof) : 'it says that it is incomplete'
  if (gap !== null) throw snapshotRefusal('snapshot_incomplete', 'The snapshot file is not a complete reading', gap)
  const age = demands.now - takenAt
  if (age < -CLOCK_DIFFERENCE_MS)
    throw snapshotRefusal(
      'snapshot_too_old',
      'The snapshot file is dated in the future',
      'its age is not known; check the clocks',
    )
  if (age > demands.maxAgeMs)
    throw snapshotRefusal(
      'snapshot_too_old',
      'The snapshot file is too old',
      `it is ${span(age)} old, and ${span(demands.maxAgeMs)} are allowed`,
    )
  return {
    tenant,
    complete: true,
    items: items.map(withoutSecretKey),
    proof,
    takenAt: new Date(takenAt).toISOString(),
  }
}

/** Zod judges the shape; what is handed on is the raw value, because zod's copy lacks a key named `__proto__`. */
function readFile(text: string): { readonly file: JsonObject; readonly proof: Proof; readonly takenAt: number } {
  let file: Json
  try {
    file = JSON.parse(text.replace(/^\uFEFF/, '')) as Json
  } catch {
    throw snapshotRefusal('malformed_body', 'The snapshot file is not complete JSON', 'it may have been cut off')
  }
  const other = otherKind(file, ['snapshot'], null)
  if (other !== null) throw snapshotRefusal('unexpected_shape', 'This is not a snapshot file', `it ${other}`)
  if (!isJsonObject(file) || exceedsDepth(file, DEEPEST_FILE))
    throw snapshotRefusal(
      'unexpected_shape',
      'This is not a snapshot file',
      'it is not an object, or is nested too deep',
    )
  const checked = fileShape.safeParse(file)
  if (!checked.success) {
    const places = checked.error.issues.slice(0, 3).map((issue) => issue.path.join('.') || 'the file')
    throw snapshotRefusal(
      'unexpected_shape',
      'This is not a snapshot file of this version',
      `wrong: ${places.join(', ')}`,
    )
  }
  return { file, proof: own(file, 'proof') as unknown as Proof, takenAt: Date.parse(checked.data.takenAt) }
}

/** What the file's own proof must say of a complete list; null where it holds. */
function gapIn(items: readonly JsonObject[], proof: Proof): string | null {
  const identifiers = new Set(items.map(identifierOf))
  if (proof.total !== items.length || proof.items !== items.length)
    return `its proof does not count the ${items.length} APIs in it`
  if (identifiers.size !== items.length) return 'an API is in it twice'
  if (proof.canary === null || !identifiers.has(proof.canary.identifier))
    return 'it lacks the Management API of its own tenant'
  return null
}

function contentDigest(file: JsonObject): string {
  const content = fromEntries(Object.entries(file).filter(([key]) => key !== 'digest'))
  return createHash('sha256').update(canonicalText(content)).digest('hex')
}

function snapshotRefusal(code: ErrorCode, message: string, detail: string): TenantDriftError {
  const advice = 'Take a new one with `tenant-drift snapshot`, with the credentials of the tenant it is for.'
  return new TenantDriftError(code, `${message}: ${detail}`, advice)
}

/** Hours to one decimal; below an hour minutes, below a minute seconds. */
function span(ms: number): string {
  if (ms >= 3_600_000) return `${Math.round(ms / 360_000) / 10} h`
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1000)} s`
}
