import type { Writing } from '../words/hide-rendered.ts'
import type { SecretValues } from '../words/secret-values.ts'

/** The world around a command: where it writes, and what it may know. Tests bring their own. */
export interface World {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths of flags begin here. */
  readonly cwd: string
  /** Epoch ms. A command's own is the clock of its run, which SOURCE_DATE_EPOCH stops. */
  readonly now: () => number
  readonly isOutTerminal: boolean
  readonly isErrTerminal: boolean
}

/** The world as a command has it: whatever it says passes what hides secrets. */
export interface Io extends World {
  /** `writing` says how a finished text is written, so that it stays well-formed; plain text unless given. */
  readonly out: (text: string, writing?: Writing) => void
  /** What must not be said. Whoever learns a secret adds it before anything can name it. */
  readonly secrets: SecretValues
  /** Of `performance.now()`: when the run began, in a process that has many; the process's own beginning where it is left out. */
  readonly began?: number
}
