import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { writeOutput } from '../../src/cli/write-output.ts'
import { replaceFiles } from '../../src/edit/write-files.ts'
import { folderWith, ioOf } from '../cli/run.ts'

it('a file is there whole or not at all in every turn, so that a signal finds nothing half-written', async () => {
  const cwd = folderWith()
  const text = 'x'.repeat(20_000_000)
  let isDone = false
  const written = writeOutput({ file: path.join(cwd, 'r.json'), shown: 'r.json', text }, 'text', ioOf(cwd)).then(
    () => (isDone = true),
  )
  const seen = new Set<string>()
  while (!isDone) {
    for (const name of readdirSync(cwd)) seen.add(name)
    await setImmediate()
  }
  await written

  expect([...seen, ...readdirSync(cwd)].filter((name) => name !== 'r.json')).toEqual([])
  expect(readFileSync(path.join(cwd, 'r.json'), 'utf8').length).toBe(text.length)
})

it('a file that cannot be written is said, and nothing is left of it', async () => {
  const cwd = folderWith({ 'r.json/inside': '' })

  await expect(
    writeOutput({ file: path.join(cwd, 'r.json'), shown: 'r.json', text: 'text' }, 'text', ioOf(cwd)),
  ).rejects.toThrow(/r\.json cannot be written/)
  expect(readdirSync(cwd)).toEqual(['r.json'])
})

it('new files are all there or none, and so are their folders', async () => {
  const cwd = folderWith({ 'there/b.json/inside': '' })
  const files = ['deep/er/a.json', 'there/b.json'].map((shown) => {
    return { file: path.join(cwd, shown), shown, before: null, after: 'text' }
  })

  await expect(replaceFiles(files, ioOf(cwd).secrets)).rejects.toThrow(/b\.json already exists, so nothing was written/)
  expect(readdirSync(cwd)).toEqual(['there'])
})
