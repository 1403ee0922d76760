import type { FoundIssue } from './issue-plan.ts'

/** A place where issues live. Everything it throws is a `HostFault`. */
export interface IssueHost {
  /** Issues of ours that begin with `marker`, the newest first; and whether somebody else's, who may be believed, does. */
  readonly find: (marker: string, state: 'open' | 'closed') => Promise<FoundIssues>
  readonly create: (issue: { readonly title: string; readonly body: string }) => Promise<FoundIssue>
  readonly setBody: (issue: number, body: string) => Promise<void>
  readonly reopen: (issue: number) => Promise<void>
  readonly close: (issue: number, why: 'completed' | 'not_planned') => Promise<void>
  readonly comment: (issue: number, text: string) => Promise<void>
  readonly label: (issue: number, labels: readonly string[]) => Promise<void>
  /** Whether everybody can read it; null where that cannot be learnt. */
  readonly isPublic: () => Promise<boolean | null>
}

export interface FoundIssues {
  readonly issues: readonly FoundIssue[]
  /** Login of somebody of the house whose issue begins like ours. */
  readonly foreign: string | null
}

/** Why something could not be done; the words are ours. */
export class HostFault extends Error {
  /** HTTP status; null where no answer came. */
  readonly status: number | null
  /** Null where trying again later cannot help. */
  readonly afterMs: number | null

  constructor(message: string, status: number | null, afterMs: number | null) {
    super(message)
    this.status = status
    this.afterMs = afterMs
  }
}

/** The first line, exactly; whatever ends it. */
export function beginsWithMarker(body: string | null | undefined, marker: string): boolean {
  return body?.split(/\r?\n/, 1)[0] === marker
}
