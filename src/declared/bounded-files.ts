import type { Files } from '../git/disk-files.ts'
import { ReadBudget } from './bounded-read.ts'
import type { DeclaredFiles } from './files.ts'

/** Files of a commit that anybody may have pushed, no larger than those of a disk may be, each and together. They start no process. */
export function boundedFiles(files: Files): DeclaredFiles {
  const budget = new ReadBudget()
  return {
    ...files,
    async read(file, { isState = false } = {}) {
      const text = await files.read(file)
      budget.take(Buffer.byteLength(text), isState)
      return text
    },
  }
}
