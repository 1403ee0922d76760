import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOnPath } from '../../tools/on-path.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser of this machine; null where it has none. */
export const CHROMIUM = findOnPath(NAMES, process.env) ?? null

/** How somebody looks at a page. */
export interface Look {
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  /** Time that its scripts may take, in ms, which passes as fast as they let it; what is under way when it has loaded is not waited for unless given. */
  readonly budgetMs?: number
}

/** The page as a real browser has it after its scripts ran. `hash` opens it filtered. Nothing is sent anywhere. */
export async function domOf(
  html: string,
  hash = '',
  { scheme = 'light', width = 1280, budgetMs = 0 }: Look = {},
): Promise<string> {
  if (CHROMIUM === null) throw new Error('no browser')
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  try {
    const file = join(folder, 'report.html')
    await writeFile(file, html)
    const { stdout } = await promisify(execFile)(
      CHROMIUM,
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        `--user-data-dir=${join(folder, 'profile')}`,
        `--window-size=${width},900`,
        `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
        ...(budgetMs === 0 ? [] : [`--virtual-time-budget=${budgetMs}`]),
        '--dump-dom',
        `file://${file}${hash}`,
      ],
      { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    )
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
