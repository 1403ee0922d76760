import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openRoom } from '../git/room.ts'
import { runLink } from '../notify/run-link.ts'
import { reduceReport, render, type Details } from '../report/front.ts'
import { TenantDriftError } from '../schema/errors.ts'
import { harmless } from '../words/harmless.ts'
import { hideRendered } from '../words/hide-rendered.ts'
import { hideReport } from '../words/hide-report.ts'
import type { Report } from '../schema/report.ts'
import { writeBaseFiles } from './base-files.ts'
import { outcomeDigest, markdownOf } from './body.ts'
import { keepComment } from './comment.ts'
import { readEvent, type Judged } from './event.ts'
import { keepIssues } from './issue.ts'
import { fallbackLive } from './fallback-live.ts'
import { authorOf, flagsFrom, input, inputLines } from './inputs.ts'
import { detailsOf, isPublicRepository } from './details.ts'
import { ActionError, type ActionIo, type ActionWorld } from './io.ts'
import { rulingOf } from './ruling.ts'
import { runCheck, toLog, type Folders, type Outcome } from './run-check.ts'
import { maskVariables, withoutSecrets } from './secrets.ts'

/** A step summary holds 1 MiB; others' steps write to it too. */
const SUMMARY_LIMIT = 900_000

/** The action: event, base, check, and everything that GitHub shows of it. Returns the exit code of the step: 0 in sync, 2 drift, 1 could not tell. */
export async function runAction(world: ActionWorld): Promise<0 | 1 | 2> {
  maskVariables(world)
  const io = withoutSecrets(world)
  const run = mkdtempSync(path.join(io.env.RUNNER_TEMP ?? tmpdir(), 'tenant-drift-'))
  const folderOf = (name: string): string => {
    const folder = path.join(run, name)
    mkdirSync(folder)
    return folder
  }
  const folders: Folders = { json: folderOf('json'), sarif: folderOf('sarif'), html: folderOf('html') }
  try {
    const event = readEvent(io)
    const isPublic = await isPublicRepository(io)
    const details = detailsOf(io, isPublic)
    const { outcome, baseFiles } = await judgeEvent(io, event, { run, folders, details, isPublic })
    await tell(io, event, hidden(outcome, io), { run, folders, baseFiles, details })
    return outcome.exitCode
  } catch (error) {
    if (!(error instanceof ActionError || error instanceof TenantDriftError)) throw error
    const problem = io.secrets.hider().hide(error.message)
    const outcome: Outcome = { verdict: 'incomplete', exitCode: 1, reports: [], problem }
    await tell(io, null, outcome, { run, folders, baseFiles: '', details: 'counts' })
    return 1
  }
}

/** Before anything is rendered or digested: a digest of a secret is an oracle. */
function hidden(outcome: Outcome, { secrets }: ActionIo): Outcome {
  return { ...outcome, reports: outcome.reports.map((report) => hideReport(report, secrets.hider())) }
}

interface RanCheck {
  readonly outcome: Outcome
  /** Folder with what decided, as the base has it. */
  readonly baseFiles: string
}

interface JudgeContext {
  readonly run: string
  readonly folders: Folders
  readonly details: Details
  readonly isPublic: boolean
}

async function judgeEvent(
  io: ActionIo,
  event: Judged,
  { run, folders, details, isPublic }: JudgeContext,
): Promise<RanCheck> {
  const cwd = workingDirectory(io)
  const about = { folders, isLogged: details === 'full', isPublic }
  // A branch that is its own base touches nothing, and would be green whatever drifts.
  if (event.kind !== 'change' && input(io, 'gate') === 'touched')
    io.out(command('warning', 'gate: touched is for changes only; here everything counts.'))
  if (event.kind === 'default-branch') {
    const flags = [...flagsFor(io, details), ...baseFlags(io, null), '--gate=all', ...fallbackLive(io)]
    return { outcome: await runCheck(io, cwd, flags, about), baseFiles: cwd }
  }
  const room = openRoom(cwd, io.env, 'The base')
  try {
    const ruling = await rulingOf(io, event, room)
    const gate = event.kind === 'change' ? input(io, 'gate') || 'touched' : 'all'
    const flags = [
      ...flagsFor(io, details),
      `--trust=${ruling.commit}`,
      ...baseFlags(io, ruling.commit),
      `--gate=${gate}`,
      ...fallbackLive(io),
    ]
    const outcome = await runCheck(io, cwd, flags, { ...about, objects: ruling.objects })
    const baseFiles = path.join(run, 'base')
    const edited = await writeBaseFiles(room, ruling.commit, cwd, {
      decided: outcome.reports.flatMap(({ trust }) => trust?.files ?? []),
      named: inputLines(input(io, 'trusted-paths')),
      copies: baseFiles,
    })
    return { outcome: { ...outcome, reports: outcome.reports.map((report) => withEdited(report, edited)) }, baseFiles }
  } finally {
    room.close()
  }
}

/** What the change edits of the input trusted-paths is told with the rest. */
function withEdited(report: Report, edited: readonly string[]): Report {
  if (report.trust === undefined || edited.length === 0) return report
  return { ...report, trust: { ...report.trust, edited: [...new Set([...report.trust.edited, ...edited])].sort() } }
}

/** In a log that others read, nothing but what this action writes there itself. */
function flagsFor(io: ActionIo, details: Details): readonly string[] {
  const flags = flagsFrom(io)
  return details === 'full' ? flags : flags.filter((flag) => !/^--output=[a-z]+$/.test(flag))
}

function baseFlags(io: ActionIo, commit: string | null): readonly string[] {
  const given = inputLines(input(io, 'base'))
  const bases = given.length > 0 || commit === null ? given : [commit]
  return bases.map((base) => `--base=${base}`)
}

/**
 * The folder the check runs in, by real path: below the workspace, which may itself be reached through a link. A link further down is the change's.
 * @throws ActionError where it is no folder, or not the one that the workflow means
 */
function workingDirectory(io: ActionIo): string {
  const workspace = path.resolve(io.env.GITHUB_WORKSPACE ?? '.')
  const named = path.relative(workspace, path.resolve(workspace, input(io, 'working-directory')))
  if (named === '..' || named.startsWith(`..${path.sep}`) || path.isAbsolute(named))
    throw new ActionError('The input working-directory leads out of the workspace: give a path below it.')
  let folder = existsSync(workspace) ? realpathSync(workspace) : workspace
  for (const step of named.split(path.sep).filter((each) => each !== '')) {
    folder = path.join(folder, step)
    const found = lstatSync(folder, { throwIfNoEntry: false })
    if (found?.isSymbolicLink() === true)
      throw new ActionError(
        'The input working-directory leads through a symbolic link, which may come from the change: name the folder itself.',
      )
    if (found?.isDirectory() !== true) throw new ActionError('The input working-directory is not a folder.')
  }
  if (!existsSync(folder))
    throw new ActionError('The workspace (GITHUB_WORKSPACE) is not a folder: use actions/checkout before this step.')
  return folder
}

interface RunOutput extends Omit<JudgeContext, 'isPublic'> {
  readonly baseFiles: string
}

async function tell(
  io: ActionIo,
  event: Judged | null,
  whole: Outcome,
  { run, folders, baseFiles, details }: RunOutput,
): Promise<void> {
  const { env, out } = io
  const outcome = { ...whole, reports: whole.reports.map((report) => reduceReport(report, details)) }
  // What the check says itself was kept out of the log.
  if (details !== 'full') for (const report of outcome.reports) out(toLog((await render('text', report)) ?? ''))
  for (const report of outcome.reports) out((await render('github', report)) ?? '')
  if (outcome.problem !== null) out(command('error', outcome.problem))
  const link = runLink(env)
  const hider = io.secrets.hider()
  const summary = hideRendered(await markdownOf(outcome, link, SUMMARY_LIMIT), 'markup', hider)
  const markdown = path.join(run, 'report.md')
  writeFileSync(markdown, summary)
  if (env.GITHUB_STEP_SUMMARY !== undefined) appendFileSync(env.GITHUB_STEP_SUMMARY, `${summary}\n`)
  const number = event?.kind === 'change' ? event.number : null
  const url = number === null ? '' : await comment(io, number, outcome, link)
  const issues = event?.kind === 'default-branch' ? await keepIssues(io, whole, link) : []
  for (const warning of issues.flatMap(({ warnings }) => warnings)) out(command('warning', warning))
  const sums = (['counting', 'notices', 'ignored', 'new', 'ongoing', 'resolved'] as const).map((name) => {
    const sum = outcome.reports.reduce((total, { summary: counts }) => total + counts[name], 0)
    return [name, String(sum)] as const
  })
  // Alerts live with the default branch: those of a change would close and open it again. An upload without a result closes them all as fixed, so
  // there is none where a run could not tell.
  const isForUpload = event?.kind === 'default-branch' && outcome.verdict !== 'incomplete'
  setOutputs(io, {
    verdict: outcome.verdict,
    'exit-code': String(outcome.exitCode),
    ...Object.fromEntries(sums),
    reports: filesIn(folders.json),
    html: filesIn(folders.html),
    markdown,
    sarif: isForUpload && readdirSync(folders.sarif).length > 0 ? folders.sarif : '',
    folder: run,
    'base-files': baseFiles,
    'comment-url': url,
    'issue-urls': issues.flatMap((issue) => (issue.url === null ? [] : [issue.url])).join('\n'),
  })
}

async function comment(io: ActionIo, number: number, outcome: Outcome, link: string | null): Promise<string> {
  const { env, out } = io
  const token = input(io, 'github-token')
  if (input(io, 'comment') === 'false' || token === '') return ''
  const place = {
    token,
    number,
    repository: env.GITHUB_REPOSITORY ?? '',
    author: authorOf(io),
  }
  const isWeaker = outcome.reports.some(({ findings }) => findings.some(({ kind }) => kind === 'weaker-declaration'))
  const edits = outcome.reports.some(({ trust }) => (trust?.edited ?? []).length > 0)
  const kept = await keepComment(io, place, {
    key: input(io, 'comment-key') || `${env.GITHUB_WORKFLOW ?? ''} ${env.GITHUB_JOB ?? ''}`,
    body: hideRendered(await markdownOf(outcome, link), 'markup', io.secrets.hider()),
    digest: await outcomeDigest(outcome),
    isNews: outcome.verdict !== 'in-sync' || isWeaker || edits,
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
  const escaped = harmless(message).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `::${level} title=tenant-drift::${escaped}\n`
}
