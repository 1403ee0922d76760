import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalText } from '../../src/schema/json.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Snapshot, SnapshotFile } from '../../src/schema/snapshot.ts'
import { openTenant, parseSnapshotFile, readRecorded, snapshotReader, toSnapshotFile } from '../../src/tenant/front.ts'
import { identifiersOf, readerOf, tenantWith } from './with-tenant.ts'

const TAKEN = new Date('2026-11-24T10:00:00.000Z')
const HOUR = 3_600_000
const CANARY = { id: 'a1', identifier: 'https://acme.eu.auth0.com/api/v2/', is_system: true }

const SNAPSHOT: Snapshot = {
  tenant: 'acme.eu.auth0.com',
  complete: true,
  items: [
    CANARY,
    JSON.parse(
      '{"id":"a2","identifier":"urn:a","b":[null,{"__proto__":1}],"signing_secret":"planted-secret"}',
    ) as JsonObject,
  ],
  proof: {
    total: 2,
    pages: 1,
    items: 2,
    rereads: 0,
    secondLook: false,
    canary: { identifier: CANARY.identifier, binding: 'token-audience' },
    fieldsRefused: false,
    requests: { token: 1, list: 1, confirm: 0, secret: 0 },
    retries: 0,
    waits: 0,
    notes: [],
  },
}

const demands = { now: TAKEN.getTime() + HOUR, maxAgeMs: 2 * HOUR }
const text = (file: unknown): string => JSON.stringify(file)

/** A file with a digest that fits, whatever was changed in it. */
function signed(change: Partial<SnapshotFile>): string {
  const { digest: _, ...content } = { ...toSnapshotFile(SNAPSHOT, TAKEN), ...change }
  const digest = createHash('sha256')
    .update(canonicalText(content as unknown as JsonObject))
    .digest('hex')
  return text({ ...content, digest })
}

describe('a snapshot file', () => {
  it('comes back as the snapshot it was, without secrets', () => {
    const file = toSnapshotFile(SNAPSHOT, TAKEN)
    expect(text(file)).not.toContain('planted-secret')
    const snapshot = parseSnapshotFile(text(file), { ...demands, tenant: 'https://acme.eu.auth0.com/' })
    expect(text(snapshot.items[1])).toBe('{"id":"a2","identifier":"urn:a","b":[null,{"__proto__":1}]}')
    expect(snapshot).toMatchObject({ tenant: 'acme.eu.auth0.com', complete: true, proof: SNAPSHOT.proof })
  })

  it('has the SHA-256 of the canonical JSON of its other keys as its digest', () => {
    const { digest, ...content } = toSnapshotFile(SNAPSHOT, TAKEN)
    expect(digest).toBe(
      createHash('sha256')
        .update(canonicalText(content as unknown as JsonObject))
        .digest('hex'),
    )
  })

  it('may be laid out otherwise, with its keys in another order', () => {
    const file = Object.fromEntries(Object.entries(toSnapshotFile(SNAPSHOT, TAKEN)).reverse())
    expect(parseSnapshotFile(`\uFEFF${JSON.stringify(file, null, 2)}\r\n`, demands).items).toHaveLength(2)
  })

  it.each([
    ['snapshot_altered', 'one value edited', text(toSnapshotFile(SNAPSHOT, TAKEN)).replace('urn:a', 'urn:b')],
    ['snapshot_altered', 'its date edited', text(toSnapshotFile(SNAPSHOT, TAKEN)).replace('2026-11', '2026-12')],
    ['snapshot_other_tenant', 'another tenant', signed({ tenant: 'other.eu.auth0.com' })],
    ['snapshot_incomplete', 'an incomplete reading', signed({ complete: false })],
    ['snapshot_incomplete', 'fewer items than its proof counts', signed({ items: [CANARY] })],
    ['snapshot_incomplete', 'an API twice', signed({ items: [CANARY, CANARY] })],
    [
      'snapshot_incomplete',
      'no Management API',
      signed({
        items: [
          { id: 'x', identifier: 'urn:x' },
          { id: 'y', identifier: 'urn:y' },
        ],
      }),
    ],
    ['snapshot_too_old', 'an old date', signed({ takenAt: '2026-11-24T08:59:59.000Z' })],
    ['snapshot_too_old', 'a date in the future', signed({ takenAt: '2026-11-24T11:06:00.000Z' })],
    ['malformed_body', 'its end cut off', text(toSnapshotFile(SNAPSHOT, TAKEN)).slice(0, -5)],
    ['malformed_body', 'nothing in it', ''],
    ['unexpected_shape', 'a list', '[]'],
    ['unexpected_shape', 'another version', signed({ schemaVersion: 2 as 1 })],
    ['unexpected_shape', 'an item without an identifier', signed({ items: [{ id: 'x' }] })],
    ['unexpected_shape', 'no date', signed({ takenAt: 'yesterday' })],
    ['unexpected_shape', 'nesting without end', `{"items":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('is %s with %s', (code, _, file) => {
    expect(() => parseSnapshotFile(file, { ...demands, tenant: 'acme.eu.auth0.com' })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it.each([
    [90_000, 1000, 'it is 2 min old, and 1 s are allowed'],
    [3 * 3_600_000, 7_200_000, 'it is 3 h old, and 2 h are allowed'],
  ])('says in units that fit how old it is: %i ms', (age, maxAgeMs, words) => {
    const file = text(toSnapshotFile(SNAPSHOT, TAKEN))
    expect(() => parseSnapshotFile(file, { now: TAKEN.getTime() + age, maxAgeMs })).toThrow(words)
  })

  it('does not age where no age is demanded', () => {
    const years = { now: TAKEN.getTime() + 1e12, maxAgeMs: Infinity }
    expect(parseSnapshotFile(text(toSnapshotFile(SNAPSHOT, TAKEN)), years).complete).toBe(true)
  })
})

describe('a snapshot file that stands in for the tenant of a preview', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'snapshot-'))
    await writeFile(join(folder, 's.json'), text(toSnapshotFile(SNAPSHOT, TAKEN)))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const open = (config: Record<string, string>, domain: string) =>
    openTenant({
      pulumi: (key) => config[key],
      env: { TENANT_DRIFT_LIVE: 's.json', AUTH0_DOMAIN: domain },
      root: folder,
      now: TAKEN.getTime(),
    })

  it.each([
    [{}, ''],
    [{}, ' '],
    [{ 'auth0:domain': '' }, 'acme.eu.auth0.com'],
  ])('is of any tenant, or of the one that is named, where %j and %j set none', async (config, domain) => {
    await expect(open(config, domain)).resolves.toMatchObject({ tenant: 'acme.eu.auth0.com' })
  })

  it('is refused where it is not UTF-8 text, as everywhere else', async () => {
    await writeFile(join(folder, 'latin.json'), Buffer.from('"\u00e4"', 'latin1'))
    await expect(readRecorded(folder, 'latin.json', true)).rejects.toMatchObject({ code: 'invalid_config' })
  })

  it.each([
    [{}, 'other.eu.auth0.com'],
    [{ 'auth0:domain': '' }, 'other.eu.auth0.com'],
    [{ 'auth0:domain': 'other.eu.auth0.com' }, 'acme.eu.auth0.com'],
  ])('is refused where %j and %j name another one', async (config, domain) => {
    await expect(open(config, domain)).rejects.toMatchObject({ code: 'snapshot_other_tenant' })
  })
})

describe('a reader of a snapshot', () => {
  it('answers as a tenant would, without one', async () => {
    const tenant = await tenantWith({ apis: 3 })
    const reading = await readerOf(tenant).inventory()
    const taken = reading.ok ? toSnapshotFile(reading.snapshot, TAKEN) : null
    await tenant.close()
    const [first = ''] = identifiersOf(tenant)
    const reader = snapshotReader(parseSnapshotFile(text(taken), { ...demands, tenant: tenant.domain }))
    const looks = await reader.find([first, 'urn:gone'])
    expect([...looks.values()]).toMatchObject([{ status: 'read', live: { identifier: first } }, { status: 'missing' }])
    const secrets = await reader.fresh().secretDigests([first])
    expect(secrets.get(first)).toMatchObject({ status: 'unreadable', code: 'secret_unreadable' })
    await expect(reader.inventory()).resolves.toMatchObject({ ok: true, snapshot: { complete: true } })
  })

  it('of an incomplete snapshot never says missing', async () => {
    const looks = await snapshotReader({ ...SNAPSHOT, complete: false }).find(['urn:a', 'urn:gone'])
    expect([...looks.values()]).toMatchObject([
      { status: 'read' },
      { status: 'unreadable', code: 'snapshot_incomplete' },
    ])
  })
})
