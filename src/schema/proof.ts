/** How the Management API was recognised in the list, or why not. */
export type CanaryBinding = 'token-audience' | 'configured-audience' | 'unbound'

/** What was asked and seen to read a tenant, so that "complete" can be checked by the reader. No durations, no clock. */
export interface Proof {
  /** `total` that every page announced; null for a reading of named APIs. */
  readonly total: number | null
  readonly pages: number
  readonly items: number
  /** Readings begun again because a page did not fit the others. */
  readonly rereads: number
  /** True where page 0 was read once more at the end (a reading longer than two seconds). */
  readonly secondLook: boolean
  /** Identifier of the Management API found in the list, and how it was recognised. */
  readonly canary: { readonly identifier: string; readonly binding: CanaryBinding } | null
  /** True where the tenant refused `fields=signing_secret&include_fields=false`, so it was read in full and the key dropped. */
  readonly fieldsRefused: boolean
  /** Requests by purpose, retries included. */
  readonly requests: {
    readonly token: number
    readonly list: number
    readonly confirm: number
    readonly secret: number
    /** To learn whom differences hit (`--affected`); left out where nothing was asked. */
    readonly affected?: number
    /** Of the tenant log; left out where it was not asked for. */
    readonly log?: number
  }
  /** Repeated requests among them, and waits for the rate limit. */
  readonly retries: number
  readonly waits: number
  /** Things a reader of the proof must know: "tenant not bound", "inventory incomplete: invalid_paging", "unstable". */
  readonly notes: readonly string[]
}

/** How many requests were sent in all. */
export function requestsOf({ requests }: Proof): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0)
}
