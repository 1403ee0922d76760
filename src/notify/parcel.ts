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
  /** True where the memory began with the run that it tells: a first run, or what was remembered is lost. */
  readonly begins?: boolean
}

/** What this version packed into a store's text and `accepts` knows again; null for what is none, or was packed by another version. */
export function unpacked<T extends { readonly v: 1 }>(
  text: string | null,
  accepts: (value: Partial<T>) => boolean,
): T | null {
  let value: Partial<T> | null
  try {
    value = JSON.parse(text ?? 'null') as Partial<T> | null
  } catch {
    return null
  }
  return value !== null && value.v === 1 && accepts(value) ? (value as T) : null
}

export function unpack(body: string | null): Parcel | null {
  return unpacked<Parcel>(body, ({ items }) => Array.isArray(items))
}

export interface WaitingParcel {
  readonly id: number
  readonly parcel: Parcel
  /** Taken by a sender that died or is under way, or sent without an answer. */
  readonly mayBeHeard: boolean
}

export function parcelsOf(waiting: readonly Delivery[]): readonly WaitingParcel[] {
  return waiting.flatMap(({ id, body, isTaken }) => {
    const parcel = unpack(body)
    return parcel === null ? [] : [{ id, parcel, mayBeHeard: isTaken || parcel.mayBeHeard === true }]
  })
}
