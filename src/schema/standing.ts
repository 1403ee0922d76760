import type { Shown } from './finding.ts'

/** Where a difference stands in a tenant. */
export interface Place {
  /** Null for the tenant itself. */
  readonly identifier: string | null
  /** Pulumi property path inside the resource server; empty for a whole API. */
  readonly path: string
}

/** What a run knows of a place at which it found no difference. `live` is left out where there is no value. */
export type Standing =
  /** It did not look there: nothing may be concluded. */
  | { readonly look: 'none' }
  /** It looked, and nobody watches the place any more. */
  | { readonly look: 'unwatched'; readonly live?: Shown }
  | { readonly look: 'watched'; readonly live?: Shown }

export type StandingAt = (identifier: string | null, path: string) => Standing
