import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What stands at a path: a text, a link, a program, or nothing. */
export type Entry = string | Buffer | null | { readonly link: string } | { readonly program: string }
export type Files = Readonly<Record<string, Entry>>

/** Puts entries in their order; what stood at a path before is gone, be it a folder. */
export function putFiles(folder: string, files: Files): void {
  for (const [name, entry] of Object.entries(files)) {
    const file = path.join(folder, name)
    rmSync(file, { recursive: true, force: true })
    if (entry === null) continue
    mkdirSync(path.dirname(file), { recursive: true })
    if (typeof entry === 'string' || Buffer.isBuffer(entry)) writeFileSync(file, entry)
    else if ('link' in entry) symlinkSync(entry.link, file)
    else {
      writeFileSync(file, entry.program)
      chmodSync(file, 0o755)
    }
  }
}

/** A fifo, or the device that swallows everything, in the place of a file. */
export function putSpecial(file: string, kind: 'fifo' | 'device'): void {
  rmSync(file, { recursive: true, force: true })
  execFileSync('mknod', kind === 'fifo' ? [file, 'p'] : [file, 'c', '1', '3'])
}
