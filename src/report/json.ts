import type { Json } from '../schema/json.ts'
import type { Report } from '../schema/report.ts'
import { arrange } from '../words/arrange.ts'
import { jsonText } from '../words/json-text.ts'

/** The report as schema/report.schema.json describes it: keys sorted, every list there. */
export function renderJson(report: Report): string {
  return jsonText(arrange(report) as unknown as Json)
}
