import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../action/runner.ts'

/** What reads a file, lists a folder or looks whether something is there, of `node:fs` and of `node:fs/promises`. */
const READING =
  /\b(readFile|createReadStream|open|openAsBlob|readdir|opendir|glob|exists|stat|lstat|access|readlink|realpath)(Sync)?\b/

/**
 * Who may, and why. What decides (configuration, rules, records, judged snapshots, earlier reports, bases) is read by the first two alone: whoever else reads a
 * file reads what is declared, what it has written itself, or what no change can bring.
 */
const READERS: Readonly<Record<string, string>> = {
  'src/git/disk-files.ts': 'the one reader of what decides, where what stands on the disk is trusted',
  'src/git/disk-tree.ts': 'lists folders for patterns of files',
  'src/git/trusted-files.ts':
    'the one reader of what decides, in a commit; opens the work tree to say what a change edits',
  'src/git/followed-branch.ts': 'our own repository, and locks that a killed git left in it',
  'src/git/place.ts': 'where a name leads, outside of the repository',
  'src/git/program.ts': 'where programs are',
  'src/git/tree-path.ts': 'by which links a file is reached, to name it in a report; no word of it',
  'src/git/repository.ts': 'the entry .git, which no commit can bring',
  'src/git/work-tree.ts': 'the same',
  'src/action/base-files.ts': 'lists what a change adds to a trusted folder, to say so',
  'src/action/event.ts': 'the payload of the event',
  'src/action/fetch-objects.ts': 'whether the checkout is a partial clone',
  'src/action/main.ts': 'whether it is built',
  'src/action/run-action.ts': 'the folder to run in, step by step, and the reports of this run',
  'src/action/run-check.ts': 'the reports of this run',
  'src/cli/early-look.ts': 'whether files and domain disagree; never where a commit judges',
  'src/cli/git-files.ts': 'whether a folder is there',
  'src/cli/init.ts': 'whether something would be overwritten',
  'src/cli/pipeline-repository.ts': 'the payload of the event',
  'src/edit/one-at-a-time.ts': 'a lock of ours',
  'src/edit/output-place.ts': 'whether an output goes through a link',
  'src/cli/refuse-inputs.ts': 'whether an output would be put in the place of a file that is read',
  'src/cli/record.ts': 'whether there is a record to be replaced',
  'src/cli/version.ts': 'our own version',
  'src/edit/write-files.ts': 'the file that it replaces',
}

it('files are read by those that are named here', () => {
  const files = globSync('src/{git,action,cli,edit,report,schema,compare,words}/**/*.ts', { cwd: ROOT })
  const readers = files.filter((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8')
    const imports = [
      ...text.matchAll(/^import\s+(?!type\b)((?:(?!\bfrom\b)[^;'])*?)\s+from\s+'(?:node:)?fs(?:\/promises)?'/gms),
    ]
    return imports.some(([, names = '']) => READING.test(names) || names.includes('*'))
  })
  expect(files.length).toBeGreaterThan(100)
  expect(readers.toSorted()).toEqual(Object.keys(READERS).toSorted())
})
