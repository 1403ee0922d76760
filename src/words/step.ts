/** A sentence of ours, or what a reader types or what came from elsewhere (`code`). Both printable. */
export interface Step {
  readonly text: string
  readonly isCode: boolean
}

/** Words of ours. */
export function say(text: string): Step {
  return { text, isCode: false }
}

/** What is typed, or came from elsewhere. */
export function typed(text: string): Step {
  return { text, isCode: true }
}
