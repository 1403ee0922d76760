import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../docs/pages.ts'

const BIN = path.join(ROOT, 'dist', 'bin')

/** Files of the bundle that load with these, themselves too. */
function loadedWith(files: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(files)
  for (const file of loaded) {
    const text = readFileSync(path.join(BIN, file), 'utf8')
    for (const [, from = ''] of text.matchAll(/^import [^"']*["'](\.{1,2}\/[^"']+)["']/gm))
      loaded.add(path.join(path.dirname(file), from))
  }
  return loaded
}

it('what only asks the history loads neither what reads tenants nor what compares', () => {
  const chunks = readdirSync(path.join(BIN, 'chunks'))
    .filter((name) => name.endsWith('.js') && name.startsWith('tenant-drift-'))
    .map((name) => path.join('chunks', name))
  const holding = (words: string) => chunks.filter((file) => readFileSync(path.join(BIN, file), 'utf8').includes(words))
  const listing = holding('no history is named: give --history, TENANT_DRIFT_HISTORY')
  const [undici, sides] = [holding('UND_ERR_CONNECT_TIMEOUT'), holding('ZodError')]
  expect([listing.length, undici.length > 0, sides.length > 0]).toEqual([1, true, true])
  const loaded = loadedWith(listing)
  expect([...undici, ...sides].filter((file) => loaded.has(file))).toEqual([])
})
