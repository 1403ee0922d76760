import { DatabaseSync } from 'node:sqlite'
import { onTestFinished, vi } from 'vitest'

/** SQLite's own limit, which ends as a full disk does: no file becomes longer until `free`. What fits into pages that are there is still written. */
export function fullDisk(): { readonly free: () => void } {
  let most = 1
  const spy = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, text: string) {
    // Never less than there is.
    if (text === 'BEGIN IMMEDIATE') this.prepare(`PRAGMA max_page_count = ${most}`).all()
    this.prepare(text).all()
  })
  onTestFinished(() => spy.mockRestore())
  return {
    free: () => {
      most = 1_000_000
    },
  }
}
