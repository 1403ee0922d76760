import { expect, it } from 'vitest'
import { boundedFiles } from '../../src/declared/bounded-files.ts'
import { filesOnDisk } from '../../src/git/disk-files.ts'

const MIB = 1024 * 1024

/** Files that hold this much each, as a commit may name one object many times. */
const filesOf = (bytes: number) =>
  boundedFiles({ ...filesOnDisk('.'), read: () => Promise.resolve('é'.repeat(bytes / 2)) })

it('a file of a commit may hold as much as one of a disk, in bytes', async () => {
  await expect(filesOf(16 * MIB).read('a')).resolves.toHaveLength(8 * MIB)
  await expect(filesOf(16 * MIB + 2).read('a')).rejects.toMatchObject({ code: 'EFBIG' })
  await expect(filesOf(16 * MIB + 2).read('a', { isState: true })).resolves.toHaveLength(8 * MIB + 1)
  await expect(filesOf(256 * MIB + 2).read('a', { isState: true })).rejects.toMatchObject({ code: 'E2BIG' })
})

it('all files of a commit may hold as much as those of a disk, together', async () => {
  const files = filesOf(16 * MIB)
  for (let read = 0; read < 16; read += 1) await files.read('a')
  await expect(files.read('a')).rejects.toMatchObject({ code: 'EDQUOT' })
})
