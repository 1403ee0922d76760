import type { SecretValues } from '../words/secret-values.ts'

/** The world around the action: what GitHub's runner gives it. Tests bring their own. */
export interface ActionWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The job's log, where lines are commands to the runner, too. */
  readonly out: (text: string) => void
  /** Program and first arguments that start the command `tenant-drift`. */
  readonly command: readonly [string, ...string[]]
  /** Epoch ms. */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<unknown>
}

/** The world as the action has it: whatever it says passes what hides secrets. */
export interface ActionIo extends ActionWorld {
  readonly secrets: SecretValues
}

/** An expected failure: the run could not tell, and the message says what to do. */
export class ActionError extends Error {
  override name = 'ActionError'
}
