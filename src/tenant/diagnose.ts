import { isJsonObject, own, type Json } from '../schema/json.ts'
import type { Reading } from '../schema/snapshot.ts'
import type { TenantConfig } from './config.ts'
import { unreadable } from './confirm.ts'
import { readInventory } from './inventory.ts'
import type { ReaderOptions } from './options.ts'
import { createSession } from './session.ts'
import { proofOf } from './tally.ts'

/** What a person who sets this up wants to know of a tenant. Nothing of a token but what it allows. */
export interface Diagnosis {
  /** Scopes of the token; null where it is no JWT, or has no such claim. */
  readonly scopes: readonly string[] | null
  readonly audiences: readonly string[]
  /** Epoch ms; null where it does not say. */
  readonly expiresAt: number | null
  readonly reading: Reading
  readonly rate: { readonly limit: number; readonly remaining: number } | null
}

/** Reads the tenant once, and says what that took. Never throws for what a tenant does. */
export async function diagnose(config: TenantConfig, options: ReaderOptions = {}): Promise<Diagnosis> {
  const session = createSession(config, options)
  try {
    const reading = await readInventory(session, undefined).then(
      ({ complete, items }): Reading => {
        const proof = proofOf(session.tally)
        return { ok: true, snapshot: { tenant: config.tenant, complete, items, proof } }
      },
      (error: unknown): Reading => {
        const { code, message, advice } = unreadable(error)
        return { ok: false, code, message, advice, proof: proofOf(session.tally) }
      },
    )
    const token = await session.token().catch(() => null)
    const claims = token === null ? {} : claimsOf(token.value)
    const scope = own(claims, 'scope')
    const expires = own(claims, 'exp')
    return {
      scopes: typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : null,
      audiences: token?.audiences ?? [],
      expiresAt: typeof expires === 'number' ? expires * 1000 : (token?.expiresAt ?? null),
      reading,
      rate: session.line.rateLimit.last(),
    }
  } finally {
    await session.line.release()
  }
}

function claimsOf(token: string): Readonly<Record<string, Json>> {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json
    return isJsonObject(claims) ? claims : {}
  } catch {
    return {}
  }
}
