import type { Ending, EpisodeState, ExpiredWhy, Form } from '../schema/episode.ts'
import type { ErrorCode } from '../schema/errors.ts'
import type { FindingKind, Origin, Severity, Verdict } from '../schema/finding.ts'
import type { ReportFinding } from '../schema/report.ts'
import type { Place } from '../schema/standing.ts'
import type { Telling } from '../schema/telling.ts'

/**
 * A finding as it is remembered: without advice, which is made of the rest, and without what only its own run could say. `affected` is never stored: it is
 * there while its own run tells channels.
 */
export type KeptFinding = Omit<ReportFinding, 'help' | 'link' | 'seen' | 'touched' | 'since' | 'returns'>

/** The rule that accepted an episode, as the report told it. */
export interface Acceptance {
  readonly reason: string
  readonly owner: string
  /** Last day on which the rule holds, `YYYY-MM-DD`. */
  readonly expires: string
}

/**
 * One counting difference at a place, which is its key: fingerprints follow the kind. There is one for each place, for ever; its spells are told by
 * its transitions. Times are epoch ms.
 */
export interface Episode extends Place {
  /** The store's number; null where it was never stored. */
  readonly id: number | null
  /** Number of the run that made it; null until stored. Part of the ids that channels send. */
  readonly firstRun: number | null
  /** How many transitions it had: the number of the next one. */
  readonly moves: number
  readonly kind: FindingKind
  readonly fingerprint: string
  readonly state: EpisodeState
  readonly origin: Origin | null
  readonly severity: Severity
  /** Its highest severity since `since`. */
  readonly top: Severity
  /** Since when it has been there without a break. */
  readonly since: number
  /** When it was first found. */
  readonly first: number
  /** A counter of runs, outside of replay: when it was last seen. */
  readonly seen: number
  /** A counter of runs, outside of replay: how many that looked there saw it counting, one after the other. */
  readonly row: number
  /** A counter of runs, outside of replay. */
  readonly form: Form
  readonly ended: number | null
  readonly how: Ending | null
  /** How often it came back within `recurring_within`. */
  readonly returns: number
  /** When it was last worth telling: what `remind_after` counts from. */
  readonly spoken: number
  /** Version of tenant-drift that judged it last. */
  readonly tool: string
  readonly accepted: Acceptance | null
  /** As it was last reported; of an ended episode, as it stood. Secrets are hidden in it. */
  readonly finding: KeptFinding
}

/** A place that could not be read: no episode, because nothing is claimed about it. */
export interface Dark extends Place {
  readonly code: ErrorCode
  readonly since: number
  /** False where it was found while the tenant as a whole was unreadable, and is so no more than with it. */
  readonly told: boolean
  /** A counter of runs, outside of replay: how many that tried could not read it, one after the other. */
  readonly row: number
  /** Where it is a mistake that somebody has to mend: what and where, as the first run said that found it. */
  readonly says?: string
}

/** What can be told, and what is told to nobody: something about an episode moved; it ended with its API, whose own `missing` is told. */
export type TransitionType = Telling | 'noted' | 'gone'

/** What a run changes about an episode. Put on the memory before, all of a run give the memory after, but for its counters. */
export interface EpisodeTransition {
  readonly about: 'episode'
  readonly type: Exclude<TransitionType, 'unreadable' | 'readable'>
  readonly at: number
  /** False: it changes what is remembered, and no channel hears of it. */
  readonly told: boolean
  /** Null where there was none. */
  readonly before: Episode | null
  readonly after: Episode
  /** Of `expired`. */
  readonly why?: ExpiredWhy
  /** Of `noted`: a new version of tenant-drift judges it otherwise. All of a run together are one line to people. */
  readonly isRejudged?: true
  /** Of a whole API that is gone (`opened`, `reopened`, `changed` to `missing`): how many differences went with it. */
  readonly took?: number
}

/** A place that cannot be read any more, or can be again. */
export interface DarkTransition {
  readonly about: 'dark'
  readonly type: 'unreadable' | 'readable'
  readonly at: number
  /** False while the tenant as a whole is unreadable: what that means for its APIs is silent. */
  readonly told: boolean
  /** As it stands (`unreadable`), or as it stood (`readable`). */
  readonly dark: Dark
}

export type Transition = EpisodeTransition | DarkTransition

/** What a run was, as it is kept. Equal runs one after the other are one row (`times`). */
export interface RunRow {
  /** The store's number; null until stored. Runs are ordered by it, never by the clock. */
  readonly id: number | null
  readonly firstAt: number
  readonly lastAt: number
  readonly times: number
  readonly verdict: Verdict
  /** Whether it looked at all APIs. */
  readonly covers: 'all' | 'some'
  readonly counting: number
  readonly notices: number
  readonly bySeverity: Readonly<Record<Severity, number>>
  /** Of verdict, findings, cover and commit: equal means that nothing is new. */
  readonly digest: string
  readonly tool: string
  readonly commit: string | null
  readonly requests: number | null
  readonly waits: number | null
  /** Milliseconds; null where it was not measured. */
  readonly took: number | null
}

/** All that is remembered of one tenant in one view. */
export interface Memory {
  /** The newest run; null before the first one. */
  readonly run: RunRow | null
  /** When the newest complete run of all APIs was; null where there was none. */
  readonly lastComplete: number | null
  /** Every place that ever had one, in the order of identifier and path (code units). */
  readonly episodes: readonly Episode[]
  readonly dark: readonly Dark[]
}

export const EMPTY: Memory = { run: null, lastComplete: null, episodes: [], dark: [] }
