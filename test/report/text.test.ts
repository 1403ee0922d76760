import { describe, expect, it } from 'vitest'
import { render } from '../../src/report/front.ts'
import { columnsOf, wrap } from '../../src/report/lines.ts'
import type { Report } from '../../src/schema/report.ts'
import { cleanReport, finding, incompleteReport, richReport } from './rich-report.ts'

async function linesOf(report: Report): Promise<readonly string[]> {
  return ((await render('text', report)) ?? '').trimEnd().split('\n')
}

describe('the text of a report', () => {
  it.each([
    ['rich', richReport, 'DRIFTED  acme.eu.auth0.com (prod)'],
    ['incomplete', incompleteReport, 'COULD NOT TELL  acme.eu.auth0.com (prod)'],
    ['clean', cleanReport, 'IN SYNC  acme.eu.auth0.com (prod)'],
  ] as const)('begins with the verdict: %s', async (_name, report, line) => {
    expect((await linesOf(report()))[0]).toBe(line)
  })

  it.each([richReport, incompleteReport, cleanReport])('fits 80 columns', async (report) => {
    expect((await linesOf(report())).filter((line) => columnsOf(line) > 80)).toEqual([])
  })

  it.each([
    ['prod', 'tenant-drift repair --tenant prod'],
    ['a; rm -rf x', 'tenant-drift repair'],
    [null, 'tenant-drift repair'],
  ])('says of which tenant the next command is: %j', async (name, command) => {
    const lines = await linesOf({ ...richReport(), name })
    expect(lines.find((line) => line.includes('tenant-drift repair'))?.trim()).toBe(command)
  })

  it('shows what the code weakens first, then the worst', async () => {
    const lines = await linesOf(richReport())
    const order = ['The declaration became less safe', 'CRITICAL  signing_alg', 'HIGH  signing_secret', 'LOW  scopes']
    const places = order.map((start) => lines.findIndex((line) => line.startsWith(start)))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
  })

  it.each([
    [richReport, 'DRIFTED  8 count: 1 critical, 3 high, 3 medium, 1 low'],
    [incompleteReport, 'COULD NOT TELL  1 count: 1 high · 0 new · 0 ongoing · 0 resolved'],
    [cleanReport, 'IN SYNC  acme.eu.auth0.com (prod): 0 count'],
  ])('ends with the verdict and the counts', async (report, line) => {
    const last = (await linesOf(report())).at(-1) ?? ''
    expect(last.startsWith(line)).toBe(true)
    expect(columnsOf(last)).toBeLessThanOrEqual(80)
  })

  it('has one entry for all that a state took over on one API, with both readings and every setting', async () => {
    const took = { kind: 'undeclared', origin: 'drift', identifier: 'urn:a' } as const
    const findings = [
      finding({ ...took, path: 'signing_alg', declared: 'HS256', base: 'RS256', live: 'HS256', severity: 'critical' }),
      finding({ ...took, path: 'allow_offline_access', declared: true, base: false, live: true, severity: 'medium' }),
      finding({ ...took, path: 'token_lifetime', declared: 9, base: 8, live: 9, identifier: 'urn:b', severity: 'low' }),
    ]
    const report = { ...cleanReport(), verdict: 'drifted' as const, findings }
    const text = (await linesOf(report)).join('\n').replaceAll(/\n  +/g, ' ')

    expect(text).toContain(
      'CRITICAL  2 settings of one API urn:a: state and tenant agree on signing_alg ("HS256", recorded as "RS256"), allow_offline_access (true, recorded as false), and the record does not: either the code was applied after the record was made, or the tool took over what somebody set by hand. signing_alg:',
    )
    expect(text.match(/run tenant-drift record/g)).toHaveLength(2)
    expect(text).toContain('LOW  token_lifetime urn:b recorded  8')
    const markdown = (await render('markdown', report)) ?? ''
    expect(markdown.split('\n').filter((line) => line.includes('urn:a'))).toEqual([
      expect.stringMatching(
        /^\| critical.*`signing_alg`, `allow_offline_access`.*recorded differently.*both|took over/,
      ),
    ])
    // Each is a finding of its own to programs.
    expect((await render('json', report))?.match(/"fingerprint"/g)).toHaveLength(3)
  })

  it('puts before and after under one another', async () => {
    const lines = await linesOf(richReport())
    const place = lines.indexOf('  declared  "RS256"')
    expect(lines[place + 1]).toBe('  live      "HS256"')
  })

  it('says what to do next', async () => {
    expect((await linesOf(cleanReport())).at(-2)).toBe('Next: Nothing to do.')
    expect((await linesOf(richReport())).at(-3)).toContain('tenant-drift accept 0000')
    expect((await linesOf(incompleteReport())).at(-2)).toContain('tenant-drift doctor')
  })

  it('says why the exit code is 0 although something counts', async () => {
    const report: Report = { ...richReport(), exitCode: 0, failOn: 'critical' }
    expect((await linesOf(report)).join(' ')).toContain(
      'None reaches the severity of --fail-on critical, so the exit code is 0.',
    )
    expect((await linesOf({ ...report, failOn: 'never' })).join(' ')).toContain(
      'The exit code is 0 because of --fail-on never',
    )
  })

  it('says why the exit code is 1 although all is in sync', async () => {
    expect((await linesOf({ ...cleanReport(), exitCode: 1 })).join(' ')).toContain(
      'The exit code is 1: some accept rules need attention',
    )
  })

  it.each([
    ['ongoing', { onlyNew: true }, { seen: 'ongoing' }, '1 finding that the previous report has too.'],
    ['of another API', { gate: 'touched' }, { touched: false }, '1 finding on APIs that this change does not touch.'],
    ['pending', {}, { origin: 'pending' }, '1 change not applied yet.'],
  ] as const)('never claims that all stands as declared where something differs that is %s', async (...row) => {
    const [, run, parts, words] = row
    const gone = finding({ kind: 'missing', counts: false, declared: {}, ...parts })
    const lines = await linesOf({ ...cleanReport(), ...run, findings: [gone] })
    expect(lines[0]).toBe('NOTHING COUNTS  acme.eu.auth0.com (prod)')
    expect(lines.join(' ')).toContain(
      `Some things differ from the declaration, but none of them fails the run: ${words}`,
    )
    expect(lines.join(' ')).not.toContain('Nothing to do')
  })

  it('calls an API new in the code only where it is pending', async () => {
    const gone = finding({ kind: 'missing', counts: false, declared: {}, touched: false })
    const lines = await linesOf({ ...cleanReport(), gate: 'touched', findings: [gone] })
    expect(lines).toContain('  1 API is declared and gone from the tenant: https://orders.example.com/')
    const added = finding({ kind: 'missing', counts: false, declared: {}, origin: 'pending' })
    expect(await linesOf({ ...cleanReport(), findings: [added] })).toContain(
      '  1 API is new in the code: https://orders.example.com/',
    )
  })

  it('says of what drifted before how grave it is, where it is', async () => {
    const gone = finding({ kind: 'missing', counts: false, declared: {}, touched: false, severity: 'critical' })
    const lines = await linesOf({ ...cleanReport(), gate: 'touched', findings: [gone] })
    expect(lines).toContain('  critical: 1 API is declared and gone from the tenant:')
  })

  it('names as much of a fingerprint as tells it from the others', async () => {
    const fingerprint = '0123456789abcdef0123456789abcdef'
    const drifted: Report = { ...cleanReport(), verdict: 'drifted', exitCode: 2 }
    const one = finding({ kind: 'changed', path: 'signing_alg', declared: 'RS256', live: 'PS256', fingerprint })
    const twin = { ...one, path: 'name', fingerprint: '0123456789abffff0123456789abcdef' }
    expect((await linesOf({ ...drifted, findings: [one] })).at(-2)).toBe(
      '  tenant-drift accept 0123456789ab --reason ... --owner ... --expires ...',
    )
    expect((await linesOf({ ...drifted, findings: [one, twin] })).join(' ')).toMatch(
      /tenant-drift accept 0123456789ab(cdef|ffff)0123456789abcdef /,
    )
  })

  it('says what to do about an unreadable tenant once', async () => {
    const lines = (await linesOf(incompleteReport())).join(' ').replaceAll(/ +/g, ' ')
    const [error] = incompleteReport().errors
    expect(error?.advice.length).toBeGreaterThan(10)
    expect(lines.split(error?.advice ?? '')).toHaveLength(2)
  })

  it('says that nothing was read where no page came', async () => {
    const { proof, ...report } = incompleteReport()
    expect(proof).not.toBeNull()
    const nothing = { ...(proof as NonNullable<Report['proof']>), pages: 0, items: 0 }
    const lines = await linesOf({ ...report, proof: nothing })
    expect(lines.join(' ')).toContain('Nothing was read; ')
  })

  it('never claims that all stands as declared where only some APIs were looked at', async () => {
    expect((await linesOf({ ...cleanReport(), targeted: true }))[1]).toContain('of those that were looked at')
    const nothing = await linesOf({
      ...cleanReport(),
      targeted: true,
      summary: { ...cleanReport().summary, declared: 0, live: 0 },
    })
    expect(nothing[0]).toContain('NOTHING WAS COMPARED')
  })
})

/** A tenant that was never recorded and of which nothing is declared. */
function firstRun(apis: number): Report {
  const identifiers = Array.from({ length: apis }, (_, index) => `https://api-${index}.example.com/`)
  const notice = { origin: null, counts: false, file: null, line: null } as const
  const findings = identifiers.flatMap((identifier, index) => [
    finding({ ...notice, kind: 'unmanaged', identifier, live: { identifier, name: `API ${index}` } }),
    finding({ ...notice, kind: 'undeclared', identifier, path: 'scopes', live: [{ value: `read:${index}` }] }),
    finding({ ...notice, kind: 'undeclared', identifier, path: 'token_lifetime', live: 3600 + (index % 50) }),
    finding({ ...notice, kind: 'undeclared', identifier, path: 'allow_offline_access', live: true }),
  ])
  const clean = cleanReport()
  return {
    ...clean,
    against: { base: false, recorded: false, previous: false },
    findings,
    summary: { ...clean.summary, declared: 0, live: apis, notices: findings.length },
  }
}

describe('the text of a first run', () => {
  it('is a page of grouped notices, not a wall', async () => {
    const lines = await linesOf(firstRun(300))
    expect(lines.length).toBeLessThan(24)
    expect(lines).toContain('  allow_offline_access = true on 300 APIs')
    expect(lines).toContain('  300 APIs are in the tenant and declared nowhere')
    expect(lines.find((line) => line.startsWith('  token_lifetime'))).toMatch(
      /^ {2}token_lifetime: 50 values on 300 APIs/,
    )
    expect(lines.at(-2)).toContain('tenant-drift record')
    expect(lines.at(-1)).toBe('IN SYNC  acme.eu.auth0.com (prod): 0 count · 1200 notices')
  })

  it('says how many findings it leaves out of a wall that counts', async () => {
    const clean = cleanReport()
    const findings = Array.from({ length: 150 }, (_, index) =>
      finding({ kind: 'changed', path: 'token_lifetime', identifier: `urn:${index}`, declared: 1, live: 3600 + index }),
    )
    const report: Report = {
      ...clean,
      verdict: 'drifted',
      exitCode: 2,
      findings,
      summary: { ...clean.summary, counting: 150 },
    }
    expect(await linesOf(report)).toContain(
      '... and 50 more, none more severe: --output json or html holds all of them.',
    )
  })
})

describe('lines', () => {
  it.each([
    ['short', 10, ['short']],
    ['two words', 5, ['two', 'words']],
    ['averylongword', 5, ['avery', 'longw', 'ord']],
    ['ab averylongword', 5, ['ab', 'avery', 'longw', 'ord']],
    ['宽宽宽', 4, ['宽宽', '宽']],
    ['', 5, ['']],
  ])('breaks %j at %i columns', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  it('hangs the lines after the first', () => {
    expect(wrap('one two three', 10, '- ', 2)).toEqual(['- one two', '  three'])
  })
})
