/** Where a command writes; tests bring their own. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}
