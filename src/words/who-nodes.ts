import type { PhrasingContent } from 'mdast'
import type { ChangedBy } from '../schema/changed-by.ts'
import { code, words } from './markdown-nodes.ts'
import { showName } from './show.ts'
import { whoOf, type WhoOptions } from './who.ts'

/** Who changed it, as Markdown: what somebody else is called stands in code, where nothing is a mention or a link. Empty where nobody asked. */
export function whoNodesOf(
  findings: readonly { readonly changedBy?: ChangedBy }[],
  options: WhoOptions,
): PhrasingContent[] {
  return whoOf(findings, options).flatMap((parts, index) => [
    ...(index === 0 ? [] : [words('; ')]),
    ...parts.map((part) => (typeof part === 'string' ? words(part) : code(showName(part.name)))),
  ])
}
