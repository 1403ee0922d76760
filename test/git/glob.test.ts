import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { whyUnreadable } from '../../src/declared/files.ts'
import { nodeFiles } from '../../src/sources/front.ts'
import { CommitFiles } from '../../src/git/commit-files.ts'
import { diskFiles } from '../../src/git/disk-files.ts'
import { expandBraces } from '../../src/git/braces.ts'
import { openRoom } from '../../src/git/room.ts'
import { commit, git } from '../action/runner.ts'
import { folderWith } from '../cli/run.ts'

const FILES = [
  'declared/a.yaml',
  'declared/B.YAML',
  'declared/b.yml',
  'declared/.hidden.yaml',
  'declared/\n.yaml',
  'declared/\r.yaml',
  'declared/ x.yaml',
  'declared/\u2028.yaml',
  'declared/_x.yaml',
  'declared/dir.yaml/inner.yaml',
  'declared/sub/c.yaml',
  'declared/sub/x\ny/d.yaml',
  'declared/.dot/e.yaml',
  'envs/dev/f.yaml',
  'envs/prod/g.yaml',
  'a{b}.yaml',
  '1.yaml',
]

const PATTERNS = [
  'declared/*.yaml',
  'declared/**/*.yaml',
  'declared/**/*.{yaml,yml,json}',
  'declared/[!_]*.yaml',
  'declared/[^_]*.yaml',
  'declared/.*.yaml',
  'declared/!(a).yaml',
  'declared/@(a|b).*',
  'declared/?.yaml',
  'declared/{dev,sub}/*.yaml',
  'declared/dev/*.yaml',
  'declared/*/*.yaml',
  '{declared,envs/{dev,prod}}/*.yaml',
  '**/*.yaml',
  'declared/**',
  './declared//*.yaml',
  '{0..2}.yaml',
  'a{b}.yaml',
  'none/*.yaml',
  'declared/a.yaml',
]

it.each(PATTERNS)('a commit and the disk see the same files in %j', async (pattern) => {
  const cwd = folderWith(Object.fromEntries(FILES.map((file) => [file, 'x'])))
  symlinkSync('../envs/dev', path.join(cwd, 'declared', 'dev'))
  symlinkSync('a.yaml', path.join(cwd, 'declared', 'link.yaml'))
  mkdirSync(path.join(cwd, 'empty'))
  git(cwd, 'init', '--quiet', '--initial-branch=main')
  const head = commit(cwd)
  const room = openRoom(cwd, { PATH: process.env['PATH'] }, 'test')
  onTestFinished(() => room.close())
  const inCommit = await new CommitFiles(room, head).glob(pattern)
  const files = nodeFiles(cwd)
  const onDisk: string[] = []
  for (const file of await files.glob(pattern))
    if ((await files.kindOf(file)) === 'file') onDisk.push(path.normalize(file))
  expect(inCommit.toSorted()).toEqual([...new Set(onDisk)].toSorted())
  // And what Node itself finds, but in folders behind links.
  const byNode: string[] = []
  for await (const file of glob(pattern, { cwd })) byNode.push(path.normalize(file))
  expect(byNode.filter((file) => inCommit.includes(file)).toSorted()).toEqual(inCommit.toSorted())
})

it.each([
  ['none.yaml', 'is not there'],
  ['declared/dir.yaml', 'is a folder'],
  ['latin.yaml', 'is not UTF-8 text'],
])('a commit, the disk and the reader of what decides say the same of %s, which cannot be read', async (file, why) => {
  const cwd = folderWith({ 'declared/dir.yaml/inner.yaml': 'x' })
  writeFileSync(path.join(cwd, 'latin.yaml'), Buffer.from([0xe4]))
  git(cwd, 'init', '--quiet', '--initial-branch=main')
  const head = commit(cwd)
  const room = openRoom(cwd, { PATH: process.env['PATH'] }, 'test')
  onTestFinished(() => room.close())

  const readers = [new CommitFiles(room, head), nodeFiles(cwd), diskFiles(cwd)]
  const told = await Promise.all(readers.map((files) => files.read(file).catch(whyUnreadable)))

  expect(told).toEqual([why, why, why])
})

it('braces are expanded as a shell does', () => {
  expect(expandBraces('a{b,c{d,e}}f')).toEqual(['abf', 'acdf', 'acef'])
  expect(expandBraces('{x}{1..3}{')).toEqual(['{x}1{', '{x}2{', '{x}3{'])
  expect(expandBraces('{01..3}')).toEqual(['01', '02', '03'])
})
