import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../..')

/** What makes, changes or moves a file, of `node:fs` and of `node:fs/promises`. */
const WRITING =
  /\b(writeFile|appendFile|createWriteStream|copyFile|cp|rename|symlink|link|mkdir|mkdtemp|rm|rmdir|unlink|truncate|ftruncate|chmod|open|openSync|write|writev|writeSync|utimes)(Sync)?\b/

/** Who may, and why. */
const WRITERS: Readonly<Record<string, string>> = {
  'src/edit/write-files.ts': 'the one writer: puts files in their places whole, and refuses what would keep a secret',
  'src/edit/one-at-a-time.ts': 'a lock beside a file that is edited, and nothing else',
  'src/cli/write-out.ts': 'standard output and standard error, where they are files',
  'src/edit/unfinished.ts': 'takes away what is not whole when the process ends',
  'src/action/base-files.ts': 'copies the trusted files for other steps',
  'src/action/event.ts': 'opens the payload of the event, to read',
  'src/action/run-action.ts': 'the folder of the run, its summary and its outputs',
  'src/declared/bounded-read.ts': 'opens declared files, to read',
  'src/notify/credential-file.ts': 'opens the file of a credential, to read',
  'src/history/sqlite.ts': 'makes the file of a store, which SQLite would make readable for all',
  'src/sources/trusted-project.ts': "the base's Pulumi.yaml in a folder of its own",
  'src/git/followed-branch.ts': 'takes away locks that a killed git left in a repository of our own',
  'src/git/room.ts': 'the git directory of our own',
  'src/git/trusted-files.ts': 'opens files of the work tree, to say what a change edits',
}

/** Who may write to the terminal. */
const SPEAKERS: readonly string[] = [
  'src/action/main.ts',
  'src/cli/main.ts',
  'src/cli/progress.ts',
  // A sentence of ours, before anything else is loaded.
  'src/door/end-on-old-node.ts',
]

const FILES = globSync('{src,policies}/**/*.ts', { cwd: ROOT }).filter((file) => !file.startsWith('src/simulator/'))

function importsOf(text: string): string {
  const imports = text.matchAll(
    /^import\s+(?!type\b)((?:(?!\bfrom\b)[^;'])*?)\s+from\s+'(?:node:)?fs(?:\/promises)?'/gms,
  )
  const loads = text.matchAll(/const\s+(\{[^}]*\})\s*=\s*await import\('(?:node:)?fs(?:\/promises)?'\)/g)
  return [...imports, ...loads].map(([, names]) => names).join(' ')
}

it('files are written in one place of the command, and in no other room that is not named here', () => {
  const writers = FILES.filter((file) => {
    const names = importsOf(readFileSync(path.join(ROOT, file), 'utf8'))
    // A name for the whole module hides what is used of it.
    return WRITING.test(names) || /\*\s+as\b|^\w/m.test(names)
  })

  expect(FILES.length).toBeGreaterThan(200)
  expect(writers.sort()).toEqual(Object.keys(WRITERS).sort())
})

it('words leave the command where secrets are hidden, and nowhere else', () => {
  const speakers = FILES.filter((file) =>
    /\bconsole\.|\bprocess\.(stdout|stderr)\b/.test(readFileSync(path.join(ROOT, file), 'utf8')),
  )

  expect(speakers.sort()).toEqual([...SPEAKERS].sort())
})
