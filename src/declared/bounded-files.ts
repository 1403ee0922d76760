import type { Files } from '../git/disk-files.ts'
import { boundOf, unreadable } from './bounded-read.ts'
import type { DeclaredFiles } from './files.ts'

/** Files of a commit that anybody may have pushed, no larger than those of a disk may be. They start no process. */
export function boundedFiles(files: Files): DeclaredFiles {
  return {
    ...files,
    async read(file, { isState = false } = {}) {
      const text = await files.read(file)
      const { most, code } = boundOf(isState)
      if (text.length > most) throw unreadable(code)
      return text
    },
  }
}
