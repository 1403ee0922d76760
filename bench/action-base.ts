// What the size of a repository costs the gate: `node bench/action-base.ts [ROUNDS|--quick]`. Wall time of the built action on a pull request whose base
// has 1,000 and 90,000 files, against 10. With TENANT_DRIFT_BENCH_BEFORE=FOLDER, the dist/ of another version, that one in turn with ours.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NODE_24, ROOT } from '../tools/run.mjs'
import { environmentOf, withTenants, writeFile } from './check-project.ts'
import { describeMachine, inTurn, median, roundsFrom, wallOf, type Program } from './measure.ts'

const SIZES = [10, 1000, 90_000]
const FILES_IN_A_FOLDER = 300
const IDENTITY = ['-c', 'user.name=x', '-c', 'user.email=x@x.example', '-c', 'commit.gpgsign=false']

const before = process.env['TENANT_DRIFT_BENCH_BEFORE']
const versions = { now: join(ROOT, 'dist'), ...(before === undefined ? {} : { before }) }

const rounds = roundsFrom(process.argv, 5)
await withTenants([['--apis', '0']], async ([tenant], folder) => {
  if (tenant === undefined) return
  const runs = SIZES.flatMap((size) => {
    const repository = makeRepository(join(folder, `of-${size}`), size)
    return Object.entries(versions).map(([version, dist]) => ({
      name: `${size} files, ${version}`,
      program: action(dist, repository, environmentOf(tenant, folder), join(folder, `temp-${size}-${version}`)),
    }))
  })
  describeMachine()
  const times = await inTurn(
    runs.map(
      ({ program }) =>
        () =>
          wallOf(program),
    ),
    rounds,
  )
  const least = median(times[0] ?? [])
  for (const [index, { name }] of runs.entries()) {
    const time = median(times[index] ?? [])
    console.log(`${name}: ${(time / 1000).toFixed(2)} s, ${(time / least).toFixed(2)} of ${runs[0]?.name ?? ''}`)
  }
})

interface Made {
  readonly cwd: string
  readonly base: string
  readonly head: string
  readonly merge: string
}

/** A base of so many files, a change of one declared file, and GitHub's merge of both, checked out. */
function makeRepository(cwd: string, size: number): Made {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...IDENTITY, ...args], { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim()
  for (let first = 0; first < size; first += FILES_IN_A_FOLDER) {
    const inner = join(cwd, 'files', String(first))
    mkdirSync(inner, { recursive: true })
    for (let index = first; index < Math.min(size, first + FILES_IN_A_FOLDER); index += 1)
      writeFileSync(join(inner, `${index}.txt`), String(index))
  }
  writeFile(cwd, 'tenant-drift.yaml', 'accept: []\n')
  writeFile(cwd, 'declared/a.json', '{"resource_servers":[]}\n')
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'base')
  const base = git('rev-parse', 'HEAD')
  git('checkout', '--quiet', '-b', 'change')
  writeFile(cwd, 'declared/a.json', '{ "resource_servers": [] }\n')
  git('commit', '--quiet', '--all', '--message', 'change')
  const head = git('rev-parse', 'HEAD')
  git('checkout', '--quiet', 'main')
  git('merge', '--quiet', '--no-ff', '--message', 'merge', head)
  return { cwd, base, head, merge: git('rev-parse', 'HEAD') }
}

function action(dist: string, made: Made, env: Readonly<Record<string, string>>, temp: string): Program {
  const payload = { pull_request: { number: 7, head: { sha: made.head }, base: { sha: made.base } } }
  const event = writeFile(temp, 'event.json', JSON.stringify(payload))
  return {
    command: NODE_24,
    args: [join(dist, 'bin', 'tenant-drift-action.js')],
    cwd: made.cwd,
    exitCode: 0,
    env: {
      ...env,
      GITHUB_WORKSPACE: made.cwd,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: made.merge,
      GITHUB_REPOSITORY: 'o/r',
      RUNNER_TEMP: temp,
      INPUT_COMMENT: 'false',
    },
  }
}
