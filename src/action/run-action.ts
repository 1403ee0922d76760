import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { render } from '../report/front.ts'
import { digestOf, markdownOf } from './body.ts'
import { keepComment } from './comment.ts'
import { readEvent, type ActionEvent } from './event.ts'
import { fallbackLive } from './fallback-live.ts'
import { baseCommit } from './git.ts'
import { flagsFrom, input } from './inputs.ts'
import { ActionError, type ActionIo } from './io.ts'
import { judgeByBase, type Judging } from './judge-by-base.ts'
import { runCheck, type Folders, type Outcome } from './run-check.ts'

/** A step summary holds 1 MiB; others' steps write to it too. */
const SUMMARY_LIMIT = 900_000

/**
 * The action: event, base, check, and everything that GitHub shows of it. Returns the exit code of the step: 0 in sync, 2 drift, 1 could not tell.
 * `onBase` gets what puts the work tree back, for a process that is ended meanwhile.
 */
export async function runAction(io: ActionIo, onBase: (restore: () => void) => void = () => {}): Promise<0 | 1 | 2> {
  const run = mkdtempSync(path.join(io.env.RUNNER_TEMP ?? tmpdir(), 'tenant-drift-'))
  const folders: Folders = {
    json: path.join(run, 'json'),
    sarif: path.join(run, 'sarif'),
    html: path.join(run, 'html'),
  }
  for (const folder of [folders.json, folders.sarif, folders.html]) mkdirSync(folder)
  try {
    const event = readEvent(io)
    const { outcome, changed, baseFiles } = await judge(io, event, run, folders, onBase)
    await tell(io, event, outcome, changed, { run, folders, baseFiles })
    return outcome.exitCode
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    const outcome: Outcome = { verdict: 'incomplete', exitCode: 1, reports: [], problem: error.message }
    await tell(io, null, outcome, [], { run, folders, baseFiles: '' })
    return 1
  }
}

interface Judged {
  readonly outcome: Outcome
  readonly changed: readonly string[]
  readonly baseFiles: string
}

async function judge(
  io: ActionIo,
  { change }: ActionEvent,
  run: string,
  folders: Folders,
  onBase: (restore: () => void) => void,
): Promise<Judged> {
  const cwd = path.resolve(io.env.GITHUB_WORKSPACE ?? '.', input(io, 'working-directory'))
  if (!existsSync(cwd)) throw new ActionError('The input working-directory names no folder.')
  const baseFiles = path.join(run, 'base')
  let judging: Judging = { changed: [], restore: () => {} }
  const commit = change === null ? null : baseCommit(cwd, change)
  if (commit !== null) {
    judging = await judgeByBase(io, cwd, commit, baseFiles)
    onBase(judging.restore)
  }
  try {
    const base = input(io, 'base') || commit
    const gate = input(io, 'gate') || (commit === null ? 'all' : 'touched')
    const flags = [
      ...flagsFrom(io),
      ...(base === null ? [] : base.split(/\r?\n/).map((line) => `--base=${line.trim()}`)),
      `--gate=${gate}`,
      ...fallbackLive(io),
    ]
    const outcome = await runCheck(io, cwd, flags, folders)
    return { outcome, changed: judging.changed, baseFiles: commit === null ? cwd : baseFiles }
  } finally {
    judging.restore()
  }
}

interface Written {
  readonly run: string
  readonly folders: Folders
  readonly baseFiles: string
}

async function tell(
  io: ActionIo,
  event: ActionEvent | null,
  outcome: Outcome,
  changed: readonly string[],
  { run, folders, baseFiles }: Written,
): Promise<void> {
  const { env, out } = io
  for (const report of outcome.reports) out((await render('github', report)) ?? '')
  if (outcome.problem !== null) out(command('error', outcome.problem))
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com'
  const link =
    env.GITHUB_RUN_ID === undefined ? null : `${server}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
  const summary = await markdownOf(outcome, changed, link, SUMMARY_LIMIT)
  const markdown = path.join(run, 'report.md')
  writeFileSync(markdown, summary)
  if (env.GITHUB_STEP_SUMMARY !== undefined) appendFileSync(env.GITHUB_STEP_SUMMARY, `${summary}\n`)
  const number = event?.change?.number ?? null
  const url = number === null ? '' : await comment(io, number, outcome, changed, link)
  const sum = (name: 'counting' | 'notices' | 'ignored' | 'new' | 'ongoing' | 'resolved') =>
    String(outcome.reports.reduce((total, { summary: counts }) => total + counts[name], 0))
  // Alerts live with the default branch: those of a change would close and open it again. An upload without a result closes them all as fixed, so
  // there is none where a run could not tell.
  const isForUpload = event?.isDefaultBranch === true && outcome.verdict !== 'incomplete'
  setOutputs(io, {
    verdict: outcome.verdict,
    'exit-code': String(outcome.exitCode),
    counting: sum('counting'),
    notices: sum('notices'),
    ignored: sum('ignored'),
    new: sum('new'),
    ongoing: sum('ongoing'),
    resolved: sum('resolved'),
    reports: filesIn(folders.json),
    html: filesIn(folders.html),
    markdown,
    sarif: isForUpload && readdirSync(folders.sarif).length > 0 ? folders.sarif : '',
    folder: run,
    'base-files': baseFiles,
    'comment-url': url,
  })
}

async function comment(
  io: ActionIo,
  number: number,
  outcome: Outcome,
  changed: readonly string[],
  link: string | null,
): Promise<string> {
  const { env, out } = io
  const token = input(io, 'github-token')
  if (input(io, 'comment') === 'false' || token === '') return ''
  const place = {
    token,
    number,
    repository: env.GITHUB_REPOSITORY ?? '',
    author: input(io, 'comment-author') || 'github-actions[bot]',
  }
  const isWeaker = outcome.reports.some(({ findings }) => findings.some(({ kind }) => kind === 'weaker-declaration'))
  const kept = await keepComment(io, place, {
    key: input(io, 'comment-key') || `${env.GITHUB_WORKFLOW ?? ''} ${env.GITHUB_JOB ?? ''}`,
    body: await markdownOf(outcome, changed, link),
    digest: await digestOf(outcome, changed),
    isNews: outcome.verdict !== 'in-sync' || isWeaker || changed.length > 0,
  })
  if (kept.done !== 'failed') return kept.url ?? ''
  out(command('warning', `No comment was written: ${kept.why}.`))
  return ''
}

/** One path a line. */
function filesIn(folder: string): string {
  const names = readdirSync(folder).sort()
  return names.map((name) => path.join(folder, name)).join('\n')
}

/** A delimiter that no value can know keeps a value from being an output of its own. */
function setOutputs({ env }: ActionIo, values: Readonly<Record<string, string>>): void {
  if (env.GITHUB_OUTPUT === undefined) return
  const lines = Object.entries(values).map(([name, value]) => {
    const delimiter = `end-${randomUUID()}`
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`
  })
  appendFileSync(env.GITHUB_OUTPUT, lines.join(''))
}

function command(level: 'error' | 'warning', message: string): string {
  const escaped = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `::${level} title=tenant-drift::${escaped}\n`
}
