import type { Origin } from '../schema/finding.ts'
import { sameJson, type Json } from '../schema/json.ts'

/** What is known of the value that was declared when the code was last applied. */
export type BaseValue =
  | { readonly known: 'value'; readonly value: Json | undefined }
  /** Something stood there that no value of this field can equal: another JSON type, or a secret field known by its digest only. */
  | { readonly known: 'other' }
  /**
   * What was declared is not kept, or cannot be told from the base (encrypted, a setting that its tool does not know): then a difference is taken for
   * drift, for the other answer would never count.
   */
  | { readonly known: 'not-kept' }
  /** The base has nothing to say here, and nothing is recorded: the code is about to say it for the first time. */
  | { readonly known: 'silent' }
  /** No base at all. */
  | { readonly known: 'none' }

/**
 * Whose doing a difference between declared and live is. All values in normal form, at one path, declared and live not equal.
 * Without any base every difference is drift: the report says that none was known.
 */
export function originOf(base: BaseValue, declared: Json | undefined, live: Json | undefined): Origin {
  switch (base.known) {
    case 'none':
    case 'not-kept':
      return 'drift'
    case 'silent':
      return 'pending'
    case 'other':
      return 'conflict'
    case 'value':
      if (sameJson(base.value, declared)) return 'drift'
      return sameJson(base.value, live) ? 'pending' : 'conflict'
  }
}
