/** What the provider takes from outside, handed in once. */
export interface Surroundings {
  /** One key of the stack's configuration; undefined where it is not set. */
  readonly config: (key: string) => string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Working directory of the provider's process: the folder of the program. */
  readonly cwd: string
  /** Epoch ms; the age of a snapshot file is measured by it, and whether an accept rule is over. */
  readonly now: () => number
}
