import { createHash } from 'node:crypto'
import type { DarkTransition, Dark } from '../memory/types.ts'
import type { Ending, ExpiredWhy } from '../schema/episode.ts'
import { subjectOfDark, subjectOfEpisode, type StoredEpisode, type TenantRow } from '../history/front.ts'
import type { Affected } from '../schema/affected.ts'
import { ERROR_CODES, type ErrorCode } from '../schema/errors.ts'
import { SEVERITIES, type FindingKind, type Severity, type Shown } from '../schema/finding.ts'
import { byCodeUnits } from '../schema/json.ts'
import type { ChangedBy } from '../schema/changed-by.ts'
import type { Telling } from '../schema/telling.ts'
import { ENDING_WORDS } from '../words/episode.ts'
import { harmlessLine } from '../words/harmless.ts'
import { showName } from '../words/show.ts'
import { showValue } from '../words/show-value.ts'
import { withoutPerson } from '../words/who.ts'

/** One thing that a channel is told: plain JSON, kept in the outbox, written in each channel's own way when it is sent. */
export interface Item {
  /** Of the episode or the dark place that it is about. */
  readonly subject: string
  readonly type: Telling
  /** Equal at every retry, receiver and process. */
  readonly id: string
  /** Epoch ms of what happened. */
  readonly at: number
  readonly run: number
  /** How people call the tenant, and where it is. */
  readonly tenant: string
  readonly address: string
  readonly identifier: string | null
  readonly path: string
  /** Null of what could not be read. */
  readonly severity: Severity | null
  readonly kind: FindingKind | null
  readonly fingerprint: string | null
  readonly declared?: Shown
  readonly live?: Shown
  /** Whom it hits, where the run asked. */
  readonly affected?: Affected
  /** One sentence, with texts of the tenant in it. */
  readonly message: string
  /** Of what could not be read: what somebody has to mend, and where, with texts of the code in it. */
  readonly says?: string
  readonly since: number
  readonly returns: number
  readonly how?: Ending
  readonly why?: ExpiredWhy
  /** How many open differences ended with an API that is gone. */
  readonly took?: number
  readonly code?: ErrorCode
  /** With a person only where the channel may name them. */
  readonly changedBy?: ChangedBy
}

export function itemOfEpisode(
  type: Telling,
  { tenant, ...episode }: StoredEpisode,
  more: {
    readonly at: number
    readonly run: number
    readonly number: number
    readonly why?: ExpiredWhy | undefined
    readonly took?: number | undefined
    readonly persons: boolean
  },
): Item {
  const { finding } = episode
  const { changedBy } = finding
  return {
    subject: subjectOfEpisode(episode),
    type,
    // The time as well: a memory that begins anew counts its runs and transitions from one again.
    id: itemId([tenant.address, episode.fingerprint, type, episode.firstRun, more.number, more.at]),
    at: more.at,
    run: more.run,
    tenant: tenant.name ?? tenant.address,
    address: tenant.address,
    identifier: episode.identifier,
    path: episode.path,
    severity: episode.severity,
    kind: episode.kind,
    fingerprint: episode.fingerprint,
    ...(finding.declared === undefined ? {} : { declared: finding.declared }),
    ...(finding.live === undefined ? {} : { live: finding.live }),
    ...(finding.affected === undefined ? {} : { affected: finding.affected }),
    message: finding.message,
    since: episode.since,
    returns: episode.returns,
    ...(episode.how === null ? {} : { how: episode.how }),
    ...(more.why === undefined ? {} : { why: more.why }),
    ...(more.took === undefined || more.took === 0 ? {} : { took: more.took }),
    ...(changedBy === undefined || type === 'resolved'
      ? {}
      : { changedBy: more.persons ? changedBy : withoutPerson(changedBy) }),
  }
}

/** Of what a mistake says; the page has all of it. */
const MOST_SAID = 300

export function itemOfDark(type: DarkTransition['type'], tenant: TenantRow, dark: Dark, at: number, run: number): Item {
  return {
    subject: subjectOfDark(tenant, dark),
    type,
    id: itemId([tenant.address, [dark.identifier, dark.path], type, run, dark.since]),
    at,
    run,
    tenant: tenant.name ?? tenant.address,
    address: tenant.address,
    identifier: dark.identifier,
    path: dark.path,
    severity: null,
    kind: null,
    fingerprint: null,
    message: ERROR_CODES[dark.code],
    ...(type === 'unreadable' && dark.says !== undefined ? { says: harmlessLine(dark.says, MOST_SAID) } : {}),
    since: dark.since,
    returns: 0,
    code: dark.code,
  }
}

/** What happened and, of a mistake, what it says; `written` is how somebody else's text stands where it goes to. */
export function sentenceOf(
  { message, says }: Pick<Item, 'message' | 'says'>,
  written: (text: string) => string = (text) => text,
): string {
  return says === undefined ? message : `${message}: ${written(says)}`
}

/** First 32 hex digits: whoever tells the same thing again, after a crash too, tells it under the same name. */
function itemId(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** Who is meant: `signing_alg of https://orders.example.com/`, in pieces that each medium puts into its own quotes. */
export function whereOf({ identifier, path }: Pick<Item, 'identifier' | 'path'>): {
  readonly setting: string | null
  readonly api: string | null
} {
  return { setting: path === '' ? null : showName(path), api: identifier === null ? null : showName(identifier) }
}

/** Both sides as texts; null where nothing stands there. */
export function sidesOf(
  { declared, live, path }: { readonly path: string } & { readonly [Side in 'declared' | 'live']?: Shown | undefined },
  most = 160,
): { readonly declared: string | null; readonly live: string | null } {
  return { declared: showValue(declared, path, most), live: showValue(live, path, most) }
}

/** To whoever is told, it is not enough that nobody looks any more. */
const UNWATCHED = '; the tenant may still be as it was'

const EXPIRED_WORDS: Readonly<Record<ExpiredWhy, string>> = {
  day: 'the last day of its rule is over',
  value: 'its value changed',
  rule: 'its rule was removed',
}

/** What happened, in words of ours alone. */
export function eventWords(item: Pick<Item, 'type' | 'severity' | 'returns' | 'how' | 'why'>, begins = false): string {
  const { type, severity, returns, how, why } = item
  switch (type) {
    case 'opened':
      return begins ? `Open, ${severity}` : `New, ${severity}`
    case 'changed':
      return `Changed, now ${severity}`
    case 'reopened':
      return `${returnWords(returns)}, ${severity}`
    case 'resolved':
      return `Resolved${how === undefined ? '' : ` (${ENDING_WORDS[how]}${how === 'unwatched' ? UNWATCHED : ''})`}`
    case 'accepted':
      return 'Accepted'
    case 'expired':
      return `Counts again, ${severity}${why === undefined ? '' : ` (${EXPIRED_WORDS[why]})`}`
    case 'reminder':
      return `Still there, ${severity}`
    case 'unreadable':
      return 'Could not be judged'
    case 'readable':
      return 'Can be judged again'
  }
}

/** `Back for the third time`: the first time that it came back is the second time that it stands. */
export function returnWords(returns: number): string {
  if (returns <= 1) return 'Back again'
  const ordinal = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'][returns]
  return `Back for the ${ordinal ?? `${returns}th`} time`
}

/** What tells that something stands; an end is told only to whom this was told. */
export function isBeginning(type: Telling): boolean {
  return type === 'opened' || type === 'reopened' || type === 'expired' || type === 'unreadable'
}

/** What tells that there is nothing to be done any more. */
export function isOver(type: Telling): boolean {
  return type === 'resolved' || type === 'readable' || type === 'accepted'
}

/** What cannot be judged first, then the gravest, and what is over last; equal ones by tenant and place. */
export function orderItems(items: readonly Item[]): readonly Item[] {
  const rank = ({ type, severity }: Item): number => {
    if (type === 'unreadable') return SEVERITIES.length
    return isOver(type) || severity === null ? -1 : SEVERITIES.indexOf(severity)
  }
  return items.toSorted(
    (a, b) =>
      rank(b) - rank(a) ||
      byCodeUnits(a.tenant, b.tenant) ||
      byCodeUnits(a.identifier ?? '', b.identifier ?? '') ||
      byCodeUnits(a.path, b.path) ||
      a.run - b.run,
  )
}
