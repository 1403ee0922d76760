import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workTreeOf } from '../../src/git/work-tree.ts'

let scratch: string

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'tenant-drift-tree-')))
  await mkdir(join(scratch, 'work', 'infra', 'deep'), { recursive: true })
})

afterEach(() => rm(scratch, { recursive: true }))

describe('the work tree of a folder', () => {
  it('is the nearest folder upwards that holds .git, as a folder or as the file of a linked one', async () => {
    await mkdir(join(scratch, 'work', '.git'))
    await writeFile(join(scratch, '.git'), 'gitdir: elsewhere\n')

    expect(workTreeOf(join(scratch, 'work', 'infra', 'deep'))).toBe(join(scratch, 'work'))
    expect(workTreeOf(scratch)).toBe(scratch)
  })

  it('is known by its real path, also of a folder that is not there', async () => {
    await mkdir(join(scratch, 'work', '.git'))
    await symlink(join(scratch, 'work'), join(scratch, 'link'))

    expect(workTreeOf(join(scratch, 'link', 'infra'))).toBe(join(scratch, 'work'))
    expect(workTreeOf(join(scratch, 'link', 'absent', 'folder'))).toBe(join(scratch, 'work'))
  })

  it('is no folder with a link called .git, nor one that looks like a git directory', async () => {
    await mkdir(join(scratch, 'work', '.git'))
    await symlink(join(scratch, 'work', '.git'), join(scratch, 'work', 'infra', '.git'))
    await writeFile(join(scratch, 'work', 'infra', 'HEAD'), 'ref: refs/heads/main\n')
    await mkdir(join(scratch, 'work', 'infra', 'objects'))
    await mkdir(join(scratch, 'work', 'infra', 'refs'))

    expect(workTreeOf(join(scratch, 'work', 'infra'))).toBe(join(scratch, 'work'))
  })

  it('is the folder itself where there is none', () => {
    expect(workTreeOf(join(scratch, 'work', 'infra'))).toBe(join(scratch, 'work', 'infra'))
  })
})
