import { LEAST_LENGTH } from './forms.ts'
import { createHider, type Hider } from './hide.ts'

/** The secret values that a run has learnt so far. Whoever learns one adds it before anything can name it. */
export class SecretValues {
  private readonly values = new Set<string>()
  private current: Hider | null = null

  /** Undefined and what is too short to be hidden are passed over. */
  readonly add = (value: string | undefined): void => {
    if (value === undefined || value.length < LEAST_LENGTH || this.values.has(value)) return
    this.values.add(value)
    this.current = null
  }

  /** All that was added until now. */
  all(): readonly string[] {
    return [...this.values]
  }

  /** Of all that was added until now: ask for it anew where something is said. */
  hider(): Hider {
    this.current ??= createHider(this.values)
    return this.current
  }
}
