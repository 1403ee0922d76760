import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { errorText } from '../../src/cli/error-text.ts'
import { FORMATS, type Format } from '../../src/schema/output-formats.ts'
import { render } from '../../src/report/front.ts'
import { MistakesError } from '../../src/schema/errors.ts'
import { printable } from '../../src/words/printable.ts'
import type { Report } from '../../src/schema/report.ts'
import { createHider, type Hider } from '../../src/words/hide.ts'
import { hideRendered } from '../../src/words/hide-rendered.ts'
import { hideReport } from '../../src/words/hide-report.ts'
import { plant, plantValues } from '../report/hostile.ts'
import { sarifMistakes } from '../report/judges.ts'
import { incompleteReport, richReport } from '../report/rich-report.ts'
import { anyQuotedTextWithSecrets, anyTextWithSecrets, leakFinder, piecesOf } from './secrets.ts'
import { holdsInTime, PATIENCE } from './seed.ts'

/** Each input is written in eight formats and as an error: 36,000 cases in the full form. */
const MOST = 4000

const WRITINGS = {
  text: 'text',
  json: 'json',
  sarif: 'json',
  junit: 'markup',
  markdown: 'markup',
  github: 'text',
  gitlab: 'json',
  html: 'markup',
} as const satisfies Readonly<Record<Format, unknown>>

/** One of everything with this text in every place: names, keys, messages, files. The tool's own name is not somebody else's. */
function reportWith(text: string, index: number): Report {
  const rich = richReport()
  const made = [plantValues(rich, text), plant(rich, text), plant(incompleteReport(), text)][index % 3] ?? rich
  return { ...made, tool: rich.tool }
}

/** The way of a run: its data first, then the finished text. */
async function finished(format: Format, report: Report, hider: Hider): Promise<string> {
  const text = await render(format, hideReport(report, hider))
  return hideRendered(text ?? '', WRITINGS[format], hider)
}

/** What is wrong with a text as its format; null where nothing is. Throws where JSON is none. */
const JUDGES: Readonly<Record<Format, (text: string) => unknown>> = {
  text: () => null,
  github: () => null,
  html: () => null,
  // All at once, below.
  junit: () => null,
  json: (text) => JSON.parse(text) && null,
  gitlab: (text) => JSON.parse(text) && null,
  // An incomplete run has none.
  sarif: (text) => (text === '' ? null : sarifMistakes(JSON.parse(text))),
  markdown: tornTags,
}

/** Tags that are opened and not shut, or the other way round. */
function tornTags(markdown: string): unknown {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })
  const count = (mark: RegExp) => html.match(mark)?.length ?? 0
  const tags = ['details', 'summary', 'table', 'code']
  const torn = tags.filter((tag) => count(new RegExp(`<${tag}[> ]`, 'g')) !== count(new RegExp(`</${tag}>`, 'g')))
  return torn.length === 0 ? null : torn
}

/** What xmllint says of many files at once, but that names repeat: to start it takes longer than to read them. */
async function xmlMistakes(texts: readonly string[]): Promise<readonly string[]> {
  if (texts.length === 0) return []
  const schema = readFileSync(path.join(import.meta.dirname, '../report/junit.xsd'), 'utf8')
  const xml = texts.map((contents, index) => ({ fileName: `${index}.xml`, contents }))
  const { errors } = await validateXML({ xml, schema, initialMemoryPages: 512, maxMemoryPages: 4096 })
  return errors.map(({ rawMessage }) => rawMessage).filter((message) => !/unique|fails to validate/.test(message))
}

const FILLER = 'Orders of all shops, '

/** What stands in every report, whatever is planted in it: with what is written around secrets, wherever that ends. */
async function makeWordsOfOurs(): Promise<ReadonlySet<string>> {
  const around = Array.from(FILLER, (_letter, end) => `(hidden)${FILLER.repeat(6)}${FILLER.slice(0, end)}`)
  const texts = await Promise.all(
    [FILLER, ...around].flatMap((text) =>
      [0, 1, 2].flatMap((index) => FORMATS.map((format) => render(format, reportWith(text, index)))),
    ),
  )
  return new Set(texts.flatMap((text) => [...piecesOf(text ?? ''), ...piecesOf((text ?? '').replaceAll(/\s+/g, ''))]))
}

let made: Promise<ReadonlySet<string>> | null = null
const wordsOfOurs = (): Promise<ReadonlySet<string>> => (made ??= makeWordsOfOurs())

describe('what a run says', { timeout: PATIENCE }, () => {
  it('holds no eight letters of a secret in any format, and is well-formed', async () => {
    const ours = await wordsOfOurs()
    let waiting: string[] = []
    await holdsInTime(
      fc.asyncProperty(anyTextWithSecrets, fc.nat(2), async ({ secrets, text }, index) => {
        const hider = createHider(secrets)
        const leaksIn = leakFinder(secrets, ours)
        const report = reportWith(text, index)
        for (const format of FORMATS) {
          const written = await finished(format, report, hider)
          expect([format, leaksIn(written)]).toEqual([format, []])
          expect([format, JUDGES[format](written)]).toEqual([format, null])
          // What was not hidden before it was written may show, and must not break.
          const late = hideRendered((await render(format, report)) ?? '', WRITINGS[format], hider)
          expect([format, JUDGES[format](late)]).toEqual([format, null])
          if (format === 'junit') waiting.push(written, late)
        }
        if (waiting.length < 100) return
        expect(await xmlMistakes(waiting)).toEqual([])
        waiting = []
      }),
      15,
      MOST,
    )
    expect(await xmlMistakes(waiting)).toEqual([])
  })

  it('holds none in an error', async () => {
    await holdsInTime(
      fc.asyncProperty(anyQuotedTextWithSecrets, async ({ secrets, text }) => {
        const messages = [
          printable(text, 20_000),
          `the key ${JSON.stringify(text)} is not known`,
          printable(JSON.stringify({ [text]: [text] }), 20_000),
          text,
        ]
        const mistakes = messages.map((message) => ({ file: text, line: 1, column: null, message }))
        const said = errorText(new MistakesError('invalid_config', mistakes), createHider(secrets))

        expect(leakFinder(secrets, piecesOf('Orders of all shops, Orders of all shops'))(said)).toEqual([])
      }),
      100,
      MOST,
    )
  })

  it('is not taken for a piece of a secret where it is a word of ours', async () => {
    const secret = '""a"h "a'
    const text = `${secret}${FILLER.repeat(6)}Orders of all sh`
    const written = await finished('html', reportWith(text, 1), createHider([secret]))
    expect(leakFinder([secret], await wordsOfOurs())(written)).toEqual([])
  })
})
