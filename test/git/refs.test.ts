import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CommitFiles } from '../../src/git/commit-files.ts'
import { parseTree } from '../../src/git/commit.ts'
import { findRepository } from '../../src/git/repository.ts'
import { resolveRef } from '../../src/git/resolve-ref.ts'
import { openRoom, type GitRoom } from '../../src/git/room.ts'
import { commit, git } from '../action/runner.ts'
import { folderWith, write } from '../cli/run.ts'

function repositoryOf(files: Readonly<Record<string, unknown>>, ...options: readonly string[]): string {
  const cwd = folderWith(files)
  git(cwd, 'init', '--quiet', '--initial-branch=main', ...options)
  commit(cwd)
  return cwd
}

function roomOf(cwd: string): GitRoom {
  const room = openRoom(cwd, { PATH: process.env['PATH'] }, 'test')
  onTestFinished(() => room.close())
  return room
}

const refOf = (room: GitRoom, text: string, mayBeShort = true) => resolveRef(room, text, { what: '--base', mayBeShort })

describe('a ref', () => {
  it.each(['HEAD', 'main', 'heads/main', 'refs/heads/main', 'v1', 'annotated', 'origin/main', 'HEAD~0', 'main^0'])(
    'called %s is the commit it means',
    async (text) => {
      const cwd = repositoryOf({ 'a.txt': 'a' })
      const head = git(cwd, 'rev-parse', 'HEAD')
      git(cwd, 'tag', 'v1')
      git(cwd, 'tag', '--annotate', '--message', 'x', 'annotated')
      git(cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
      expect(await refOf(roomOf(cwd), text)).toBe(head)
    },
  )

  it('counts back by parents', async () => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    const first = git(cwd, 'rev-parse', 'HEAD')
    const second = commit(cwd)
    commit(cwd)
    const room = roomOf(cwd)
    expect([await refOf(room, 'main~2'), await refOf(room, 'HEAD^'), await refOf(room, `${second}~1`)]).toEqual([
      first,
      second,
      first,
    ])
    await expect(refOf(room, 'main~3')).rejects.toThrow('no such parent')
  })

  it('is the beginning of a commit only where that may be, and no ref is called so', async () => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    const head = git(cwd, 'rev-parse', 'HEAD')
    const short = head.slice(0, 8)
    expect(await refOf(roomOf(cwd), short)).toBe(head)
    await expect(refOf(roomOf(cwd), short, false)).rejects.toThrow('the full name of a commit')
    const other = commit(cwd)
    git(cwd, 'tag', short, other)
    // git would take the tag, and say nothing.
    await expect(refOf(roomOf(cwd), short)).rejects.toThrow(`refs/tags/${short}`)
    expect(await refOf(roomOf(cwd), `refs/tags/${short}`)).toBe(other)
    git(cwd, 'tag', head, other)
    expect(await refOf(roomOf(cwd), head)).toBe(head)
  })

  it.each([
    ['a tag', 'refs/tags/origin/main'],
    ['a branch', 'refs/heads/origin/main'],
    ['a tag called by the full name', 'refs/tags/refs/remotes/origin/main'],
  ])('that %s can be taken for is refused, and both are named', async (_what, ref) => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    git(cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    git(cwd, 'update-ref', ref, commit(cwd))
    await expect(refOf(roomOf(cwd), 'origin/main')).rejects.toThrow(ref)
  })

  it('is not a file beside the refs', async () => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    const head = git(cwd, 'rev-parse', 'HEAD')
    git(cwd, 'update-ref', 'refs/remotes/origin/main', head)
    const other = commit(cwd)
    mkdirSync(path.join(cwd, '.git', 'origin'))
    writeFileSync(path.join(cwd, '.git', 'origin', 'main'), `${other}\n`)
    expect(await refOf(roomOf(cwd), 'origin/main')).toBe(head)
  })

  it.each([
    ':/x',
    'main^{/x}',
    'main@{1}',
    '@{-1}',
    '@',
    'main..HEAD',
    '',
    'a\nb',
    '--upload-pack=x',
    'main^{tree}',
    'main:a.txt',
    'FETCH_HEAD',
    'no-such',
  ])('%j is none', async (text) => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    await expect(refOf(roomOf(cwd), text)).rejects.toThrow('--base')
  })
})

describe('objects', () => {
  it('are those of the name, whatever replaces them', async () => {
    const cwd = repositoryOf({ 'a.txt': 'base' })
    const head = git(cwd, 'rev-parse', 'HEAD')
    write(cwd, { 'a.txt': 'forged' })
    const forged = commit(cwd)
    git(cwd, 'replace', git(cwd, 'rev-parse', `${head}:a.txt`), git(cwd, 'rev-parse', `${forged}:a.txt`))
    git(cwd, 'replace', head, forged)
    mkdirSync(path.join(cwd, '.git', 'info'), { recursive: true })
    writeFileSync(path.join(cwd, '.git', 'info', 'grafts'), `${head} ${forged}\n`)
    const files = new CommitFiles(roomOf(cwd), head)
    expect(git(cwd, 'cat-file', '-p', `${head}:a.txt`)).toBe('forged')
    expect(await files.read('a.txt')).toBe('base')
  })

  it.each(['commit', 'tree', 'blob'] as const)('an exchanged %s is refused, and not read', async (type) => {
    const cwd = repositoryOf({ 'a.txt': 'base' })
    const head = git(cwd, 'rev-parse', 'HEAD')
    write(cwd, { 'a.txt': 'forged' })
    const forged = commit(cwd)
    const suffix = { commit: '', tree: '^{tree}', blob: ':a.txt' }[type]
    const [name, other] = [head, forged].map((each) => git(cwd, 'rev-parse', each + suffix))
    const place = (object = '') => path.join(cwd, '.git', 'objects', object.slice(0, 2), object.slice(2))
    chmodSync(place(name), 0o644)
    writeFileSync(place(name), readFileSync(place(other)))
    const files = new CommitFiles(roomOf(cwd), head)
    await expect(files.read('a.txt')).rejects.toThrow('has something else')
  })

  it('of a SHA-256 repository are proven as well', async () => {
    const cwd = repositoryOf({ 'a.txt': 'base' }, '--object-format=sha256')
    const room = roomOf(cwd)
    const head = await refOf(room, 'main')
    expect(head).toHaveLength(64)
    expect(await new CommitFiles(room, head).read('a.txt')).toBe('base')
  })

  it('that are not there are said to be fetched first', async () => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    await expect(refOf(roomOf(cwd), '1'.repeat(40))).rejects.toThrow('fetch it first')
  })

  it.each(['.git', '.GIT', 'git~1', '.git ', '.git.', '..', '.', 'a/b', ''])(
    'a tree with an entry %j is refused',
    (name) => {
      const body = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.alloc(20, 1)])
      expect(() => parseTree(body, '0'.repeat(40))).toThrow('a checkout cannot have')
    },
  )

  it('a tree may have names that only look like it', () => {
    const body = Buffer.concat([Buffer.from('100644 git~2\0'), Buffer.alloc(20, 1)])
    expect([...parseTree(body, '0'.repeat(40)).keys()]).toEqual(['git~2'])
  })

  it('a tree with one name twice is refused, and a cut one', () => {
    const entry = Buffer.concat([Buffer.from('100644 a\0'), Buffer.alloc(20, 1)])
    expect(parseTree(entry, '0'.repeat(40)).size).toBe(1)
    expect(() => parseTree(Buffer.concat([entry, entry]), '0'.repeat(40))).toThrow('a checkout cannot have')
    expect(() => parseTree(entry.subarray(0, -1), '0'.repeat(40))).toThrow('a checkout cannot have')
  })

  it('leave nothing behind', () => {
    const cwd = repositoryOf({ 'a.txt': 'a' })
    const temp = folderWith()
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = temp
    try {
      const room = openRoom(cwd, { PATH: process.env['PATH'] }, 'test')
      expect(readdirSync(temp)).toHaveLength(1)
      room.close()
      expect(readdirSync(temp)).toEqual([])
    } finally {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
  })
})

describe('the repository', () => {
  it('is found from a folder in it, and not above the boundary', () => {
    const cwd = repositoryOf({ 'a/b/c.txt': 'x' })
    expect(findRepository(path.join(cwd, 'a/b'))).toEqual({
      top: cwd,
      gitDir: `${cwd}/.git`,
      objects: `${cwd}/.git/objects`,
    })
    expect(findRepository(path.join(cwd, 'a/b'), path.join(cwd, 'a'))).toBeNull()
  })

  it('may be a linked worktree that knows itself', () => {
    const cwd = repositoryOf({ 'a.txt': 'x' })
    const linked = path.join(folderWith(), 'linked')
    git(cwd, 'worktree', 'add', '--quiet', '--detach', linked)
    expect(findRepository(linked)).toMatchObject({ top: linked, objects: `${cwd}/.git/objects` })
    const [id = ''] = readdirSync(path.join(cwd, '.git', 'worktrees'))
    writeFileSync(path.join(cwd, '.git', 'worktrees', id, 'gitdir'), `${cwd}/.git\n`)
    expect(() => findRepository(linked)).toThrow('does not know this folder')
  })

  it('is none where a file of the change says so', () => {
    const other = repositoryOf({ 'a.txt': 'x' })
    const stray = folderWith({ '.git': `gitdir: ${other}/.git\n` })
    expect(() => findRepository(stray)).toThrow('submodule')
    expect(existsSync(path.join(stray, 'a.txt'))).toBe(false)
  })
})
