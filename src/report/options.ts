export interface RenderOptions {
  /** ANSI colours, of `text` alone. */
  readonly color?: boolean
  /** Bytes that a Markdown text may have; 65,536 (a comment on GitHub) where it is not given. */
  readonly limit?: number
  /** Address of the whole report (https), for what had to be cut. */
  readonly link?: string
}
