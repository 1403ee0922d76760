import { isUtf8 } from 'node:buffer'
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import picomatch from 'picomatch'
import type { DeclaredFiles } from '../declared/front.ts'
import { gitOptions, listTree, parseTree, type TreeEntry } from '../git/git.ts'
import { configMistake } from './settings.ts'

/** One commit of the repository around a folder, as a file system. Its work tree is neither read nor touched. */
export interface GitFiles extends DeclaredFiles {
  /** The commit, in full. */
  readonly commit: string
  readonly close: () => void
}

const SYMBOLIC_LINK = '120000'
const SUBMODULE = '160000'
const MOST_LINKS = 8

/**
 * The files of `ref` (anything that git takes for a commit), relative to `cwd`.
 * @throws MistakesError `invalid_config` where git, the repository or the ref is missing
 */
export async function gitFiles(ref: string, cwd: string): Promise<GitFiles> {
  const top = (await git(cwd, ['rev-parse', '--show-toplevel'], ref)).trim()
  const commit = (
    await git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], ref)
  ).trim()
  const entries = parseTree(await git(cwd, listTree(commit), ref))
  const folders = new Set([...entries.keys()].flatMap(parentsOf))
  const here = path.relative(top, await realpath(cwd)).replaceAll(path.sep, '/')
  const objects = objectReader(cwd)

  /** A path below the root of the repository; null outside of it. */
  const inside = (file: string): string | null => {
    const full = path.isAbsolute(file)
      ? path.relative(top, file).replaceAll(path.sep, '/')
      : path.posix.join(here, file)
    return full === '..' || full.startsWith('../') ? null : full
  }
  async function resolve(file: string | null, links = 0): Promise<TreeEntry | null> {
    const entry = file === null ? undefined : entries.get(file)
    if (file === null || entry === undefined || entry.mode === SUBMODULE) return null
    if (entry.mode !== SYMBOLIC_LINK) return entry
    if (links === MOST_LINKS) return null
    const target = (await objects.read(entry.object)).toString('utf8')
    const next = path.posix.join(path.posix.dirname(file), target)
    return resolve(next.startsWith('../') ? null : next, links + 1)
  }

  return {
    commit,
    close: objects.close,
    async kindOf(file) {
      const full = inside(file)
      if (full === null) return null
      if (full === '' || full === '.' || folders.has(full)) return 'folder'
      return (await resolve(full)) === null ? null : 'file'
    },
    async read(file) {
      const entry = await resolve(inside(file))
      if (entry === null) throw Object.assign(new Error('not in the commit'), { code: 'ENOENT' })
      const bytes = await objects.read(entry.object)
      if (!isUtf8(bytes)) throw Object.assign(new Error('not UTF-8'), { code: 'EILSEQ' })
      return bytes.toString('utf8')
    },
    glob(pattern) {
      const full = inside(pattern)
      if (full === null) return Promise.resolve([])
      const matches = picomatch(full)
      const found = [...entries.keys()].filter((file) => matches(file))
      return Promise.resolve(
        found.map((file) => (path.isAbsolute(pattern) ? path.join(top, file) : path.posix.relative(here, file))),
      )
    },
  }
}

function parentsOf(file: string): readonly string[] {
  const steps = file.split('/').slice(0, -1)
  return steps.map((_step, index) => steps.slice(0, index + 1).join('/'))
}

function git(cwd: string, args: readonly string[], ref: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('git', args, gitOptions(cwd), (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(failure(error, args, ref))
    })
  })
}

/** What git itself says may be in any language and about anything: what failed tells enough. */
function failure(error: Error & { code?: unknown }, args: readonly string[], ref: string): Error {
  if (error.code === 'ENOENT')
    return configMistake(`--base ${ref}: git is not installed, so no ref can be read; give files as the base`)
  if (args.includes('--show-toplevel'))
    return configMistake(
      `--base ${ref}: it names no file, and this folder is in no git repository, so it can be no ref either`,
    )
  if (args.includes('--verify'))
    return configMistake(
      `--base ${ref}: it names no file, and the repository has no such ref; a pipeline has to fetch it first (actions/checkout: fetch-depth: 0), and then it may be called origin/${ref}`,
    )
  return configMistake(
    `--base ${ref}: git could not read that commit; a shallow or damaged repository has to fetch it again`,
  )
}

/** Contents by object name, from one process that answers in order. It starts with the first question. */
function objectReader(cwd: string): { readonly read: (object: string) => Promise<Buffer>; readonly close: () => void } {
  let child: ChildProcessWithoutNullStreams | null = null
  let received: Buffer = Buffer.alloc(0)
  const waiting: { resolve: (bytes: Buffer) => void; reject: (error: Error) => void }[] = []
  const fail = (): void => {
    for (const { reject } of waiting.splice(0)) reject(configMistake('--base: git stopped while it was read'))
  }

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn('git', ['cat-file', '--batch'], { cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    started.stdout.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      deliver()
    })
    started.stderr.resume()
    started.stdin.on('error', fail)
    started.on('error', fail)
    started.on('close', fail)
    return started
  }

  /** `OBJECT blob SIZE\n` CONTENT `\n`, or `OBJECT missing\n`. */
  function deliver(): void {
    for (;;) {
      const end = received.indexOf('\n')
      if (end < 0) return
      const size = /^\S+ blob (\d+)$/.exec(received.toString('latin1', 0, end))?.[1]
      const begin = end + 1
      if (size === undefined) {
        received = received.subarray(begin)
        waiting.shift()?.reject(Object.assign(new Error('not in the repository'), { code: 'EIO' }))
        continue
      }
      const until = begin + Number(size)
      if (received.length <= until) return
      const content = Buffer.from(received.subarray(begin, until))
      received = received.subarray(until + 1)
      waiting.shift()?.resolve(content)
    }
  }

  return {
    read: (object) =>
      new Promise((resolve, reject) => {
        child ??= start()
        waiting.push({ resolve, reject })
        child.stdin.write(`${object}\n`)
      }),
    close: () => void child?.stdin.end(),
  }
}
