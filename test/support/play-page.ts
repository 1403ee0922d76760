import { expect } from 'vitest'
import { codeBlocks } from '../docs/pages.ts'
import type { Shell } from './empty-shell.ts'

/** A page's `console` blocks, played one after the other, each as often as wanted; `rest` is how many were never played. */
export interface Play {
  next(shell: Shell): Promise<void>
  readonly rest: number
}

export function playOf(page: string): Play {
  const blocks = codeBlocks(page).filter(({ language }) => language === 'console')
  let at = 0
  return {
    next: async (shell) => {
      const block = blocks[at]
      if (block === undefined) throw new Error(`${page} has no more blocks`)
      at += 1
      await play(block.text, shell)
    },
    get rest() {
      return blocks.length - at
    },
  }
}

/**
 * Runs what a block shows: each `$ ` line to the letter, by bash. What stands below it must come in this order, where `...` is what the page
 * leaves out, at the end of a line too; `exit N` is the exit code, 0 where none is shown.
 */
export async function play(block: string, shell: Shell): Promise<void> {
  for (const [command = '', ...shown] of block
    .split(/^\$ /m)
    .flatMap((part) => (part === '' ? [] : [part.split('\n')]))) {
    const { code, log } = await shell.paste(command)
    const exit = shown.find((line) => /^exit \d+$/.test(line))
    const expected = shown.filter((line) => line !== '' && line !== exit && line.trim() !== '...')
    expect(missingIn(log.split('\n'), expected), `${command}\n${log}`).toEqual([])
    expect(code, `${command}\n${log}`).toBe(Number(exit?.slice(5) ?? 0))
  }
}

/** The expected lines that do not come, or not in this order. Where a line begins does not matter. */
function missingIn(lines: readonly string[], expected: readonly string[]): readonly string[] {
  const said = lines.map((line) => line.trim())
  let from = 0
  return expected.filter((line) => {
    const text = line.trim()
    const isSaid = (each: string): boolean =>
      text.endsWith(' ...') ? each.startsWith(text.slice(0, -3)) : each === text
    const found = said.findIndex((each, index) => index >= from && isSaid(each))
    if (found !== -1) from = found + 1
    return found === -1
  })
}
