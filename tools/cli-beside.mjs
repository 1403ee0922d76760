// The Pulumi CLI, made beside other work: minutes on a machine without one, in which there is much to see that needs none.
import { join } from 'node:path'
import { findPulumi } from './pulumi-cli.mjs'
import { ROOT, run, tail } from './run.mjs'

/**
 * @typedef {object} Beside
 * @property {() => Promise<string | null>} ready waits for the CLI: null where it is there, else why there is none, in words for people
 */

/**
 * Looks for the CLI, and begins to make it where there is none. Its progress is one line of the screen.
 * @param {import('./screen.mjs').Screen} screen
 * @returns {Beside}
 */
export function startCliBeside(screen) {
  if (findPulumi() !== undefined) return { ready: () => Promise.resolve(null) }
  screen.say('There is no Pulumi CLI here. One is installed or built meanwhile, which takes minutes, once.')
  /** @type {Buffer[]} */
  const complaints = []
  let isMade = false
  const often = screen.isTerminal ? ['--often'] : []
  const made = run(process.execPath, [join(ROOT, 'tools', 'setup.mjs'), '--cli-beside', ...often], {
    show: (chunk, stream) => {
      // Why it failed is told once, at the end.
      if (stream === 'stderr') {
        complaints.push(chunk)
        return
      }
      const line = chunk.toString('utf8').trimEnd().split('\n').at(-1)?.trim() ?? ''
      if (line !== '') screen.progress(`[Pulumi CLI] ${line}`)
    },
  })
  void made.then(() => (isMade = true))
  return {
    ready: async () => {
      if (!isMade) screen.say('What is left needs the Pulumi CLI; waiting for it.')
      const { code, output } = await made
      screen.endProgress()
      if (code === 0) return null
      const why = Buffer.concat(complaints).toString('utf8').trim()
      return `There is no Pulumi CLI, and it could not be made. ${why === '' ? tail(output) : why}`
    },
  }
}
