import { describe, expect, it } from 'vitest'
import { renderHistoryHtml } from '../../src/report/history-html.ts'
import type { EpisodeView, HistoryView } from '../../src/schema/history-view.ts'
import { CHROMIUM, domOf, type Look } from './chromium.ts'
import { HOSTILE } from './hostile.ts'

const day = (count: number) => new Date(Date.UTC(2026, 9, 1) + count * 86_400_000).toISOString()

function episode(index: number, more: Partial<EpisodeView> = {}): EpisodeView {
  return {
    tenant: 'acme.eu.auth0.com',
    view: 'default',
    identifier: `https://a-name-that-is-long-and-has-no-place-to-break-${index}.example.com/${'x'.repeat(90)}`,
    path: 'signing_alg',
    kind: 'changed',
    fingerprint: index.toString(16).padStart(32, '0'),
    state: 'open',
    origin: 'drift',
    form: 'counts',
    severity: 'critical',
    top: 'critical',
    since: day(index),
    first: day(index),
    seen: day(50),
    ended: null,
    how: null,
    returns: 0,
    message: 'signing_alg is declared as "RS256" and stands at "HS256".',
    changedBy: null,
    detectedIn: 600,
    ...more,
  }
}

const VIEW: HistoryView = {
  schemaVersion: 1,
  tool: { name: 'tenant-drift', version: '0.1.0' },
  at: day(60),
  tenants: [
    {
      address: 'acme.eu.auth0.com',
      view: 'default',
      name: null,
      lastRun: { from: day(50), to: day(60), times: 240, verdict: 'drifted', counting: 2 },
      lastComplete: day(60),
      unreadable: [],
      runs: [
        { from: day(0), to: day(20), times: 480, verdict: 'in-sync', counting: 0 },
        { from: day(20), to: day(21), times: 24, verdict: 'incomplete', counting: 0 },
        { from: day(21), to: day(60), times: 936, verdict: 'drifted', counting: 2 },
      ],
      resolved: 30,
      medianToResolve: 86_400,
      medianToDetect: 600,
      worstToDetect: 600,
    },
  ],
  episodes: [
    episode(1, { returns: 2 }),
    episode(2, { severity: 'low', top: 'low', path: '', kind: 'missing' }),
    ...Array.from({ length: 30 }, (_, index) =>
      episode(index + 10, { state: 'ended', ended: day(index + 11), how: 'mended' }),
    ),
  ],
}

/** The page tells what a browser makes of it, which its own policy would forbid. */
async function measured(look: Look): Promise<Readonly<Record<string, unknown>>> {
  const script = `<script>document.body.append(Object.assign(document.createElement('output'), { id: 'measured', textContent: JSON.stringify({
    width: document.documentElement.clientWidth,
    needed: document.documentElement.scrollWidth,
    ground: getComputedStyle(document.body).backgroundColor,
    text: getComputedStyle(document.body).color,
    bars: [...document.querySelectorAll('svg.line rect')].map((bar) => getComputedStyle(bar).fill),
    open: document.querySelector('details').open,
    cards: [...document.querySelectorAll('.card')].filter((card) => card.checkVisibility()).length,
  }) }))</script>`
  const page = (await renderHistoryHtml(VIEW))
    .replace(/<meta http-equiv[^>]*>/, '')
    .replace('</body>', `${script}</body>`)
  const [, text = '{}'] = /<output id="measured">(.*?)<\/output>/s.exec(await domOf(page, '', look)) ?? []
  return JSON.parse(text.replaceAll('&quot;', '"')) as Readonly<Record<string, unknown>>
}

describe('the page of a history', () => {
  it('has no script, asks nobody for anything, and nothing of the tenant is an element', async () => {
    for (const text of Object.values(HOSTILE)) {
      const page = await renderHistoryHtml({
        ...VIEW,
        tenants: VIEW.tenants.map((tenant) => ({ ...tenant, address: text, name: text })),
        episodes: [episode(1, { tenant: text, identifier: text, path: text, message: text })],
      })
      const tags = (page.match(/<[^>]*>/g) ?? []).join('')
      expect(page).not.toContain('\u202e')
      expect(tags).not.toMatch(/<(script|img|iframe|object)|\son\w+="|\b(src|srcset|action)=|@import|url\(|<link/)
    }
  })

  it('shows the newest run in the line, also where it only now began', async () => {
    const [tenant] = VIEW.tenants
    const runs = [
      { from: day(0), to: day(60), times: 1440, verdict: 'in-sync' as const, counting: 0 },
      { from: day(60), to: day(60), times: 1, verdict: 'drifted' as const, counting: 2 },
    ]
    const page = await renderHistoryHtml({ ...VIEW, tenants: [{ ...tenant!, runs }] })
    expect(page).toContain('<rect class="drifted" x="998.0" y="0" width="2.0" height="20">')
  })

  it('shows what is over at a click, the newest first, where it is much', async () => {
    const page = await renderHistoryHtml(VIEW)
    expect(page).toMatch(/<details class="all"><summary><h3>30 differences ended; half of them within 1 day<\/h3>/)
    expect(await renderHistoryHtml({ ...VIEW, episodes: VIEW.episodes.slice(0, 5) })).toContain(
      '<details class="all" open>',
    )
  })
})

const missing = CHROMIUM === null ? ' (skipped: no chromium on PATH)' : ''

describe.skipIf(CHROMIUM === null)(`the page of a history in a browser${missing}`, () => {
  it.each([
    ['light', 1280],
    ['light', 390],
    ['dark', 1280],
    ['dark', 390],
  ] as const)('%s, %i wide: fits, and every colour is of its scheme', { timeout: 60_000 }, async (scheme, width) => {
    const { needed, ground, text, bars, cards, ...seen } = await measured({ scheme, width })
    // A browser without a window goes no narrower than it likes.
    expect(seen['width']).toBeLessThan(width === 390 ? 640 : 1400)
    expect(needed).toBe(seen['width'])
    expect([ground, text]).toEqual(
      scheme === 'dark' ? ['rgb(20, 23, 27)', 'rgb(230, 233, 237)'] : ['rgb(255, 255, 255)', 'rgb(27, 31, 36)'],
    )
    expect(new Set(bars as readonly string[]).size).toBe(3)
    expect([seen['open'], cards]).toEqual([false, 2])
  })
})
