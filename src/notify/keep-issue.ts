import type { Severity } from '../schema/finding.ts'
import { HostFault, type IssueHost } from './issue-host.ts'
import { readMemoryLine, type IssueMemory } from './issue-memory.ts'
import { planIssue, type FoundIssue, type IssuePlan } from './issue-plan.ts'
import { agedBy, type IssueStanding } from './issue-state.ts'
import { markerOf, type IssueDetails } from './issue-text.ts'

export interface IssueSettings {
  /** Null: as the place is. Counts where everybody can read it, or where that cannot be learnt. */
  readonly details: IssueDetails | null
  readonly severityAtLeast: Severity
  readonly labels: readonly string[]
}

/** What became of the issue. Warnings are whole sentences of ours. */
export interface KeptIssue {
  readonly url: string | null
  readonly done: readonly ('created' | 'edited' | 'commented' | 'closed' | 'reopened')[]
  readonly warnings: readonly string[]
  /** Set where it could not be done; null after ms: a later run will do it, else nobody but a person can. */
  readonly fault: { readonly why: string; readonly afterMs: number | null } | null
}

/**
 * Brings the one issue of a tenant to how the tenant stands. Never throws of what a service answers.
 * `before` is what a history remembers; where there is none (null), ages are those that the issue itself remembers.
 */
export async function keepIssue(
  host: IssueHost,
  settings: IssueSettings,
  standing: IssueStanding,
  before: IssueMemory | null,
): Promise<KeptIssue> {
  const work: Work = { done: new Set(), warnings: [], url: null }
  const kept = (fault: KeptIssue['fault']): KeptIssue => ({
    url: work.url,
    done: [...work.done],
    warnings: work.warnings,
    fault,
  })
  try {
    await keep(host, settings, standing, before, work)
    return kept(null)
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
    return kept({ why: error.message, afterMs: error.afterMs })
  }
}

interface Work {
  readonly done: Set<KeptIssue['done'][number]>
  readonly warnings: string[]
  url: string | null
}

async function keep(
  host: IssueHost,
  settings: IssueSettings,
  standing: IssueStanding,
  before: IssueMemory | null,
  work: Work,
): Promise<void> {
  const marker = markerOf(standing.key)
  const { found, foreign } = await look(host, marker, work)
  if (found === null && foreign !== null) {
    work.warnings.push(
      `an issue of ${foreign} begins like the issue of this tenant: set author to this login, or remove the first line of that issue`,
    )
    return
  }
  const details = settings.details ?? (await defaultDetails(host))
  const line = found === null ? null : readMemoryLine(found.body)
  if (found !== null && line === null)
    work.warnings.push('the memory in the last line of the issue cannot be read, so ages begin again')
  const aged = before === null ? agedBy(standing, line) : standing
  const about = { details, severityAtLeast: settings.severityAtLeast }
  const plan = planIssue(found, aged, before, about)
  if (plan.create !== null) await create(host, plan.create, { labels: settings.labels, marker, note: null }, work)
  if (found === null) return
  work.url = found.url
  if (await isBrought(host, found, plan, work)) return
  work.url = null
  work.done.clear()
  const fresh = planIssue(null, aged, null, about)
  const note = `Continues #${found.number}, which cannot be opened again.`
  if (fresh.create !== null) await create(host, fresh.create, { labels: settings.labels, marker, note }, work)
}

async function look(
  host: IssueHost,
  marker: string,
  work: Work,
): Promise<{ readonly found: FoundIssue | null; readonly foreign: string | null }> {
  const open = await host.find(marker, 'open')
  // The oldest is the one that everybody has linked.
  const [first = null, ...others] = [...open.issues].sort((a, b) => a.number - b.number)
  if (others.length > 0)
    work.warnings.push(
      `there are ${others.length + 1} open issues of this tenant: ${others.map(({ number }) => `#${number}`).join(', ')} can be closed`,
    )
  if (first !== null) return { found: first, foreign: null }
  const closed = await host.find(marker, 'closed')
  // An issue that was converted to a discussion, or moved, is closed and locked: it is left alone.
  const last = closed.issues.toSorted((a, b) => b.number - a.number).find(({ isLocked }) => !isLocked) ?? null
  return { found: last, foreign: open.foreign }
}

async function defaultDetails(host: IssueHost): Promise<IssueDetails> {
  try {
    return (await host.isPublic()) === false ? 'full' : 'counts'
  } catch (error) {
    if (error instanceof HostFault && error.status !== null) return 'counts'
    throw error
  }
}

async function create(
  host: IssueHost,
  { title, body }: NonNullable<IssuePlan['create']>,
  {
    labels,
    marker,
    note,
  }: { readonly labels: readonly string[]; readonly marker: string; readonly note: string | null },
  work: Work,
): Promise<void> {
  const made = await host.create({ title, body })
  work.url = made.url
  work.done.add('created')
  // Two runs may have looked at the same time: the older one stays.
  const open = await host.find(marker, 'open')
  const older = open.issues.filter(({ number }) => number < made.number).sort((a, b) => a.number - b.number)[0]
  if (older !== undefined) {
    await host.close(made.number, 'not_planned')
    await host.comment(made.number, `Duplicate of #${older.number}`)
    work.url = older.url
    work.done.delete('created')
    return
  }
  // The issue exists. A fault from here on is a warning, else the next try would make a second one.
  if (note !== null) await orSay(host.comment(made.number, note), 'a word of the one before', work)
  if (labels.length > 0) await orSay(host.label(made.number, labels), 'its labels', work)
}

async function orSay(act: Promise<void>, without: string, work: Work): Promise<void> {
  try {
    await act
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
    work.warnings.push(`the issue was made without ${without}: ${error.message}`)
  }
}

/** False where it is in another place now, or nowhere, or may not be opened again. */
async function isBrought(host: IssueHost, found: FoundIssue, plan: IssuePlan, work: Work): Promise<boolean> {
  try {
    if (plan.reopen && !(await reopened(host, found, work))) return false
    // Comments first: the last line of the body says that they were told, so a run that dies in between tells them again.
    for (const text of plan.comments) await comment(host, found.number, text, work)
    if (plan.body !== null) {
      await host.setBody(found.number, plan.body)
      work.done.add('edited')
    }
    if (plan.close) {
      await host.close(found.number, 'completed')
      work.done.add('closed')
    }
    return true
  } catch (error) {
    if (!isIssueGone(error)) throw error
    return false
  }
}

/** False where it is locked, moved, deleted meanwhile, or may not be opened: then a new one says where the old one is. */
async function reopened(host: IssueHost, { number }: FoundIssue, work: Work): Promise<boolean> {
  try {
    await host.reopen(number)
    work.done.add('reopened')
    return true
  } catch (error) {
    if (!(error instanceof HostFault) || error.status === null || error.status === 401) throw error
    return false
  }
}

/** It was there when issues were listed, and is in another place now (301, 302, 307, 308), or nowhere (404, 410). */
function isIssueGone(error: unknown): boolean {
  return error instanceof HostFault && [301, 302, 307, 308, 404, 410].includes(error.status ?? 0)
}

/** A locked issue takes our text, and perhaps not our comment. */
async function comment(host: IssueHost, issue: number, text: string, work: Work): Promise<void> {
  try {
    await host.comment(issue, text)
    work.done.add('commented')
  } catch (error) {
    if (!(error instanceof HostFault) || error.status === null || error.status === 401 || isIssueGone(error))
      throw error
    work.warnings.push(`a comment on issue #${issue} was refused: ${error.message}`)
  }
}
