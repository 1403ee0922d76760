import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { render } from '../../src/report/front.ts'
import { CHROMIUM, domOf } from './chromium.ts'
import { HOSTILE, plantValues } from './hostile.ts'
import { cleanReport, richReport } from './rich-report.ts'

const page = async (report = richReport()) => (await render('html', report)) ?? ''

describe('the page', () => {
  it('allows its own style and script by their digests, and nothing else', async () => {
    const html = await page()
    const digest = (tag: string) =>
      hash('sha256', new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(html)?.[1] ?? '', 'base64')
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest('style')}'; script-src 'sha256-${digest('script')}'; base-uri 'none'; form-action 'none'`,
    )
  })

  it('asks nobody for anything', async () => {
    const html = await page()
    expect(html).not.toMatch(/\b(src|srcset|action|background)=|@import|url\(|<link/)
  })

  it('has no filter where there is nothing to filter', async () => {
    expect(await page(cleanReport())).not.toContain('<form')
  })

  it('has one heading of the first level, and names for all that can be operated', async () => {
    const html = await page()
    expect(html.match(/<h1>/g)).toHaveLength(1)
    const ids = html.match(/\sid="[^"]*"/g) ?? []
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id] of html.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(` id="${id}"`)
    expect(html.match(/<label[ >]/g)).toHaveLength(html.match(/<(input|select) /g)?.length ?? 0)
  })
})

const missing = CHROMIUM === null ? ' (skipped: no chromium on PATH)' : ''

describe.skipIf(CHROMIUM === null)(`the page in a browser${missing}`, () => {
  const shown = (dom: string) =>
    (dom.match(/<li class="card [^>]*>.*?<\/li>/gs) ?? [])
      .filter((card) => !/^<li [^>]*\shidden=/.test(card))
      .map((card) => /<span class="what">(?:<code>)?(.*?)</.exec(card)?.[1])

  /** Equal findings share a card. */
  const count = (dom: string) =>
    (dom.match(/<li class="card [^>]*>/g) ?? [])
      .filter((card) => !/\shidden=/.test(card))
      .reduce((sum, card) => sum + Number(/data-findings="(\d+)"/.exec(card)?.[1]), 0)

  it('shows all findings, and the filter that only its script can show', async () => {
    const dom = await domOf(await page())
    expect(count(dom)).toBe(richReport().findings.length)
    expect(dom).toMatch(/<form id="filter"(?![^>]*hidden)/)
    expect(dom).toContain('>14 findings</output>')
  })

  it.each([
    ['#severity=critical', ['signing_alg']],
    ['#search=ORDERS.example.com+hs256', ['signing_alg', 'signing_secret']],
    ['#kind=unmanaged', ['An API that nobody declares']],
    [
      '#severity=high&new=1',
      ['signing_alg', 'signing_secret', 'proof_of_possession.required', 'A declared API is gone'],
    ],
    ['#search=nothing+has+this', []],
    ['#search=%3Cimg+src%3Dx%3E', []],
  ])('opened with %s shows only what fits, and says how much', async (view, what) => {
    const dom = await domOf(await page(), view)
    expect(shown(dom)).toEqual(what)
    expect(dom).toContain(`>${what.length} of 14 findings</output>`)
    expect(dom).not.toContain('<img')
  })

  it('runs no script that somebody put into the file', async () => {
    const html = (await page()).replace(
      '</main>',
      `<script>document.title = 'taken'</script><p onclick="1"></p></main>`,
    )
    expect(await domOf(html)).not.toContain('<title>taken')
  })

  it.each(['html', 'code', 'bidi', 'scheme'])(
    'has only elements of ours where every text is hostile: %s',
    async (name) => {
      const dom = await domOf(await page(plantValues(richReport(), HOSTILE[name] ?? '')))
      const body = dom.replaceAll(/<(style|script)>.*?<\/\1>/gs, '')
      expect(body).not.toMatch(/<(img|script|iframe|svg|object)|\son\w+="|href="(?!#findings|https:\/\/auth0\.com\/)/)
      expect(count(dom)).toBe(14)
    },
  )
})
