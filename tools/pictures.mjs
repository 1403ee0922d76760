#!/usr/bin/env node
// npm run pictures: docs/pictures, made from real runs. The terminal is the demo's; the report is that of `tenant-drift check` on the demo's
// tenant. The same demo gives the same bytes of the terminal; the report's picture depends on the fonts of this machine.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { readDeclared } from '../src/sources/front.ts'
import { startSimulator } from '../src/simulator/front.ts'
import { deploy, vandalise } from './demo-tenant.mjs'
import { cleanEnvironment } from './environment.mjs'
import { findOnPath } from './on-path.mjs'
import { NODE_24, ROOT, run, runTool, say, SetupError } from './run.mjs'
import { terminalSvg } from './terminal-svg.mjs'

const PICTURES = join(ROOT, 'docs', 'pictures')
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** The port of an embedded tenant is another one each time. */
const SHOWN_TENANT = 'http://127.0.0.1:8080'
const MOST_BYTES = 200_000

/** What the terminal shows of a scene's violations: these, and how many lines more there are. */
const SHOWN_POLICIES = ['missing-api', 'signing-alg-drift', 'token-dialect-drift', 'token-lifetime-drift']

await runTool(async () => {
  const browser = findBrowser()
  mkdirSync(PICTURES, { recursive: true })
  writeFileSync(join(PICTURES, 'demo.svg'), await pictureOfDemo())
  say('docs/pictures/demo.svg')
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
  try {
    const report = await makeReport(folder)
    for (const look of /** @type {const} */ (['light', 'dark'])) {
      const name = look === 'light' ? 'report.png' : 'report-dark.png'
      await photograph(browser, report, look, join(PICTURES, name), folder)
      say(`docs/pictures/${name}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

async function pictureOfDemo() {
  const story = await run(NODE_24, [join(ROOT, 'tools', 'demo-story.mjs'), '--color'], { env: cleanEnvironment() })
  if (story.code !== 0) throw new SetupError(`The demo did not run as expected:\n${story.output}`)
  const lines = story.output.split('\n')
  const scenes = [2, 4].map((number) => shortened(scene(lines, number)))
  return terminalSvg(
    scenes.flatMap((shown, index) => (index === 0 ? shown : ['', ...shown])),
    {
      title: 'pulumi preview refuses a tenant that was changed in the dashboard',
      description:
        'Two scenes of npm run demo. In the first, somebody changed APIs in the dashboard, and the policy pack lists what is critical and stops the preview. ' +
        'In the second, a pull request and somebody in the dashboard changed the same setting, which is a conflict and stops it too.',
    },
  )
}

/**
 * @param {readonly string[]} lines
 * @param {number} number
 */
function scene(lines, number) {
  const from = lines.findIndex((line) => line.startsWith(`${number}. `))
  const to = lines.findIndex((line, index) => index > from && line === '')
  if (from === -1 || to === -1) throw new Error(`the demo has no scene ${number}`)
  const [title = '', ...rest] = lines.slice(from, to)
  return [`\u001b[1m${title}\u001b[0m`, ...rest]
}

/**
 * Only some of the violations, in the demo's own words for what is left out.
 * @param {readonly string[]} lines
 */
function shortened(lines) {
  /** @type {string[]} */
  const kept = []
  let left = 0
  let isKept = true
  for (const line of lines) {
    const plain = stripVTControlCharacters(line)
    if (plain.startsWith('        - [')) isKept = SHOWN_POLICIES.some((name) => plain.includes(`  ${name}  `))
    else if (!plain.startsWith('          ')) isKept = true
    const [, more] = /^ {4}\.\.\. (\d+) more lines$/.exec(plain) ?? []
    if (more !== undefined) left += Number(more)
    else if (!isKept) left += 1
    else {
      if (left > 0 && plain.startsWith('    exit')) kept.push(`    ... ${left} more lines`)
      kept.push(line)
    }
  }
  return kept
}

/**
 * What a user has after `record`, a visit to the dashboard, and `check --output html`.
 * @param {string} folder
 */
async function makeReport(folder) {
  cpSync(join(ROOT, 'declared'), join(folder, 'declared'), { recursive: true })
  const tenant = await startSimulator()
  try {
    deploy(tenant, await readDeclared(['declared/*.yaml'], { cwd: folder, variables: {} }))
    const env = { ...cleanEnvironment(), AUTH0_DOMAIN: tenant.domain, AUTH0_API_TOKEN: tenant.token }
    /** @param {readonly string[]} args */
    const command = (args) =>
      run(NODE_24, [join(ROOT, 'dist', 'bin', 'tenant-drift.js'), ...args], { cwd: folder, env })
    await command(['record'])
    vandalise(tenant)
    const check = await command(['check', '--base', 'declared/*.yaml', '--output', 'html=report.html'])
    if (check.code !== 2) throw new SetupError(`check ended with ${check.code}, and 2 was expected:\n${check.output}`)
    const file = join(folder, 'report.html')
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(tenant.domain, SHOWN_TENANT))
    return file
  } finally {
    await tenant.close()
  }
}

/**
 * @param {string} browser
 * @param {string} page
 * @param {'light' | 'dark'} look
 * @param {string} target
 * @param {string} folder
 */
async function photograph(browser, page, look, target, folder) {
  const shot = await run(
    browser,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--hide-scrollbars',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      `--blink-settings=preferredColorScheme=${look === 'light' ? 1 : 0}`,
      `--user-data-dir=${join(folder, 'profile')}`,
      '--window-size=1040,906',
      `--screenshot=${target}`,
      `file://${page}`,
    ],
    { timeoutMs: 60_000 },
  )
  if (shot.code !== 0) throw new SetupError(`The browser made no picture:\n${shot.output}`)
  const { size } = statSync(target)
  if (size > MOST_BYTES) throw new SetupError(`${target} has ${size} bytes; at most ${MOST_BYTES} are allowed`)
}

function findBrowser() {
  const found = findOnPath(BROWSERS, process.env)
  if (found !== undefined) return found
  throw new SetupError(
    `No Chromium on PATH (${BROWSERS.join(', ')}): the HTML report cannot be photographed. On Debian: apt-get install chromium`,
  )
}
