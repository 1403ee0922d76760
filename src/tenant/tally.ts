import type { Proof } from '../schema/proof.ts'

export type Purpose = keyof Proof['requests']

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** What has been asked and seen so far; the proof is a copy of it. One per reader. */
export interface Tally extends Omit<Writable<Proof>, 'requests' | 'notes'> {
  readonly requests: Writable<Proof['requests']>
  readonly notes: Set<string>
}

export function createTally(): Tally {
  return {
    total: null,
    pages: 0,
    items: 0,
    rereads: 0,
    secondLook: false,
    canary: null,
    fieldsRefused: false,
    requests: { token: 0, list: 0, confirm: 0, secret: 0 },
    retries: 0,
    waits: 0,
    notes: new Set(),
  }
}

export function proofOf(tally: Tally): Proof {
  return { ...tally, requests: { ...tally.requests }, notes: [...tally.notes] }
}

export const NOTES = {
  unbound: 'tenant not bound',
  refusedPaging: 'inventory incomplete: invalid_paging',
  unstable: 'unstable',
  named: 'named APIs only: no inventory',
  secondReading: 'missing APIs confirmed by a second reading',
} as const
