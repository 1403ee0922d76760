import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findConfig } from '../../src/declared/config-file.ts'
import { diskFiles } from '../../src/git/disk-files.ts'
import { mistakesOf } from './memory-files.ts'
import { readPlainFile } from '../../src/declared/plain-file.ts'
import { MistakesError } from '../../src/schema/errors.ts'

/** Lists that each repeat the one before nine times. */
const nested = (levels: number): string =>
  Array.from({ length: levels }, (_, at) =>
    at === 0 ? 'l0: &l0 [x]' : `l${at}: &l${at} [${Array.from({ length: 9 }, () => `*l${at - 1}`).join(', ')}]`,
  ).join('\n')

describe('a configuration whose aliases are endless', () => {
  it.each([
    ['lies in a list', 'accept: &a [*a]\n', 1],
    ['lies in a mapping', 'declared: a\ntenants: &a\n  acme: *a\n', 2],
    ['lies in what nobody looks into', 'accept:\n  - live: &a [*a]\n', 1],
    ['repeats others, which repeat others', nested(12), 7],
  ])('is a mistake with its line, where the alias %s', async (_, text, line) => {
    const error: unknown = await readPlainFile('tenant-drift.yaml', text).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(MistakesError)
    expect((error as MistakesError).mistakes).toEqual([
      {
        file: 'tenant-drift.yaml',
        line,
        column: 1,
        message: expect.stringMatching(/levels|aliases repeat/) as unknown,
      },
    ])
  })

  it('is none where an alias repeats what stands before it', async () => {
    const { value } = await readPlainFile('tenant-drift.yaml', 'a: &a [x]\nb: [*a, *a]\n')

    expect(value).toEqual({ a: ['x'], b: [['x'], ['x']] })
  })
})

it('a configuration that is not UTF-8 is a mistake, and no text with other letters in it', async () => {
  const cwd = await mkdtemp(path.join(tmpdir(), 'config-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  await writeFile(path.join(cwd, 'tenant-drift.yaml'), Buffer.from('accept: [] # J\u00fcrgen\n', 'latin1'))

  const found = await mistakesOf(findConfig('tenant-drift.yaml', cwd, diskFiles(cwd)))

  expect(found).toEqual(['the configuration tenant-drift.yaml is not UTF-8 text'])
})
