import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../..')

/** Papers that a reader of this repository does not have, as they were called. Data beside the repository is named by tests that do without it. */
const PAPERS =
  /\bdesign\.md\b|\bstyle\.md\b|\bfacts?\/|\(facts:|\bthe facts (page|about)|\b[Ii]ssue "|\.\.\/shared\/(?!data\b)/

/** Folders called `shared` of invented repositories. */
const INVENTED = /^(test|evidence\/gate)\//

function tracked(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  const files = listed.toString('utf8').split('\0')
  return files.filter((file) => /\.(ts|mjs|md|ya?ml|jsonc?)$/.test(file) && !/^(dist|test\/fixtures)\//.test(file))
}

it('nothing in the repository points at a paper that is not in it', () => {
  const files = tracked().filter((file) => file !== 'test/docs/papers.test.ts')
  const found = files.flatMap((file) => {
    let text = ''
    try {
      text = readFileSync(path.join(ROOT, file), 'utf8')
    } catch {
      // Deleted and not committed yet.
    }
    const lines = text.split('\n').map((line) => (INVENTED.test(file) ? line.replaceAll('../shared/', '') : line))
    return lines.flatMap((line, index) => (PAPERS.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []))
  })

  expect(files.length).toBeGreaterThan(400)
  expect(found.filter((line) => !line.startsWith('docs/command.md'))).toEqual([])
})
