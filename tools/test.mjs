#!/usr/bin/env node
// npm test: the set-up, then everything that CI checks, then the line `N passed, N failed`. `npm test -- compare` runs only the tests whose
// path has that word; `npm run check` only the static steps. Where the machine has no Pulumi CLI, one is made while everything runs that needs none.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCliBeside } from './cli-beside.mjs'
import { cleanEnvironment } from './environment.mjs'
import { NODE_24, ROOT, run, runTool } from './run.mjs'
import { Screen } from './screen.mjs'

// An absent folder would be an error to dependency-cruiser.
const OURS = ['src', 'policies', 'test', 'bench', 'evidence', 'tools'].filter((folder) =>
  existsSync(join(ROOT, folder)),
)

/** @typedef {{ name: string, program: string, args: readonly string[], env?: Readonly<Record<string, string>> }} StaticStep */

/**
 * What is checked without running a test of ours, and by which program.
 * @type {readonly StaticStep[]}
 */
const STATIC_STEPS = [
  { name: 'types (tsc)', program: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'lint (oxlint)', program: 'node_modules/oxlint/bin/oxlint', args: [] },
  { name: 'format (oxfmt)', program: 'node_modules/oxfmt/bin/oxfmt', args: ['--check'] },
  {
    name: 'arrows (dependency-cruiser)',
    program: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', ...OURS],
  },
  { name: 'dead code (knip)', program: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
  {
    name: 'code that only tests use (knip)',
    program: 'node_modules/knip/bin/knip.js',
    args: ['--no-progress', '--production'],
  },
  { name: 'generated files', program: 'tools/generate.mjs', args: ['--check'] },
  // It packs the package to see what users get; our prepack would only build once more what the set-up has just built.
  {
    name: 'package (publint)',
    program: 'node_modules/publint/src/cli.js',
    args: ['--strict'],
    env: { npm_config_ignore_scripts: 'true' },
  },
  // `./provider` is for Pulumi's own process alone: it is ESM, and only ever imported.
  {
    name: 'types of the package (attw)',
    program: 'node_modules/@arethetypeswrong/cli/dist/index.js',
    args: ['--pack', '.', '--no-definitely-typed', '--exclude-entrypoints', 'provider'],
    env: { npm_config_ignore_scripts: 'true' },
  },
]

const WITHOUT_CLI = { name: 'unit and integration tests', projects: ['unit', 'integration'] }
const WITH_CLI = { name: 'engine tests (the real Pulumi)', projects: ['engine'] }

const screen = new Screen()
/** @param {string} text */
const say = (text) => screen.say(text)

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

await runTool(async () => {
  const onlyStatic = process.argv.includes('--static')
  const filters = process.argv.slice(2).filter((argument) => argument !== '--static')
  const count = { passed: 0, failed: 0, skipped: 0 }

  // The set-up needs the caller's own way to the internet; everything after it gets a clean environment.
  const setup = await run(process.execPath, [join(ROOT, 'tools', 'setup.mjs'), '--project'], { show: true })
  // A failed set-up is counted, and what can run without it still does.
  if (setup.code !== 0 || (filters.length === 0 && !onlyStatic)) report(count, 'set-up', setup.code === 0)
  const cli = onlyStatic ? null : startCliBeside(screen)
  const env = cleanEnvironment()
  if (!process.stdout.isTTY) env.NO_COLOR = '1'

  if (filters.length === 0) await runStaticSteps(env, count)
  if (cli !== null) {
    await runVitest(WITHOUT_CLI, filters, env, count)
    const why = await cli.ready()
    if (why === null) await runVitest(WITH_CLI, filters, env, count)
    else {
      report(count, `${WITH_CLI.name}: not run`, false)
      say(why)
    }
  }

  if (count.skipped > 0) say(`(${count.skipped} skipped: their titles say why)`)
  if (count.passed + count.failed === 0) report(count, 'no test matched', false)
  say(`${count.passed} passed, ${count.failed} failed`)
  return count.failed === 0 ? 0 : 1
})

/**
 * Two at a time, for each of them keeps one core at work: each begins when the one before the last has ended. Said in their order.
 * @param {NodeJS.ProcessEnv} env
 * @param {Count} count
 */
async function runStaticSteps(env, count) {
  /** @type {ReturnType<typeof runStatic>[]} */
  const outcomes = []
  for (const step of STATIC_STEPS) outcomes.push(Promise.resolve(outcomes.at(-2)).then(() => runStatic(step, env)))
  for (const outcome of outcomes) {
    const { name, code, output, seconds } = await outcome
    report(count, `${name}, ${seconds.toFixed(1)} s`, code === 0)
    if (code !== 0) say(output.trimEnd())
  }
}

/**
 * @param {StaticStep} step
 * @param {NodeJS.ProcessEnv} env
 */
async function runStatic(step, env) {
  const began = Date.now()
  const outcome = await run(NODE_24, [join(ROOT, step.program), ...step.args], { env: { ...env, ...step.env } })
  return { ...outcome, name: step.name, seconds: (Date.now() - began) / 1000 }
}

/**
 * @param {{ name: string, projects: readonly string[] }} testRun
 * @param {readonly string[]} filters
 * @param {NodeJS.ProcessEnv} env
 * @param {Count} count
 */
async function runVitest(testRun, filters, env, count) {
  say(testRun.name)
  const folder = mkdtempSync(join(tmpdir(), 'tenant-drift-test-'))
  try {
    const file = join(folder, 'results.json')
    const projects = testRun.projects.flatMap((project) => ['--project', project])
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const outcome = await run(NODE_24, [VITEST, 'run', ...projects, ...reporters, '--passWithNoTests', ...filters], {
      env,
      show: screen.show,
    })
    screen.flush()
    const result = resultsOf(file)
    count.passed += result.passed
    count.skipped += result.skipped
    count.failed += result.failed
    // An error outside of any test, or a run that never began.
    if (outcome.code !== 0 && result.failed === 0) report(count, testRun.name, false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} file
 * @returns {Count}
 */
function resultsOf(file) {
  try {
    /** @type {{ numPassedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */
    const results = JSON.parse(readFileSync(file, 'utf8'))
    const failures = results.testResults.map((suite) => {
      const failed = suite.assertionResults.filter((test) => test.status === 'failed').length
      // A file that does not load, or whose hook fails, has no failed test of its own.
      return failed === 0 && suite.status === 'failed' ? 1 : failed
    })
    const failed = failures.reduce((sum, next) => sum + next, 0)
    return { passed: results.numPassedTests, failed, skipped: results.numPendingTests + results.numTodoTests }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

/**
 * @param {Count} count
 * @param {string} name
 * @param {boolean} isGood
 */
function report(count, name, isGood) {
  if (isGood) count.passed += 1
  else count.failed += 1
  say(`${isGood ? 'ok    ' : 'FAILED'} ${name}`)
}
