/** The world around a command: where it writes, and what it may know. Tests bring their own. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths of flags begin here. */
  readonly cwd: string
  /** Epoch ms. */
  readonly now: () => number
  readonly isOutTerminal: boolean
  readonly isErrTerminal: boolean
}
