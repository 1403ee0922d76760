import { isDeepStrictEqual } from 'node:util'
import type { Origin } from '../schema/finding.ts'
import type { Json } from '../schema/json.ts'

/** What is known of the value that was declared when the code was last applied. */
export type BaseValue =
  | { readonly known: 'value'; readonly value: Json | undefined }
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
      return 'drift'
    case 'silent':
      return 'pending'
    case 'value':
      if (isDeepStrictEqual(base.value, declared)) return 'drift'
      return isDeepStrictEqual(base.value, live) ? 'pending' : 'conflict'
  }
}
