import type { Json, JsonObject } from '../../src/schema/json.ts'
import type { Report } from '../../src/schema/report.ts'

/** Everything that a terminal, a browser, a reader of Markdown or a pipeline could take for more than text. */
export const HOSTILE: Readonly<Record<string, string>> = {
  ansi: '\u001B[31mred\u001B[0m\u001B]0;title\u0007\u009B2J',
  controls: 'in sync\rDrifted\u0008\u0000\u000B\u007F\u0085',
  lines: 'one\ntwo\u2028three\u2029four\r\n::error::five',
  bidi: '\u202Eevil\u2066\u200F\u200B\uFEFF\u{E0041}',
  invalid: '\uFFFE\uFFFF\uD800\uDC00\uD83D',
  html: '<script>alert(1)</script><img src=x onerror=alert(1)></style></script><!-- --> &amp; &#64; " \' >',
  xml: ']]> <![CDATA[x]]> <!DOCTYPE x [<!ENTITY e "x">]> &e;',
  markdown: '**bold** _it_ [a](https://evil.example/) ![i](https://evil.example/i) # h\n- l\n> q ~~s~~ \\| | a |',
  code: '`a` ``b`` ```c``` `',
  mentions: '@octocat @org/team #12 GH-12 octo/repo#12 https://evil.example/ www.evil.example a@evil.example',
  orders: '::set-output name=verdict::in-sync',
  'orders in a line': ' x ##[set-env name=A]b ##vso[task.setvariable variable=A]b ##teamcity[x] %0A::error::x',
  placeholders: '[link](1) {0} {{1}} %SRCROOT% ${x} $(id)',
  scheme: 'javascript:alert(1)',
  'long words': `${'wide宽'.repeat(80)}::${'x'.repeat(300)}`,
}

/** Words of ours: a report with others in their place is refused at the door. */
const OURS: ReadonlySet<string> = new Set([
  'kind',
  'origin',
  'direction',
  'impact',
  'severity',
  'seen',
  'code',
  'verdict',
  'gate',
  'failOn',
  'state',
  'binding',
  'certainty',
  'reason',
  'through',
  'why',
  'what',
  'because',
  // Times: the schema of reports lets nothing else stand there.
  'generatedAt',
  'judged',
  'takenAt',
])

/** The report with `text` in place of every string that is not a word of ours, and as a key of every value. */
export function plant(report: Report, text: string): Report {
  const { tool, ...rest } = report
  const planted = planting(rest as unknown as Json, text) as unknown as Report
  const findings = planted.findings.map((finding, index) => ({ ...finding, fingerprint: `${text}${index}` }))
  const live: Json = { [text]: [text, { [text]: text }] }
  const [first, ...others] = findings
  return {
    ...planted,
    tool: { ...tool, version: text },
    findings: [{ ...first!, live, declared: text }, ...others],
  }
}

/** The same, but the strings that are paths of known settings stay, so that the findings keep their rules and words. */
export function plantValues(report: Report, text: string): Report {
  const planted = plant(report, text)
  return {
    ...planted,
    findings: planted.findings.map((finding, index) => ({ ...finding, path: report.findings[index]!.path })),
  }
}

function planting(value: Json, text: string): Json {
  if (typeof value === 'string') return text
  if (Array.isArray(value)) return (value as Json[]).map((item) => planting(item, text))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, inner]) => [key, OURS.has(key) ? inner : planting(inner, text)]),
  )
}
