import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Screen } from '../../tools/screen.mjs'

class Out extends Writable {
  readonly isTTY: boolean
  readonly columns = 20
  text = ''

  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

const GONE = '\r\u001B[2K'
const bytes = (text: string) => Buffer.from(text)

function screenOn(isTTY: boolean): { readonly out: Out; readonly screen: Screen } {
  const out = new Out(isTTY)
  return { out, screen: new Screen(out) }
}

describe('the screen', () => {
  it('keeps one line of progress below what is said, on a terminal', () => {
    const { out, screen } = screenOn(true)
    screen.progress('building (1 s)')
    screen.say('a test passed')
    screen.progress('building (2 s)')
    screen.endProgress()
    screen.say('done')

    expect(out.text).toBe(`building (1 s)${GONE}a test passed\nbuilding (1 s)${GONE}building (2 s)${GONE}done\n`)
  })

  it('cuts a line of progress that would wrap: it could not be taken back', () => {
    const { out, screen } = screenOn(true)
    screen.progress('building something with a long name')

    expect(out.text).toBe('building something ')
  })

  it('writes progress as lines where nobody looks on, and moves no cursor', () => {
    const { out, screen } = screenOn(false)
    screen.progress('building (20 s)')
    screen.say('a test passed')
    screen.endProgress()

    expect(out.text).toBe('building (20 s)\na test passed\n')
  })

  it.each([true, false])('puts no progress into the middle of a line or of a character (terminal: %s)', (isTTY) => {
    const { out, screen } = screenOn(isTTY)
    const [first, second] = [bytes('begun – ').subarray(0, 7), bytes('begun – ').subarray(7)]
    screen.show(first, 'stdout')
    screen.progress('building')
    screen.show(second, 'stdout')
    screen.show(bytes('and ended\n'), 'stdout')

    expect(out.text).toContain('begun – and ended\n')
  })

  it('says what nobody ended with a line break', () => {
    const { out, screen } = screenOn(false)
    screen.show(bytes('last words'), 'stdout')
    screen.flush()
    screen.flush()

    expect(out.text).toBe('last words\n')
  })
})
