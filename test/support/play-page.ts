import { chmodSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect } from 'vitest'
import { NODE_24, ROOT } from '../../tools/run.mjs'
import { bash } from '../action/workflow.ts'
import { folderWith } from '../cli/run.ts'
import { codeBlocks } from '../docs/pages.ts'

const require = createRequire(import.meta.url)

export interface Stage {
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The tenant, which the page calls `acme.eu.auth0.com`. */
  readonly domain: string
}

/** A page's `console` blocks, played one after the other, each as often as wanted; `rest` is how many were never played. */
export interface Play {
  next(stage: Stage): Promise<void>
  readonly rest: number
}

export function playOf(page: string): Play {
  const blocks = codeBlocks(page).filter(({ language }) => language === 'console')
  let at = 0
  return {
    next: async (stage) => {
      const block = blocks[at]
      if (block === undefined) throw new Error(`${page} has no more blocks`)
      at += 1
      await play(block.text, stage)
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
async function play(block: string, { env, cwd, domain }: Stage): Promise<void> {
  for (const [command = '', ...shown] of block
    .split(/^\$ /m)
    .flatMap((part) => (part === '' ? [] : [part.split('\n')]))) {
    const { code, log } = await bash(command, env, cwd)
    const lines = log.replaceAll(domain, 'acme.eu.auth0.com').split('\n')
    const exit = shown.find((line) => /^exit \d+$/.test(line))
    const expected = shown.filter((line) => line !== '' && line !== exit && line.trim() !== '...')
    expect(missingIn(lines, expected), `${command}\n${log}`).toEqual([])
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

/** A folder for PATH in which `npx` runs this repository's command and the real deploy CLI, and other tools are the given scripts. */
export function toolsWith(scripts: Readonly<Record<string, string>> = {}): string {
  const npx = `case "$1" in
  tenant-drift) shift; exec "${NODE_24}" "${join(ROOT, 'src', 'cli', 'main.ts')}" "$@" ;;
  a0deploy) shift; exec "${NODE_24}" "${require.resolve('auth0-deploy-cli')}" "$@" ;;
esac
exit 1`
  const all = { npx, ...scripts }
  const folder = folderWith(
    Object.fromEntries(Object.entries(all).map(([name, text]) => [name, `#!/bin/sh\n${text}\n`])),
  )
  for (const name of Object.keys(all)) chmodSync(join(folder, name), 0o755)
  return folder
}
