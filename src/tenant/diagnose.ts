import { own } from '../schema/json.ts'
import type { Reading, TenantReader } from '../schema/snapshot.ts'
import { claimsOf, scopesOf } from './claims.ts'
import type { TenantConfig } from './config.ts'
import type { ReaderOptions } from './options.ts'
import { readerIn } from './reader.ts'
import { createSession } from './session.ts'

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

/**
 * Reads the tenant once, and says what that took. Never throws for what a tenant does. The reader has read then, and answers from that; who gets it
 * closes it.
 */
export async function diagnose(
  config: TenantConfig,
  options: ReaderOptions = {},
): Promise<{ readonly found: Diagnosis; readonly reader: TenantReader }> {
  const session = createSession(config, options)
  const reader = readerIn(session, config, options)
  const reading = await reader.inventory()
  const token = await session.token().catch(() => null)
  const claims = token === null ? {} : claimsOf(token.value)
  const expires = own(claims, 'exp')
  const found = {
    scopes: token === null ? null : scopesOf(token.value),
    audiences: token?.audiences ?? [],
    expiresAt: typeof expires === 'number' ? expires * 1000 : (token?.expiresAt ?? null),
    reading,
    rate: session.line.rateLimit.last(),
  }
  return { found, reader }
}
