// How the tools start other programs and speak.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The pinned Node 24 of this repository (the npm package `node`). Whatever Node the machine has, our own code runs on this one. */
export const NODE_24 = join(ROOT, 'node_modules', 'node', 'bin', 'node')

/** @typedef {{ code: number, output: string, outOfTime: boolean }} Outcome */

/**
 * Runs a program to its end and keeps what it said (stdout and stderr, as they came). Never throws: a program that cannot be started is
 * an outcome with code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number, everySecond?: (seconds: number) => void }} [options]
 *   `show`: hand the output through as well, as it comes
 * @returns {Promise<Outcome>}
 */
export async function run(command, args, options = {}) {
  const { cwd = ROOT, env = process.env, show = false, timeoutMs, everySecond } = options
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    /** @type {Buffer[]} */
    const chunks = []
    let outOfTime = false
    const began = Date.now()
    const ticker = setInterval(() => everySecond?.(Math.round((Date.now() - began) / 1000)), 1_000)
    const deadline =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            outOfTime = true
            child.kill('SIGKILL')
          }, timeoutMs)
    /** @param {number} code */
    const finish = (code) => {
      clearInterval(ticker)
      clearTimeout(deadline)
      resolve({ code, output: Buffer.concat(chunks).toString('utf8'), outOfTime })
    }
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk)
      if (show) process.stdout.write(chunk)
    })
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk)
      if (show) process.stderr.write(chunk)
    })
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`))
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}

/** @param {string} text one line of progress */
export function say(text) {
  process.stdout.write(`${text}\n`)
}

/**
 * The end of a long output: what a person needs to see of a failure.
 * @param {string} text
 * @param {number} [lines]
 */
export function tail(text, lines = 25) {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

/**
 * An expected failure: its message says what is wrong and what to do; it is shown without a stack.
 */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError'
}

/**
 * Runs a tool's main function: expected failures end in one message and exit code 1, anything else is a bug and shows its stack.
 * @param {() => Promise<number | void>} main
 */
export async function runTool(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    process.stderr.write(
      error instanceof SetupError
        ? `\n${error.message}\n`
        : `${error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exitCode = 1
  }
}
