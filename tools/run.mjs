// How the tools start other programs and speak.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The pinned Node 24 of this repository (the npm package `node`). Whatever Node the machine has, our own code runs on this one. */
export const NODE_24 = join(ROOT, 'node_modules', 'node', 'bin', 'node')

/**
 * What runs now: each in a process group of its own, so that npm's and go's own children end with them when we are told to.
 * @type {Set<import('node:child_process').ChildProcess>}
 */
const running = new Set()
const HANDED_ON = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
/** A tool of ours hands a signal on to what it runs itself, and must live until that has ended: each outer one waits longer. */
const GRACE_MS = 1_000
const OUTER_GRACE_MS = 3_000
const LOOK_MS = 50
let isEnding = false

/** @param {NodeJS.Signals} signal */
function handOn(signal) {
  isEnding = true
  const isOuter = [...running].some((child) => child.spawnargs[1]?.startsWith(join(ROOT, 'tools')) === true)
  for (const child of running) killGroup(child, 'SIGTERM')
  const end = () => {
    for (const child of running) killGroup(child, 'SIGKILL')
    process.exit(128 + constants.signals[signal])
  }
  setTimeout(end, isOuter ? OUTER_GRACE_MS : GRACE_MS)
  setInterval(() => running.size === 0 && end(), LOOK_MS)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function started(child) {
  running.add(child)
  if (running.size === 1) for (const signal of HANDED_ON) process.on(signal, handOn)
}

/** @param {import('node:child_process').ChildProcess} child */
function ended(child) {
  if (running.delete(child) && running.size === 0) for (const signal of HANDED_ON) process.off(signal, handOn)
}

/** @typedef {{ code: number, output: string, outOfTime: boolean }} Outcome */
/** @typedef {(chunk: Buffer, stream: 'stdout' | 'stderr') => void} Show */

/**
 * Runs a program to its end and keeps what it said (stdout and stderr, as they came). Never throws: a program that cannot be started is
 * an outcome with code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean | Show, timeoutMs?: number, everySecond?: (seconds: number) => void, onStart?: (pid: number) => void }} [options]
 *   `show`: hand the output through as well, as it comes; true is to our own
 * @returns {Promise<Outcome>}
 */
export async function run(command, args, options = {}) {
  const { cwd = ROOT, env = process.env, show = false, timeoutMs, everySecond, onStart } = options
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    if (child.pid !== undefined) onStart?.(child.pid)
    started(child)
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
            killGroup(child, 'SIGKILL')
          }, timeoutMs)
    /** @param {number} code */
    const finish = (code) => {
      ended(child)
      clearInterval(ticker)
      clearTimeout(deadline)
      // Nobody goes on with what was stopped.
      if (isEnding) return
      resolve({ code, output: Buffer.concat(chunks).toString('utf8'), outOfTime })
    }
    /** @type {Show} */
    const hand = (chunk, stream) => {
      if (typeof show === 'function') show(chunk, stream)
      else if (show) process[stream].write(chunk)
    }
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk)
      hand(chunk, 'stdout')
    })
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk)
      hand(chunk, 'stderr')
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
