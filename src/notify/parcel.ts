import type { Delivery } from '../history/front.ts'
import type { Item } from './item.ts'

/** What one delivery of a message channel holds in the outbox: what is told, not yet how. */
export interface Parcel {
  readonly v: 1
  readonly items: readonly Item[]
  /** Epoch ms of the oldest thing in it: after three days nobody waits for it any more. */
  readonly made: number
  /** Of the run that told it; null where it has no page. */
  readonly link: string | null
  /** True once a service refused the full one: then it goes once more without any text of a tenant. */
  readonly isPlain: boolean
  /** True once no answer came: it may have been heard. */
  readonly mayBeHeard?: boolean
}

export function pack(parcel: Parcel): string {
  return JSON.stringify(parcel)
}

/** Null for what is none, or was packed by another version. */
export function unpack(body: string | null): Parcel | null {
  if (body === null) return null
  try {
    const parcel = JSON.parse(body) as Partial<Parcel> | null
    return parcel !== null && parcel.v === 1 && Array.isArray(parcel.items) ? (parcel as Parcel) : null
  } catch {
    return null
  }
}

export interface Waiting {
  readonly id: number
  readonly parcel: Parcel
  /** Taken by a sender that died or is under way, or sent without an answer. */
  readonly mayBeHeard: boolean
}

export function parcelsOf(waiting: readonly Delivery[]): readonly Waiting[] {
  return waiting.flatMap(({ id, body, isTaken }) => {
    const parcel = unpack(body)
    return parcel === null ? [] : [{ id, parcel, mayBeHeard: isTaken || parcel.mayBeHeard === true }]
  })
}
