import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram, trustedPath } from '../../src/git/program.ts'

let scratch: string
let tree: string
let system: string

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'tenant-drift-program-')))
  tree = join(scratch, 'work')
  system = join(scratch, 'system', 'bin')
  await program(join(system, 'git'))
})

afterEach(() => rm(scratch, { recursive: true }))

async function program(path: string, mode = 0o755): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '#!/bin/sh\n')
  await chmod(path, mode)
}

function find(...entries: readonly string[]): string | null {
  return findProgram('git', { path: entries.join(delimiter), outsideOf: [tree] })
}

describe('finding a program', () => {
  it('takes the first one on PATH', async () => {
    const other = join(scratch, 'other')
    await program(join(other, 'git'))

    expect(find(other, system)).toBe(join(other, 'git'))
    expect(find(system, other)).toBe(join(system, 'git'))
  })

  it('passes over a program that the change committed where npx looks first', async () => {
    const bin = join(tree, 'node_modules', '.bin')
    await program(join(bin, 'git'))

    expect(find(bin, system)).toBe(join(system, 'git'))
    expect(find(bin)).toBeNull()
  })

  it.each(['', '.', 'bin', './bin', '../work/bin'])('passes over the entry "%s"', async (entry) => {
    await program(join(tree, 'git'))
    await program(join(tree, 'bin', 'git'))
    const before = process.cwd()
    process.chdir(tree)

    const found = find(entry, system)
    process.chdir(before)

    expect(found).toBe(join(system, 'git'))
  })

  it('passes over a folder outside that is a link into the work tree', async () => {
    await program(join(tree, 'bin', 'git'))
    await symlink(join(tree, 'bin'), join(scratch, 'link'))

    expect(find(join(scratch, 'link'), system)).toBe(join(system, 'git'))
  })

  it('passes over a file outside that is a link into the work tree', async () => {
    await program(join(tree, 'bin', 'git'))
    await mkdir(join(scratch, 'links'))
    await symlink(join(tree, 'bin', 'git'), join(scratch, 'links', 'git'))

    expect(find(join(scratch, 'links'), system)).toBe(join(system, 'git'))
  })

  it('passes over a link of the work tree that leads out of it: the change chose where it leads', async () => {
    const chosen = join(scratch, 'chosen')
    await program(join(chosen, 'git'))
    await mkdir(tree, { recursive: true })
    await symlink(chosen, join(tree, 'bin'))
    await symlink(join(tree, 'bin'), join(scratch, 'link'))

    expect(find(join(tree, 'bin'), join(scratch, 'link'), system)).toBe(join(system, 'git'))
  })

  it('passes over a way through the work tree and out again', async () => {
    await mkdir(join(tree, 'bin'), { recursive: true })
    const away = `${scratch}/other/../work/bin`
    await program(join(tree, 'bin', 'git'))
    await mkdir(join(scratch, 'other'))

    expect(find(away, system)).toBe(join(system, 'git'))
  })

  it('knows the work tree by another name of it', async () => {
    await program(join(tree, 'bin', 'git'))
    await symlink(tree, join(scratch, 'workspace'))

    expect(find(join(scratch, 'workspace', 'bin'), system)).toBe(join(system, 'git'))
  })

  it('takes a link outside that leads elsewhere outside, under its own name', async () => {
    await mkdir(join(scratch, 'links'))
    await symlink(join(system, 'git'), join(scratch, 'links', 'git'))

    expect(find(join(scratch, 'links'))).toBe(join(scratch, 'links', 'git'))
  })

  it('takes a folder whose name only begins like the work tree', async () => {
    await program(join(`${tree}-tools`, 'git'))

    expect(find(`${tree}-tools`, system)).toBe(join(`${tree}-tools`, 'git'))
  })

  it('passes over a file that may not be run, and a folder of that name', async () => {
    await program(join(scratch, 'plain', 'git'), 0o644)
    await mkdir(join(scratch, 'folder', 'git'), { recursive: true })

    expect(find(join(scratch, 'plain'), join(scratch, 'folder'), system)).toBe(join(system, 'git'))
  })

  it('survives links in a circle and a work tree that is not there', async () => {
    await mkdir(join(scratch, 'circle'))
    await symlink(join(scratch, 'circle', 'git'), join(scratch, 'circle', 'git'))

    expect(find(join(scratch, 'circle'), system)).toBe(join(system, 'git'))
  })

  it('finds nothing on an empty or absent PATH', () => {
    expect(find('')).toBeNull()
    expect(findProgram('git', { path: undefined, outsideOf: [] })).toBeNull()
  })
})

describe('the PATH that a program of ours gets', () => {
  it('holds the absolute entries outside of the work tree, in their order', async () => {
    await mkdir(join(tree, 'bin'), { recursive: true })
    await symlink(join(tree, 'bin'), join(scratch, 'link'))

    const path = [join(tree, 'bin'), '', '.', system, join(scratch, 'link'), join(scratch, 'absent')].join(delimiter)

    expect(trustedPath({ path, outsideOf: [tree] })).toBe([system, join(scratch, 'absent')].join(delimiter))
  })
})
