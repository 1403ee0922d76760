import { describe, expect, it } from 'vitest'
import { FORMATS, type Format } from '../../src/schema/output-formats.ts'
import { reasonForNone, render } from '../../src/report/front.ts'
import type { Report } from '../../src/schema/report.ts'
import { junitMistakes, reportMistakes, sarifMistakes } from './judges.ts'
import { cleanReport, finding as findingOf, incompleteReport, richReport } from './rich-report.ts'

const EXTENSIONS: Record<Format, string> = {
  text: 'txt',
  json: 'json',
  sarif: 'sarif',
  junit: 'xml',
  markdown: 'md',
  github: 'github.txt',
  gitlab: 'gitlab.json',
  html: 'html',
}

const REPORTS: Record<string, () => Report> = { rich: richReport, incomplete: incompleteReport, clean: cleanReport }
const NAMES = Object.keys(REPORTS)

async function rendered(format: Format, report: Report): Promise<string> {
  const text = await render(format, report)
  if (text === null) throw new Error(`${format} wrote nothing`)
  return text
}

describe.each(['text', 'html', 'markdown', 'junit'] as const)('the format %s, for people', (format) => {
  it('says what a reader of the proof must know', async () => {
    const report = cleanReport()
    const proof = { ...report.proof!, notes: ['the list was read without a lock'] }
    expect(await rendered(format, { ...report, proof })).toContain('the list was read without a lock')
  })

  it('says which accept rules are to be looked at, also where there is no finding', async () => {
    const { rules } = richReport()
    expect(await rendered(format, { ...cleanReport(), rules })).toContain('The accept rule for')
  })

  it('says that what became less safe was not declared before', async () => {
    const weaker = { kind: 'weaker-declaration', path: 'signing_alg', declared: 'HS256', counts: false } as const
    const findings = [findingOf({ ...weaker, direction: 'weakened', severity: 'critical' })]
    const text = await rendered(format, { ...cleanReport(), findings })
    expect(text).toMatch(/\(not declared\)|was not declared before|\| - +\| `"HS256"`/)
  })
})

describe.each(FORMATS)('the format %s', (format) => {
  it('renders the rich report as it is kept', async () => {
    await expect(await rendered(format, richReport())).toMatchFileSnapshot(`__snapshots__/rich.${EXTENSIONS[format]}`)
  })

  it('gives the same bytes for the same findings in another order', async () => {
    const report = richReport()
    const shuffled = {
      ...report,
      findings: report.findings.toReversed(),
      ignored: report.ignored.toReversed(),
      rules: report.rules.toReversed(),
      sources: report.sources.toReversed(),
    }
    expect(await rendered(format, shuffled)).toBe(await rendered(format, report))
  })

  it('gives the same bytes for the same report with its keys in another order', async () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, turned(inner)]),
      )
    }
    expect(await rendered(format, turned(richReport()) as Report)).toBe(await rendered(format, richReport()))
  })
})

describe.each(FORMATS.filter((format) => format !== 'json'))('a secret that slipped into a finding', (format) => {
  it(`is hidden once more as ${format}`, async () => {
    const report = richReport()
    const findings = report.findings.map((finding) =>
      finding.path === 'signing_secret'
        ? { ...finding, declared: 'planted-secret-1', live: 'planted-secret-2' }
        : finding,
    )
    expect(await rendered(format, { ...report, findings })).not.toContain('planted-secret')
  })
})

describe('what is declared and was not compared', () => {
  it.each(FORMATS)('is said as %s, and by no alert', async (format) => {
    const { findings: _others, ...report } = richReport()
    const parts = { path: 'brand_new', origin: null, counts: false, why: 'unmapped' as const }
    const text = await rendered(format, { ...report, findings: [findingOf({ kind: 'not-compared', ...parts })] })
    const results = format === 'sarif' ? JSON.parse(text).runs[0].results : []

    expect(text).toContain('brand_new')
    expect(text.toLowerCase()).toContain('not compared')
    expect(results).toEqual([])
  })
})

describe('an incomplete run', () => {
  it('writes no SARIF, and says why', async () => {
    expect(await render('sarif', incompleteReport())).toBeNull()
    expect(reasonForNone('sarif', incompleteReport())).toContain('alerts that the file lacks as fixed')
  })

  it.each(FORMATS.filter((format) => format !== 'sarif'))('never looks in sync as %s', async (format) => {
    const text = await rendered(format, incompleteReport())
    expect(text).toContain('read:resource_servers')
    expect(text.toLowerCase()).not.toContain('in sync:')
  })

  it('has an error in JUnit, and no failure that would read as drift', async () => {
    const text = await rendered('junit', incompleteReport())
    expect(text).toContain('<error ')
    expect(text).not.toContain('<failure ')
  })

  it('is no empty list for GitLab, which would read as "all fixed"', async () => {
    expect(JSON.parse(await rendered('gitlab', incompleteReport()))).not.toEqual([])
  })
})

describe('published schemas', () => {
  it.each(NAMES)('JSON of the %s report is valid against the published schema', async (name) => {
    expect(reportMistakes(JSON.parse(await rendered('json', REPORTS[name]!())))).toBeNull()
  })

  it.each(['rich', 'clean'])('SARIF of the %s report is valid against the OASIS schema', async (name) => {
    expect(sarifMistakes(JSON.parse(await rendered('sarif', REPORTS[name]!())))).toBeNull()
  })

  it.each(NAMES)('JUnit of the %s report is valid against the common schema', async (name) => {
    expect(await junitMistakes(await rendered('junit', REPORTS[name]!()))).toEqual([])
  })

  it('refuses a report without a list, a log without results of the right shape, a suite without a name', async () => {
    const { findings: _, ...report } = richReport()
    expect(reportMistakes(report)).not.toBeNull()
    expect(sarifMistakes({ version: '2.1.0', runs: [{ results: [{}] }] })).not.toBeNull()
    expect(await junitMistakes('<testsuites tests="0" failures="0" errors="0"><testsuite/></testsuites>')).not.toEqual(
      [],
    )
  })
})

describe('SARIF', () => {
  interface Run {
    automationDetails: { id: string }
    tool: { driver: { rules: { id: string; help: unknown; helpUri: string }[] } }
    results: {
      ruleId: string
      ruleIndex: number
      level: string
      partialFingerprints: Record<string, string>
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[]
    }[]
  }

  async function runOf(report: Report): Promise<Run> {
    return JSON.parse(await rendered('sarif', report)).runs[0]
  }

  it('holds what counts and nothing else', async () => {
    const report = richReport()
    const { results } = await runOf(report)
    const fingerprints = results.map(({ partialFingerprints }) => partialFingerprints['tenantDriftFinding/v1'])
    expect(fingerprints).toEqual(report.findings.filter(({ counts }) => counts).map(({ fingerprint }) => fingerprint))
  })

  it('names for each result a rule that has help', async () => {
    const { results, tool } = await runOf(richReport())
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    expect(tool.driver.rules.every(({ help, helpUri }) => help !== undefined && helpUri.startsWith('https://'))).toBe(
      true,
    )
  })

  it('stands at the declared line, else at the first declared file, else at the configuration', async () => {
    const report = richReport()
    const [first] = report.findings.filter(({ counts }) => counts)
    const at = async (file: string | null, sources: readonly string[]) => {
      const { results } = await runOf({
        ...report,
        sources,
        findings: [{ ...first!, file, line: file === null ? null : 7 }],
      })
      const { artifactLocation, region } = results[0]!.locations[0]!.physicalLocation
      return `${artifactLocation.uri}:${region.startLine}`
    }
    expect(await at('declared/a b.yaml', ['declared/x.yaml'])).toBe('declared/a%20b.yaml:7')
    expect(await at(null, ['declared/x.yaml'])).toBe('declared/x.yaml:1')
    expect(await at('/home/somebody/declared/a.yaml', ['/srv/x.yaml', 'declared/x.yaml'])).toBe('declared/x.yaml:1')
    expect(await at('../outside.yaml', [])).toBe('tenant-drift.yaml:1')
    expect(await at('C:\\declared\\a.yaml', ['pulumi:stack.json'])).toBe('tenant-drift.yaml:1')
    expect(await at('declared\\a.yaml', [])).toBe('declared/a.yaml:7')
  })

  it.each([
    [{}, 'tenant-drift/prod/'],
    [{ name: null }, 'tenant-drift/acme.eu.auth0.com/'],
    [{ name: 'a/b' }, 'tenant-drift/a%2Fb/'],
    [{ gate: 'touched' as const }, 'tenant-drift/prod/touched/'],
    [{ targeted: true, onlyNew: true }, 'tenant-drift/prod/targeted-only-new/'],
  ])('has a category of its own for %j', async (parts, category) => {
    const run = await runOf({ ...richReport(), gate: 'all', ...parts })
    expect(run.automationDetails.id).toBe(category)
  })
})
