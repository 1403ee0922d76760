import { describe, expect, it } from 'vitest'
import { parseReport, render } from '../../src/report/front.ts'
import { TenantDriftError } from '../../src/schema/errors.ts'
import { richReport } from './rich-report.ts'

const text = async () => (await render('json', richReport())) ?? ''

function refusal(report: string): TenantDriftError {
  try {
    parseReport(report)
  } catch (error) {
    if (error instanceof TenantDriftError) return error
  }
  throw new Error('not refused')
}

describe('an earlier report', () => {
  it('renders to the same bytes again', async () => {
    expect(await render('json', parseReport(await text()))).toBe(await text())
    expect(await render('html', parseReport(await text()))).toBe(await render('html', richReport()))
  })

  it('keeps keys that a later version added, and values that look like a prototype', async () => {
    const later = JSON.parse(await text())
    const live = JSON.parse('{"__proto__": {"a": 1}}')
    const kept = parseReport(JSON.stringify({ ...later, later: true, findings: [{ ...later.findings[0], live }] }))
    expect(kept).toHaveProperty('later', true)
    expect(JSON.stringify(kept.findings[0]?.live)).toBe('{"__proto__":{"a":1}}')
  })

  it.each([
    ['', 'It is empty.'],
    ['{"schemaVersion":1,"verdi', 'It is not complete JSON.'],
    ['[]', 'It has no schemaVersion'],
    ['null', 'It has no schemaVersion'],
    ['{"schemaVersion":2}', 'Its schemaVersion is not 1'],
    ['{"schemaVersion":1}', 'It does not have the shape of a report.'],
    [`{"schemaVersion":1,"a":${'['.repeat(500)}${']'.repeat(500)}}`, 'It is nested deeper than 80 levels.'],
  ])('is refused: %s', (report, message) => {
    const error = refusal(report)
    expect(error.code).toBe('invalid_report')
    expect(error.message).toContain(message)
  })

  it('is refused where a time is none: nothing is hidden in one', async () => {
    const report = JSON.parse(await text())
    for (const times of [{ generatedAt: 'planted' }, { judged: { ...report.judged, at: 'planted' } }]) {
      expect(refusal(JSON.stringify({ ...report, ...times })).code).toBe('invalid_report')
    }
  })

  it('is refused with the places of what is wrong, and not with what stands there', async () => {
    const broken = JSON.parse(await text())
    broken.verdict = 'planted-verdict'
    broken.findings[3].severity = 7
    const { message } = refusal(JSON.stringify(broken))
    expect(message).toContain('verdict: ')
    expect(message).toContain('findings.3.severity: ')
    expect(message).not.toContain('planted')
  })

  it('is refused in words of ours, one for each way of being wrong', async () => {
    const broken = JSON.parse(await text())
    delete broken.findings[0].identifier
    broken.findings[1].counts = 'yes'
    broken.findings[2].severity = 'grave'
    broken.summary.new = null
    broken.resolved = {}

    expect(refusal(JSON.stringify(broken)).message.split('\n').slice(1)).toEqual([
      'summary.new: must be a number',
      'findings.0.identifier: is missing',
      'findings.1.counts: must be true or false',
      'findings.2.severity: must be one of low, medium, high, critical',
      'resolved: must be a list',
    ])
  })
})
