import type { PhrasingContent } from 'mdast'
import type { ReportFinding } from '../schema/report.ts'
import { harmlessLine } from '../words/harmless.ts'
import { words } from '../words/markdown-nodes.ts'
import { whoNodesOf } from '../words/who-nodes.ts'
import { whoTexts } from '../words/who.ts'
import { WIDTH, wrap } from './lines.ts'

const LABEL = '  changed by  '

/** Who changed it, for a terminal: with persons, where they were asked for. */
export function whoLines(findings: readonly ReportFinding[]): readonly string[] {
  const texts = whoTexts(findings, { persons: true })
  return texts.flatMap((text, index) => wrap(harmlessLine(text), WIDTH, index === 0 ? LABEL : ' '.repeat(LABEL.length)))
}

/** The same behind a sentence of Markdown, without persons: comments and summaries are read by others. */
export function whoNodes(findings: readonly ReportFinding[]): PhrasingContent[] {
  const nodes = whoNodesOf(findings, { persons: false })
  return nodes.length === 0 ? [] : [words(' Changed by: '), ...nodes, words('.')]
}
