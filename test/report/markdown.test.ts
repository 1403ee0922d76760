import { describe, expect, it } from 'vitest'
import { render } from '../../src/report/front.ts'
import type { Report } from '../../src/schema/report.ts'
import { cleanReport, finding, richReport } from './rich-report.ts'

const LINK = 'https://ci.example.com/run/1'
const bytes = (text: string | null) => Buffer.byteLength(text ?? '')

/** Far more than a comment can hold, in characters of three bytes. */
function long(findings = 2000): Report {
  const clean = cleanReport()
  return {
    ...clean,
    verdict: 'drifted',
    exitCode: 2,
    summary: { ...clean.summary, counting: findings },
    findings: Array.from({ length: findings }, (_, index) =>
      finding({
        kind: 'changed',
        path: 'name',
        identifier: `urn:${String(index).padStart(5, '0')}`,
        declared: '宽'.repeat(50),
        live: index,
      }),
    ),
  }
}

describe('Markdown', () => {
  it('fits a comment, and says what was cut and where the rest is', async () => {
    const text = await render('markdown', long(), { link: LINK })
    expect(bytes(text)).toBeLessThanOrEqual(65_536)
    expect(bytes(text)).toBeGreaterThan(60_000)
    const shown = text?.match(/^\| medium/gm)?.length ?? 0
    expect(text?.slice(0, 1000)).toContain(
      `**${2000 - shown} rows left out here, none more severe than those shown:** [see the whole report](${LINK}).`,
    )
    expect(text?.startsWith('## Drifted: `acme.eu.auth0.com`')).toBe(true)
  })

  it.each([40, 300, 2000, 10_000])('keeps within %i bytes where it can, whole rows only', async (limit) => {
    const text = (await render('markdown', long(), { limit, link: LINK })) ?? ''
    expect(bytes(text)).toBeLessThanOrEqual(Math.max(limit, 120))
    expect(text).toMatch(/^(## Drifted: |\*\*Drifted\.\*\*)/)
    const rows = text.split('\n').filter((line) => line.startsWith('| '))
    expect(rows.every((row) => row.endsWith(' |'))).toBe(true)
  })

  it.each(['javascript:alert(1)', 'http://ci.example.com/', 'https://a:b@ci.example.com/', 'no address'])(
    'does not link to %s',
    async (link) => {
      const text = await render('markdown', long(), { link })
      expect(text).toContain('see the whole report (--output html or json)')
      expect(text).not.toContain(link)
    },
  )

  it('cuts nothing that fits', async () => {
    expect(await render('markdown', richReport(), { link: LINK })).not.toContain('left out')
  })
})

describe('GitHub annotations', () => {
  it('are ten of a level at most, the last of which says how many there are', async () => {
    const lines = ((await render('github', long(31))) ?? '').trimEnd().split('\n')
    const warnings = lines.filter((line) => line.startsWith('::warning '))
    expect(warnings).toHaveLength(10)
    expect(warnings.at(-1)).toBe(
      '::warning title=tenant-drift%3A 22 more findings::22 more findings of this level: see the whole report.',
    )
  })

  it('are all there where there are ten', async () => {
    const lines = ((await render('github', long(10))) ?? '').split('\n')
    expect(lines.filter((line) => line.includes(',title=medium%3A name::'))).toHaveLength(10)
  })

  it('stand at no file that is outside of the repository', async () => {
    const report = long(1)
    const findings = report.findings.map((one) => ({ ...one, file: '/home/somebody/a.yaml' }))
    expect(await render('github', { ...report, findings })).not.toContain('/home')
  })
})
