// Where the stories of `npm run demo` are told: a folder of the cache that goes with its story, an embedded tenant, and what did not go as told.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { startSimulator } from '../src/simulator/front.ts'
import { cacheFolder } from './environment.mjs'
import { runTool, say } from './run.mjs'

/** @typedef {{ exit: number, has: readonly string[], hasNot?: readonly string[] }} Expected */
/** @typedef {(title: string, outcome: import('./run.mjs').Outcome, expected: Expected) => void} Expect notes what is not as it was told */

/**
 * @param {(tenant: import('../src/simulator/front.ts').Simulator, folder: string, expect: Expect) => Promise<void>} tell
 * @param {(seconds: string) => string} end the last line, where all went as told
 * @param {import('../src/simulator/front.ts').SimulatorOptions} [options] of the tenant
 * @returns {Promise<void>}
 */
export function onStage(tell, end, options = {}) {
  return runTool(async () => {
    const began = Date.now()
    mkdirSync(cacheFolder(), { recursive: true })
    const folder = mkdtempSync(join(cacheFolder(), 'demo-'))
    const cleanUp = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    const stop = () => {
      cleanUp()
      process.exit(130)
    }
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, stop)
    /** @type {string[]} */
    const surprises = []
    const tenant = await startSimulator(options)
    try {
      await tell(tenant, folder, (title, { code, output }, { exit, has, hasNot = [] }) => {
        if (code !== exit) surprises.push(`${title}: exit ${code} where ${exit} was expected\n${output}`)
        const said = stripVTControlCharacters(output)
        for (const text of has) if (!said.includes(text)) surprises.push(`${title}: nothing says "${text}"`)
        for (const text of hasNot) if (said.includes(text)) surprises.push(`${title}: something says "${text}"`)
      })
    } finally {
      await tenant.close()
      cleanUp()
    }
    say('')
    for (const surprise of surprises) say(`NOT AS EXPECTED: ${surprise}`)
    if (surprises.length > 0) return 1
    say(end(((Date.now() - began) / 1000).toFixed(0)))
  })
}

/**
 * @param {number} number
 * @param {string} text
 * @param {readonly string[]} [more]
 */
export function scene(number, text, more = []) {
  say('')
  say(`${number}. ${text}`)
  for (const line of more) say(`   ${line}`)
}
