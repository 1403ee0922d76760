import { byCodeUnits, canonicalText, type Json } from '../schema/json.ts'
import { orderFindings, type Report, type ReportFinding } from '../schema/report.ts'

/** The report with every list in an order of its own, so that the same facts in any order give the same bytes. */
export function arrange(report: Report): Report {
  return {
    ...report,
    findings: orderFindings(report.findings),
    ignored: sortedBy(report.ignored, ({ finding }) => placeKey(finding)),
    resolved: sortedBy(report.resolved, placeKey),
    rules: sortedBy(report.rules, ({ rule }) => JSON.stringify([rule.resource_server, rule.path, rule.expires])),
    sources: [...report.sources].sort(byCodeUnits),
  }
}

function placeKey({ identifier, path, kind }: Pick<ReportFinding, 'identifier' | 'path' | 'kind'>): string {
  return JSON.stringify([identifier ?? '', path, kind])
}

function sortedBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  return items
    .map((item) => ({ item, key: key(item) + canonicalText(item as Json) }))
    .sort((a, b) => byCodeUnits(a.key, b.key))
    .map(({ item }) => item)
}

/** What a report is read for: what the code itself weakens, what counts, and what is only shown. In the report's order. */
export interface Parts {
  readonly weaker: readonly ReportFinding[]
  readonly counting: readonly ReportFinding[]
  readonly notices: readonly ReportFinding[]
}

/** What is declared and was not compared: every format says so, those too that otherwise hold what counts alone. */
export function uncompared(report: Report): readonly ReportFinding[] {
  return report.findings.filter(({ kind, counts }) => kind === 'not-compared' && !counts)
}

export function partsOf(report: Report): Parts {
  const isWeaker = (finding: ReportFinding) => finding.kind === 'weaker-declaration' && !finding.counts
  return {
    weaker: report.findings.filter(isWeaker),
    counting: report.findings.filter((finding) => finding.counts),
    notices: report.findings.filter((finding) => !finding.counts && !isWeaker(finding)),
  }
}
