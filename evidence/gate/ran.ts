/** What a run left. */
export interface Ran {
  /** Null where it did not come to an end. */
  readonly code: number | null
  readonly log: string
  /** Of the command: standard output. */
  readonly out: string
  /** Of the action. */
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Bodies of what was posted. */
  readonly posted: readonly string[]
  /** Entries of the scene that were written, made or taken away. */
  readonly wrote: readonly string[]
  /** Artifacts of the GitLab job by name; null for one that is not there, or is no plain file. */
  readonly artifacts: Readonly<Record<string, string | null>>
}
