import { DAY_MS } from '../schema/duration.ts'
import { compareSeverity, type Severity } from '../schema/finding.ts'
import { readMemoryLine, NO_ISSUE_MEMORY, type IssueMemory } from './issue-memory.ts'
import { newsOf, type IssueStanding } from './issue-state.ts'
import {
  againComment,
  bodyWithMemory,
  closingComment,
  comparableBody,
  newsComment,
  titleOf,
  type IssueDetails,
} from './issue-text.ts'

/** An issue of ours as the service shows it. */
export interface FoundIssue {
  readonly number: number
  readonly isOpen: boolean
  /** Nobody may comment on it, or it lives elsewhere now. */
  readonly isLocked: boolean
  readonly body: string
  readonly url: string
}

/** What is to be done with the one issue of a tenant. Everything left out stays as it is. */
export interface IssuePlan {
  readonly create: { readonly title: string; readonly body: string } | null
  readonly body: string | null
  readonly reopen: boolean
  readonly close: boolean
  readonly comments: readonly string[]
}

/**
 * One issue a tenant: opened by the first difference or by a tenant that cannot be judged, written when what it says changes, closed by a complete check
 * that finds nothing, and opened again where somebody closed it while something stands, at most once a day.
 * `before`: what a history remembers; null where the issue's own last line is all there is.
 */
export function planIssue(
  found: FoundIssue | null,
  standing: IssueStanding,
  before: IssueMemory | null,
  settings: { readonly details: IssueDetails; readonly severityAtLeast: Severity },
): IssuePlan {
  const line = found === null ? null : readMemoryLine(found.body)
  const known = before ?? line ?? NO_ISSUE_MEMORY
  const news = newsOf(standing, known)
  const { details, severityAtLeast } = settings
  const atLeast = (severity: Severity): boolean => compareSeverity(severity, severityAtLeast) >= 0
  const isAlarm = standing.differences.length > 0 || standing.dark !== null || news.memory.open.length > 0
  const nothing: IssuePlan = { create: null, body: null, reopen: false, close: false, comments: [] }
  if (found === null) {
    if (!isAlarm) return nothing
    return {
      ...nothing,
      create: { title: titleOf(standing, details), body: bodyWithMemory(standing, news.memory, details) },
    }
  }
  // We close an issue only when nothing stands. Closed while its own memory says that something does: a person did it.
  const wasAlarm = line !== null && (line.open.length > 0 || line.darkSince !== null)
  const isByHand = !found.isOpen && wasAlarm
  const lastOpened = line?.reopenedAt ?? null
  const mayReopen = !isByHand || lastOpened === null || Math.abs(standing.at - lastOpened) >= DAY_MS
  const isFreshAlarm = news.opened.length + news.reopened.length + news.graver.length > 0 || news.wentDark
  const reopen = !found.isOpen && isAlarm && mayReopen
  const memory = reopen && isByHand ? { ...news.memory, reopenedAt: standing.at } : news.memory
  const text = keepsText(standing)
    ? withDark(found.body, standing, memory, details)
    : bodyWithMemory(standing, memory, details)
  const isSame = comparableBody(text) === comparableBody(found.body)
  const comment = newsComment(news, standing, { details, atLeast })
  const close = found.isOpen && !isAlarm && standing.isComplete
  return {
    create: null,
    // An issue that a person closed is not edited while something stands and it may not be opened again yet.
    body: isSame || (!found.isOpen && isAlarm && !reopen) ? null : text,
    reopen,
    close,
    comments: [
      ...(reopen && isByHand && !isFreshAlarm ? [againComment(standing)] : []),
      ...(comment !== null && (found.isOpen || reopen) ? [comment] : []),
      ...(close ? [closingComment(news, standing)] : []),
    ],
  }
}

/** Whether the tenant cannot be read and no memory says what stands: then the text of the last complete check is kept. */
function keepsText({ dark, differences, isComplete }: IssueStanding): boolean {
  return dark !== null && differences.length === 0 && !isComplete
}

/** The text that stands there, under the one line that says that it could not be judged. */
function withDark(body: string, standing: IssueStanding, memory: IssueMemory, details: IssueDetails): string {
  const fresh = bodyWithMemory(standing, memory, details)
  const [marker = '', ...lines] = fresh.split('\n')
  const dark = lines.filter((line) => line.startsWith('>')).join('\n')
  const kept = body
    .replaceAll('\r\n', '\n')
    .split('\n')
    .slice(1, -1)
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .trim()
  const note = kept === '' || memory.open.length === 0 ? '' : ' What follows is from the last complete check.'
  const text = memory.open.length === 0 ? '' : `\n\n${kept}`
  return `${marker}\n${dark.replace(/\.$/, `.${note}`)}${text}\n${lines.at(-1) ?? ''}`
}
