import { stripVTControlCharacters } from 'node:util'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../src/schema/output-formats.ts'
import { parseReport, render } from '../../src/report/front.ts'
import { columnsOf } from '../../src/report/lines.ts'
import type { Report } from '../../src/schema/report.ts'
import { HOSTILE, plant, plantValues } from './hostile.ts'
import { junitMistakes, reportMistakes, sarifMistakes } from './judges.ts'
import { incompleteReport, richReport } from './rich-report.ts'

const NAMES = Object.keys(HOSTILE)
const REPORTS: readonly ((text: string) => Report)[] = [
  (text) => plant(richReport(), text),
  (text) => plantValues(richReport(), text),
  (text) => plant(incompleteReport(), text),
]

/** All renderings of one hostile text in one format. */
async function renderings(format: (typeof FORMATS)[number], name: string): Promise<readonly string[]> {
  const texts = await Promise.all(REPORTS.map((report) => render(format, report(HOSTILE[name] ?? ''))))
  return texts.filter((text) => text !== null)
}

describe.each(FORMATS)('hostile strings as %s', (format) => {
  it.each(NAMES)('%s: nothing unseen, and no order to a pipeline', async (name) => {
    for (const text of await renderings(format, name)) {
      expect(text).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
      expect(text).not.toMatch(/##\[|##vso\[|##teamcity\[/)
      const orders = text.split('\n').filter((line) => line.trimStart().startsWith('::'))
      expect(orders.filter((line) => !/^::(error|warning|notice) [^\n]*::/.test(line))).toEqual([])
      expect(orders.length > 0).toBe(format === 'github')
    }
  })
})

describe('hostile strings as text', () => {
  it.each(NAMES)('%s: 80 columns, and every line begins as ours', async (name) => {
    for (const text of await renderings('text', name)) {
      expect(text.split('\n').filter((line) => columnsOf(line) > 80)).toEqual([])
    }
  })

  it.each(NAMES)('%s: the colours are ours alone', async (name) => {
    const report = plant(richReport(), HOSTILE[name] ?? '')
    const colours = (text: string | null) => (text ?? '').match(/\u001B\[\d+(;\d+)*m/g)?.length
    const coloured = await render('text', report, { color: true })
    expect(stripVTControlCharacters(coloured ?? '')).toBe(await render('text', report))
    expect(colours(coloured)).toBeGreaterThan(10)
  })
})

describe('hostile strings as JSON', () => {
  it.each(NAMES)('%s: nothing is lost', async (name) => {
    const report = plant(richReport(), HOSTILE[name] ?? '')
    const back = JSON.parse((await render('json', report)) ?? '')
    expect(back.findings.toSorted(byFingerprint)).toEqual([...report.findings].sort(byFingerprint))
    expect(back.tenant).toBe(report.tenant)
  })

  it.each(NAMES)('%s: still a report, where days are days', async (name) => {
    const rich = plant(richReport(), HOSTILE[name] ?? '')
    const day = '2026-12-31'
    const report: Report = {
      ...rich,
      ignored: rich.ignored.map((item) => ({ ...item, expires: day })),
      rules: rich.rules.map((item) => ({ ...item, rule: { ...item.rule, expires: day } })),
    }
    const text = (await render('json', report)) ?? ''
    expect(reportMistakes(JSON.parse(text))).toBeNull()
    expect(await render('json', parseReport(text))).toBe(text)
  })
})

function byFingerprint(a: { fingerprint: string }, b: { fingerprint: string }): number {
  return a.fingerprint < b.fingerprint ? -1 : 1
}

describe('hostile strings as SARIF', () => {
  it.each(NAMES)('%s: valid, relative, without links and placeholders', async (name) => {
    for (const text of await renderings('sarif', name)) {
      const log = JSON.parse(text)
      expect(sarifMistakes(log)).toBeNull()
      for (const { message, locations } of log.runs[0].results) {
        expect(message.text).not.toMatch(/\]\(|\{\d+\}/)
        // An escape inside of an escape tells nobody what stood there.
        expect(message.text).not.toMatch(/\\u\\u/)
        expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w.%~!'()*-]+(\/+[\w.%~!'()*-]+)*\/?$/)
      }
    }
  })
})

describe('hostile strings as JUnit', () => {
  it.each(NAMES)('%s: valid XML, and no element of theirs', async (name) => {
    for (const text of await renderings('junit', name)) {
      // Names repeat where everything has the same text; all other rules hold.
      const mistakes = await junitMistakes(text)
      expect(mistakes.filter((mistake) => !mistake.includes('unique'))).toEqual([])
      expect(new Set(text.match(/<[/?!]?[\w-]+/g))).toSatisfy((tags: Set<string>) =>
        [...tags].every((tag) => /^<\/?\??(xml|testsuites?|testcase|failure|error|skipped|system-out)$/.test(tag)),
      )
    }
  })
})

it('keeps what looks like an entity as the text it is in JUnit', async () => {
  const xml = (await render('junit', { ...richReport(), name: null, tenant: '&e; &lt; &amp; &' })) ?? ''
  expect(xml).toContain('<testsuite name="&amp;e; &amp;lt; &amp;amp; &amp;" ')
})

const LINK = 'https://ci.example.com/run/1'

describe('hostile strings as Markdown', () => {
  it.each(NAMES)('%s: all of it is code, and the only markup is ours', async (name) => {
    for (const report of REPORTS) {
      const text = (await render('markdown', report(HOSTILE[name] ?? ''), { link: LINK })) ?? ''
      const html = micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })
      const tags = new Set((html.match(/<\/?[a-zA-Z!][^\s>/]*/g) ?? []).map((tag) => tag.replace('/', '')))
      const ours = [
        'code',
        'strong',
        'p',
        'h2',
        'h3',
        'table',
        'thead',
        'tbody',
        'tr',
        'th',
        'td',
        'ul',
        'li',
        'details',
        'summary',
      ]
      expect([...tags].filter((tag) => !ours.includes(tag.slice(1)))).toEqual([])
      // What is not in code becomes a mention, a reference or a link on GitHub.
      const prose = html.replaceAll(/<code>[^<]*<\/code>/g, '').replaceAll(/<[^>]*>/g, ' ')
      expect(prose).not.toMatch(/@\w|#\d|evil|GH-|javascript:|www\./)
      const rows = html.match(/<tr>(?:(?!<\/tr>).)*<\/tr>/gs) ?? []
      expect(rows.every((row) => [3, 4, 5, 6].includes(row.match(/<t[dh]/g)?.length ?? 0))).toBe(true)
    }
  })
})

describe('hostile strings as GitHub annotations', () => {
  it.each(NAMES)('%s: a property never becomes another one', async (name) => {
    for (const text of await renderings('github', name)) {
      for (const line of text.trimEnd().split('\n')) {
        expect(line).toMatch(/^::(error|warning|notice) (file=[^:,\n]+,)?(line=\d+,)?title=[^:,\n]*::[^\n]+$/)
      }
    }
  })
})

describe('hostile strings as GitLab code quality', () => {
  it.each(NAMES)('%s: the shape stays', async (name) => {
    for (const text of await renderings('gitlab', name)) {
      for (const issue of JSON.parse(text)) {
        expect(Object.keys(issue)).toEqual([
          'check_name',
          'description',
          'fingerprint',
          'judged',
          'location',
          'severity',
        ])
      }
    }
  })
})

describe('hostile strings as HTML', () => {
  it.each(NAMES)('%s: no element, attribute or address of theirs', async (name) => {
    for (const text of await renderings('html', name)) {
      const body = text.replace(/<style>.*?<\/style>/s, '').replace(/<script>.*?<\/script>/s, '')
      const tags = body.match(/<[a-zA-Z][^>]*>/g) ?? []
      expect(body).not.toMatch(/<(script|img|style|iframe|svg|object|link)/i)
      expect(tags.filter((tag) => / on\w+=|javascript:|evil/i.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([])
      const addresses = tags.flatMap((tag) => /\s(?:href|src)="([^"]*)"/.exec(tag)?.[1] ?? [])
      expect(addresses.filter((address) => !/^(#findings|https:\/\/auth0\.com\/)/.test(address))).toEqual([])
    }
  })
})
