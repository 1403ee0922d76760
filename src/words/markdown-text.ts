import type { RootContent } from 'mdast'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'

/** Markdown in GitHub's dialect. No line begins with a slash: GitLab would take it for an order of whoever posts it. */
export function markdownText(children: readonly RootContent[]): string {
  const text = toMarkdown(
    { type: 'root', children: [...children] },
    { extensions: [gfmToMarkdown({ tablePipeAlign: false })], bullet: '-' },
  )
  return text.replaceAll(/^(\s*)\//gm, '$1&#47;')
}
