import { describe, expect, it } from 'vitest'
import { render } from '../../src/report/front.ts'
import { groupFindings } from '../../src/words/group-findings.ts'
import type { FORMATS } from '../../src/schema/output-formats.ts'
import { orderFindings, type Report, type ReportFinding } from '../../src/schema/report.ts'
import { cleanReport, finding } from '../report/rich-report.ts'

const name = (index: number) => `https://api-${String(index).padStart(3, '0')}.example.com/`

/** The same change on many APIs, with a graver one and a lesser one around it. */
function manyReport(apis: number): Report {
  const same = Array.from({ length: apis }, (_, index) =>
    finding({
      kind: 'changed',
      identifier: name(index),
      path: 'allow_offline_access',
      severity: 'medium',
      declared: false,
      live: true,
      file: `declared/${index}.yaml`,
      fingerprint: `${String(index).padStart(4, '0')}${'a'.repeat(28)}`,
    }),
  )
  const around = [
    finding({
      kind: 'changed',
      identifier: name(900),
      path: 'signing_alg',
      severity: 'critical',
      declared: 1,
      live: 2,
    }),
    finding({ kind: 'changed', identifier: name(901), path: 'name', severity: 'low', declared: 1, live: 2 }),
  ]
  const findings = orderFindings([...same, ...around])
  return { ...cleanReport(), verdict: 'drifted', exitCode: 2, findings }
}

const textOf = async (format: (typeof FORMATS)[number], report: Report) => (await render(format, report)) ?? ''

describe('equal findings', () => {
  it('are one group where the first of them stood', () => {
    const groups = groupFindings(manyReport(50).findings)
    expect(groups.map(({ first, members }) => [first.severity, first.path, members.length])).toEqual([
      ['critical', 'signing_alg', 1],
      ['medium', 'allow_offline_access', 50],
      ['low', 'name', 1],
    ])
    expect(groups[1]?.members.map(({ identifier }) => identifier)).toEqual(
      Array.from({ length: 50 }, (_, i) => name(i)),
    )
  })

  it.each([
    { live: false },
    { declared: null },
    { base: true },
    { severity: 'high' },
    { direction: 'weakened' },
    { impact: 'breaks-clients' },
    { origin: 'conflict' },
    { counts: false },
    { seen: 'new' },
    { path: 'name' },
    { identifier: null },
  ] satisfies readonly Partial<ReportFinding>[])('are none where they differ in %j', (other) => {
    const one = { kind: 'changed', path: 'allow_offline_access', declared: false, live: true } as const
    const findings = [finding(one), finding({ ...one, identifier: 'urn:other', ...other })]
    expect(groupFindings(findings)).toHaveLength(2)
  })

  it.each(['missing', 'unmanaged'] as const)('are whole APIs too, whatever they are called: %s', async (kind) => {
    const whole = (identifier: string) => {
      const plate = { identifier, name: `Name of ${identifier}` }
      return finding({ kind, identifier, ...(kind === 'missing' ? { declared: plate } : { live: plate }) })
    }
    const report: Report = { ...manyReport(0), findings: [whole('urn:a'), whole('urn:b')] }
    expect(groupFindings(report.findings)).toHaveLength(1)
    const text = (await textOf('text', report)).replaceAll(/\s+/g, ' ')
    expect(text).toMatch(
      /Each of these APIs is (declared and gone from the tenant|in the tenant and declared nowhere)\./,
    )
    expect(text).toMatch(/- urn:a .*- urn:b /)
  })

  it('stay apart where an API that is gone has a twin that differs by a slash', () => {
    const gone = (identifier: string) =>
      finding({ kind: 'missing', identifier, declared: { identifier }, live: { identifier: `${identifier}/` } })
    expect(groupFindings([gone('urn:a'), gone('urn:b')])).toHaveLength(2)
  })

  it.each(['text', 'markdown', 'html'] as const)(
    'are one entry with its 50 names and fingerprints in %s',
    async (format) => {
      const text = await textOf(format, manyReport(50))
      const entry = {
        text: /^MEDIUM {2}allow_offline_access/gm,
        markdown: /^\| medium/gm,
        html: /data-severity="medium"/g,
      }
      expect(text.match(entry[format])).toHaveLength(1)
      for (let index = 0; index < 50; index += 1) {
        expect(text).toContain(name(index))
        expect(text).toContain(`${String(index).padStart(4, '0')}aaaaaaaa`)
      }
    },
  )

  it.each(['text', 'markdown'] as const)('beyond 50 are counted in %s', async (format) => {
    const text = await textOf(format, manyReport(73))
    expect(text).toContain(name(49))
    expect(text).not.toContain(name(50))
    expect(text).toContain('and 23 more APIs')
  })

  it('give their names up before a comment gives up a row', async () => {
    const report = manyReport(50)
    const text = (await render('markdown', report, { limit: 2500 })) ?? ''
    expect(text.match(/^\| (critical|medium|low) /gm)).toHaveLength(3)
    expect(text).toContain('and 47 more')
    expect(text).not.toContain(name(20))
  })

  it.each(['json', 'junit', 'sarif', 'gitlab'] as const)('are one each in %s', async (format) => {
    const text = await textOf(format, manyReport(50))
    const one = {
      json: /"fingerprint"/g,
      junit: /<failure /g,
      sarif: /"tenantDriftFinding\/v1"/g,
      gitlab: /"fingerprint"/g,
    }
    expect(text.match(one[format])).toHaveLength(52)
  })
})
