import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it, onTestFinished } from 'vitest'
import { SEVERITIES } from '../../src/schema/finding.ts'
import { watchApp } from '../../src/watch/app.ts'
import { readDoors } from '../../src/watch/doors.ts'
import { PAGE_STYLE } from '../../src/watch/page/style.ts'
import { createChanges } from '../../src/watch/service.ts'
import { openStore } from '../../src/watch/store.ts'
import { startWorkers } from '../../src/watch/workers.ts'
import { decideOn, sqliteStore } from '../history/stores.ts'
import { differs } from '../memory/runs.ts'
import { CHROMIUM, domOf } from '../report/chromium.ts'
import { richReport } from '../report/rich-report.ts'
import { watchedTenant } from './watched.ts'

const DAY = 86_400_000
const TENANTS = 20

/** The app of a service whose tenants have a month behind them: differences of every severity, some over, one back, a place that cannot be read. */
async function pagesOf(paths: readonly string[]): Promise<readonly string[]> {
  const place = await sqliteStore()
  onTestFinished(() => place.close())
  const now = () => Date.parse('2026-11-30T12:00:00Z')
  const store = await openStore(
    () => place.open(),
    now,
    () => undefined,
  )
  const doors = readDoors({
    listen: '127.0.0.1:0',
    pageUrl: null,
    trustUserHeader: null,
    trustedProxy: [],
    token: null,
    tokenNow: () => null,
  })
  if ('mistakes' in doors) throw new Error('these are right')
  const tenants = Array.from({ length: TENANTS }, (_, index) =>
    watchedTenant(`tenant-${index}`, { address: `tenant-${index}.eu.auth0.com`, view: 'default' }),
  )
  await store.use(async (history) => {
    for (const [index, { key }] of tenants.entries()) {
      const findings = SEVERITIES.slice(0, index % 5).map((severity) =>
        differs({ severity, path: `scopes.${severity}` }),
      )
      for (const [day, found] of [findings, [], findings.slice(0, 1), findings].entries())
        await history.record(key, (memory) => ({
          ...decideOn({ findings: found }, now() - (20 - 5 * day) * DAY)(memory),
          report: JSON.stringify(richReport()),
        }))
    }
    await history.turns('one').plan(tenants.map(({ name }) => ({ tenant: name, due: now() })))
  })
  const options = {
    tenants,
    channels: () => [],
    doors,
    fleet: 'one',
    env: {},
    version: '0.0.0',
    now,
    log: () => undefined,
    hide: (text: string) => text,
  }
  const check = () => Promise.reject(new Error('nobody looks here'))
  const workers = startWorkers(
    store,
    { ...options, check, by: 'worker' },
    () => undefined,
    () => undefined,
  )
  const counters = { hookEvents: 0, hookRefused: 0, hookNotUnderstood: 0, tokensRefused: 0 }
  const app = watchApp({ ...options, store, workers, counters, changed: createChanges() })
  const texts: string[] = []
  for (const path of paths) {
    const answer = await app.request(`http://127.0.0.1${path}`, { headers: { host: '127.0.0.1' } }, {})
    expect([path, answer.status]).toEqual([path, 200])
    texts.push(await answer.text())
  }
  await store.close()
  return texts
}

const PATHS = ['/', '/tenants/tenant-4', '/episodes/1', '/runs/5', '/search?q=scopes']

const require = createRequire(import.meta.url)
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** One page with all of them in frames, each of which says what axe has against it. */
function framesOf(pages: readonly string[]): string {
  const look = `axe.run().then(({ violations, passes }) => parent.hear(name, violations.map(({ id, nodes }) => id + ': ' + nodes[0].html), passes.length))`
  const take = `const axeScript = document.createElement('script'); axeScript.textContent = parent.axeText; document.head.append(axeScript)`
  const scripts = `<script>addEventListener('load', () => { ${take}; ${look} })</script>`
  const frames = pages.map((page, index) => {
    const whole = page
      .replace('<link rel="stylesheet" href="/style.css">', `<style>${PAGE_STYLE}</style>`)
      .replace('<script src="/page.js" defer></script>', '')
      .replace('<link rel="icon" href="/icon.svg" type="image/svg+xml">', '')
      .replace('</body>', () => `${scripts}</body>`)
    return `<iframe name="${index}" width="1200" height="900" srcdoc="${whole.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
  })
  return `<!doctype html><html lang="en"><title>all</title><meta name="color-scheme" content="light dark"><pre id="heard"></pre>
<script>var axeText = ${JSON.stringify(AXE).replaceAll('<', '\\u003c')}; const heard = {}; function hear(name, violations, passes) { heard[name] = { violations, passes }; document.getElementById('heard').textContent = 'heard' + JSON.stringify(heard).replaceAll('<', '(') + 'end' }</script>
${frames.join('\n')}</html>`
}

interface Heard {
  readonly violations: readonly string[]
  readonly passes: number
}

async function heardIn(html: string, scheme: 'light' | 'dark'): Promise<readonly Heard[]> {
  const dom = await domOf(html, '', { scheme, budgetMs: 120_000 })
  const [, text = '{}'] = /heard(\{.*\})end/.exec(dom) ?? []
  return Object.values(JSON.parse(text) as Record<string, Heard>)
}

it.skipIf(CHROMIUM === null)(
  'axe has nothing against any page, in light and dark (skipped where there is no Chromium)',
  { timeout: 120_000 },
  async () => {
    const html = framesOf(await pagesOf(PATHS))
    const looks = await Promise.all((['light', 'dark'] as const).map((scheme) => heardIn(html, scheme)))
    for (const heard of looks) {
      expect(heard.map(({ violations }) => violations)).toEqual(PATHS.map(() => []))
      expect(Math.min(...heard.map(({ passes }) => passes))).toBeGreaterThan(15)
    }
  },
)
