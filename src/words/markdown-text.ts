import type { RootContent } from 'mdast'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'

/** Markdown in GitHub's dialect. */
export function markdownText(children: readonly RootContent[]): string {
  return toMarkdown(
    { type: 'root', children: [...children] },
    { extensions: [gfmToMarkdown({ tablePipeAlign: false })], bullet: '-' },
  )
}
