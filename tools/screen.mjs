// Whole lines of one piece of work, and beside them one line that tells how far another one is.
import { StringDecoder } from 'node:string_decoder'

const CLEAR = '\r\u001B[2K'

/**
 * A terminal shows the line of progress below everything else, and writes over it; where none looks on, each piece of progress is a line of its own,
 * never in the middle of somebody else's.
 */
export class Screen {
  /** @type {import('node:stream').Writable & { isTTY?: boolean, columns?: number }} */
  #out
  #progress = ''
  #isShown = false
  /** The beginning of a line whose end has not come yet. */
  #open = ''
  #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') }

  /** @param {import('node:stream').Writable & { isTTY?: boolean, columns?: number }} [out] */
  constructor(out = process.stdout) {
    this.#out = out
  }

  get isTerminal() {
    return this.#out.isTTY === true
  }

  /**
   * What a program says, as it comes. Both streams go to one: there is one bottom line.
   * @type {import('./run.mjs').Show}
   */
  show = (chunk, stream) => {
    const text = this.#open + this.#decoders[stream].write(chunk)
    const end = text.lastIndexOf('\n') + 1
    this.#open = text.slice(end)
    if (end > 0) this.#lines(text.slice(0, end))
  }

  /** @param {string} text one line */
  say(text) {
    this.flush()
    this.#lines(`${text}\n`)
  }

  /** @param {string} text one line, which the next one replaces */
  progress(text) {
    if (!this.isTerminal) {
      this.#lines(`${text}\n`)
      return
    }
    this.#progress = text
    this.#draw()
  }

  /** The other work is done: its line goes. */
  endProgress() {
    this.#clear()
    this.#progress = ''
  }

  /** What was left of a line that nobody ended. */
  flush() {
    if (this.#open === '') return
    const text = this.#open
    this.#open = ''
    this.#lines(`${text}\n`)
  }

  /** @param {string} text with its line breaks */
  #lines(text) {
    this.#clear()
    this.#out.write(text)
    this.#draw()
  }

  #clear() {
    if (this.#isShown) this.#out.write(CLEAR)
    this.#isShown = false
  }

  #draw() {
    this.#clear()
    if (this.#progress === '') return
    // A line that wraps could not be taken back.
    this.#out.write(this.#progress.slice(0, Math.max(10, (this.#out.columns ?? 80) - 1)))
    this.#isShown = true
  }
}
