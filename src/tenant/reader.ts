import type { Look, Reading, SecretLook, TenantReader } from '../schema/snapshot.ts'
import { createBatcher } from './batcher.ts'
import type { TenantConfig } from './config.ts'
import { createConfirm, unreadableLook } from './confirm.ts'
import { lookAll, readInventory } from './inventory.ts'
import type { Inventory } from './inventory.ts'
import type { TenantLine } from './line.ts'
import type { ReaderOptions } from './options.ts'
import { createSecretReader } from './secrets.ts'
import { createSession, type Session } from './session.ts'
import { proofOf } from './tally.ts'

type ReadOutcome =
  | { readonly status: 'listed'; readonly inventory: Inventory }
  | Extract<Look, { status: 'unreadable' }>

/**
 * A reader of one tenant. It asks nothing before its first method is called, reads the list once for everybody, and never throws for what a
 * tenant does: failures are answers. With `targets` it looks at those APIs alone and claims nothing about others.
 */
export function createTenantReader(config: TenantConfig, options: ReaderOptions = {}): TenantReader {
  return readerOn(config, options, undefined)
}

function readerOn(config: TenantConfig, options: ReaderOptions, line: TenantLine | undefined): TenantReader {
  return readerIn(createSession(config, options, line), config, options)
}

/** The same in a session that somebody else looks into as well. */
export function readerIn(session: Session, config: TenantConfig, options: ReaderOptions): TenantReader {
  const confirm = createConfirm(session)
  const findAbsent = createBatcher<Look>(async (identifiers) => {
    const outcome = await read()
    return outcome.status === 'listed' ? confirm(outcome.inventory, identifiers) : lookAll(identifiers, () => outcome)
  })
  const secretDigests = createBatcher<SecretLook>(createSecretReader(session))
  let outcome: Promise<ReadOutcome> | null = null
  let reading: Promise<Reading> | null = null
  let isClosed = false

  function read(): Promise<ReadOutcome> {
    outcome ??= readInventory(session, options.targets).then(
      (inventory) => ({ status: 'listed', inventory }) as const,
      unreadableLook,
    )
    return outcome
  }

  async function makeReading(): Promise<Reading> {
    const result = await read()
    const proof = proofOf(session.tally)
    if (result.status !== 'listed') {
      const { code, message, advice } = result
      return { ok: false, code, message, advice, proof }
    }
    const { complete, items } = result.inventory
    return { ok: true, snapshot: { tenant: config.tenant, complete, items, proof } }
  }

  return {
    tenant: config.tenant,
    inventory() {
      reading ??= makeReading()
      return reading
    },
    async find(identifiers) {
      const result = await read()
      if (result.status !== 'listed') return lookAll(identifiers, () => result)
      const { byIdentifier } = result.inventory
      const absent = await findAbsent(identifiers.filter((identifier) => !byIdentifier.has(identifier)))
      return lookAll(identifiers, (identifier) => {
        const live = byIdentifier.get(identifier)
        return live === undefined ? (absent.get(identifier) as Look) : { status: 'read', live }
      })
    },
    secretDigests,
    async applications(identifiers) {
      const { readApplications } = await import('./applications.ts')
      return readApplications(session, identifiers)
    },
    async logs(question) {
      const { readLogs } = await import('./logs.ts')
      return readLogs(session, question)
    },
    fresh() {
      session.line.lease()
      return readerOn(config, options, session.line)
    },
    proof: () => proofOf(session.tally),
    async close() {
      if (isClosed) return
      isClosed = true
      await session.line.release()
    },
  }
}
