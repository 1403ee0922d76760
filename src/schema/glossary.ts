import type { Direction, Impact, Origin, Severity, Verdict } from './finding.ts'
import { WHO_LIKELY, WHO_NOT_KNOWN } from './changed-by-words.ts'
import type { Certainty, WhoLikely, WhoNotKnown } from './changed-by.ts'
import type { RuleState } from './accept-rule.ts'
import type { Telling } from './telling.ts'

/**
 * The words of the house: docs/glossary.md is written from this table, and `explain` reads it. A line may have several words for one thing, with commas
 * between them. Links are those of a page in docs/.
 */
export const WORDS = {
  tenant: 'one Auth0 tenant, addressed by its domain',
  'resource server, API': 'one API of a tenant; its `identifier` is unique and cannot be changed',
  'system API': "one of the tenant's own: Management, My Account, My Organization, Express Configuration",
  declared:
    'what the code says. `null` means "must not be set"; an absent key at the top level means "I say nothing about it"',
  source: 'where something is declared: a file, a [pattern](patterns.md), or `KIND:PATH` ([declared.md](declared.md))',
  base: 'what was declared when it was last applied: the old inputs in the Pulumi state, or a source given as `base` or `TENANT_DRIFT_BASE`',
  live: "what the tenant's list returned",
  reading: "one pass over the tenant's list",
  snapshot: 'one complete, consistent reading, with its proof; as a file it holds no secrets and has a digest',
  proof:
    'what was asked and seen: total announced, pages and items received, re-reads, requests by purpose, how the tenant was recognised',
  canary: "the tenant's own Management API. Every tenant lists it; a list without it proves nothing",
  recorded:
    'everything that nobody declares, as it was when somebody last agreed to it; a snapshot file in the repository',
  finding: 'one difference: kind, API, path, origin, direction, severity, impact, and whether it counts',
  kind: 'what sort of difference it is; the table below',
  origin: 'who caused it: `drift`, `pending` or `conflict`; the table below',
  direction: 'is the live value less safe than the declared one? `weakened`, `strengthened`, `neutral`',
  impact: '`breaks-clients` where callers that work with the declared value fail with the live one',
  severity:
    '`low`, `medium`, `high`, `critical`: from the field, the direction, the impact and sibling fields ([decision](decisions/2026-11-24-severity.md))',
  'counts, notice': 'a finding either counts toward the verdict, or is a notice: it is shown and fails no run',
  adopted: 'a change between base and declared that the tenant already has. No finding, only a number',
  touched: "an API whose declaration differs from its base's",
  check:
    'a resource of a Pulumi program that compares: `ResourceServerCheck`, `TenantCheck`. "create" and "delete" in Pulumi\'s display are about the check, never about the API',
  seen: 'how often an `up` or a `refresh` has stored the same difference; it keeps a drift visible ([decision](decisions/2026-11-24-seen-counter.md))',
  gate: 'which findings count: all, or those on APIs that a change touches ([what counts](command.md#what-counts))',
  trust: 'the commit whose rules, records and configuration judge a change ([command.md](command.md#what-counts))',
  'policy pack': 'the policies that judge what the checks observed, given to `pulumi preview --policy-pack`',
  verdict:
    'the result of a comparison: `in-sync`, `drifted` or `incomplete`. Incomplete wins over drifted, and drifted over in-sync',
  catalogue: 'the table of all fields in `src/schema/fields.ts`; as a page, [fields.md](fields.md)',
  'simulator, embedded tenant': 'the stand-in for a tenant on loopback ([simulator.md](simulator.md))',
  history:
    'the store that remembers runs: those of a check if it names a store, those of `serve` always ([history.md](history.md))',
  'place, episode':
    'a place is an API and a path in it. An episode is one counting difference there, from the run that first saw it to the run that found it ended',
  view: 'the name under which the history keeps the tenant: `history_view`, else the name of the tenant, else `default`',
  transition: 'what a run changes about episodes and tenants',
  channel: 'where a run reports what changed: a message, an issue or a heartbeat ([notify.md](notify.md))',
  'watch, serve': 'the service that checks on a schedule and when a log stream says so ([watch.md](watch.md))',
  'plan, way back, repair':
    'what puts the tenant back: a PATCH for each API. tenant-drift only prints it ([repair.md](repair.md))',
  precondition: 'what the tenant must have before a PATCH of a plan is sent; otherwise the script stops',
  inverse: 'the PATCH that undoes a PATCH of a plan',
  'changed by, who': 'the event of the tenant log that made a difference, and how certain that is ([who.md](who.md))',
} as const satisfies Readonly<Record<string, string>>

/** Words that stand in reports as they are; a new one does not compile until it is explained. */
export const REPORT_WORDS = {
  'in-sync': 'verdict: all was read, and nothing counts',
  drifted: 'verdict: all was read, and something counts',
  incomplete: 'verdict: something could not be read or understood, so nothing is proven; the exit code is 1',
  drift: 'origin: somebody changed the tenant, and no code asked for it',
  pending:
    'origin: the code changed and nobody has applied it yet; a notice, because applying the code will make it so',
  conflict:
    'origin: the code and the tenant both changed, to different values; applying the code would overwrite what somebody did',
  low: 'severity: worth knowing; nobody is less safe for it',
  medium: 'severity: somebody should look at it soon',
  high: 'severity: a protection is weaker than was agreed, or callers may be stopped',
  critical: 'severity: tokens can be forged, or an API is open or gone',
  weakened: 'direction: the live value is less safe than the declared one',
  strengthened: 'direction: the live value is safer than the declared one, and not what was agreed',
  neutral: 'direction: the live value is neither safer nor less safe than the declared one',
  'breaks-clients': 'impact: callers that work with the declared value fail with the live one',
  new: 'a finding that the previous report did not have (`--previous`)',
  ongoing: 'a finding that the previous report also had (`--previous`)',
  resolved: 'a finding that counted in the previous report and is gone (`--previous`)',
  'ignored, accepted':
    'a finding that an accept rule hides until its last day: it is shown and counted separately, and fails no run',
  used: 'state of an accept rule: it hides something',
  unused: 'state of an accept rule: it matches nothing',
  expired: 'state of an accept rule: its last day is over, so it hides nothing',
  expiring: 'state of an accept rule: its last day is near',
  fingerprint:
    'the name of a finding: a hash of tenant, API, path and kind, never of values, so that it stays the same while a difference lasts',
  targeted:
    '`--target` or `--exclude` was given: only some APIs were checked, so the report says nothing about the others',
  elsewhere: 'an API that `managed_elsewhere` says is declared by somebody else',
  edited:
    'a file of rules, records or configuration that the change edits; the version of the commit that judges the change is used',
  hidden: 'shown in place of a secret value',
  certain: 'who changed it: proven by the tenant log ([who.md](who.md))',
  likely: 'who changed it: almost proven; its reason says what is missing',
  'not-known': 'who changed it: nobody can tell, and its reason says why',
  young: `likely: ${WHO_LIKELY.young}, because the change is younger than 15 minutes`,
  'equal-times': `likely: ${WHO_LIKELY['equal-times']}`,
  'first-known': `likely: ${WHO_LIKELY['first-known']}: the oldest event with it sends only a few settings`,
  gap: `likely: ${WHO_LIKELY.gap}; it was certain before`,
  'one-secret': `likely: ${WHO_LIKELY['one-secret']}`,
  'no-scope': `not known: ${WHO_NOT_KNOWN['no-scope']}`,
  'older-than-the-logs': `not known: ${WHO_NOT_KNOWN['older-than-the-logs']}`,
  'logs-lag': `not known: ${WHO_NOT_KNOWN['logs-lag']}`,
  'no-event': `not known: ${WHO_NOT_KNOWN['no-event']}. Another endpoint or the service itself made it, or its event never came`,
  'too-many-events': `not known: ${WHO_NOT_KNOWN['too-many-events']}`,
  masked: `not known: ${WHO_NOT_KNOWN.masked}: the value is masked, or an event lacks the answer of the tenant`,
  secret: `not known: ${WHO_NOT_KNOWN.secret}`,
  changedBy: 'who changed it, with `--who`: how certain that is, and the event of the tenant log ([who.md](who.md))',
  certainty: 'how sure it is who changed something: `certain`, `likely` or `not-known`',
  sentBy: 'with `older-than-the-logs`: who sent this value first, as far back as the logs go',
  keptBy: 'who sent the same value again since the change',
  before: 'in `changedBy`: the value before the change, and when it was read; in a plan: the precondition',
  detectedIn: 'seconds from the change to `since`; null where the change is not certain',
  since: 'since when a difference has been there without a break, as the history knows it',
  returns: 'how often a difference came back within `recurring_within`',
  'NOTHING COUNTS': 'something differs from the declaration, but none of it fails the run',
} as const satisfies Readonly<
  Record<
    | Verdict
    | Origin
    | Severity
    | Direction
    | Impact
    | RuleState
    | Certainty
    | WhoLikely
    | Exclude<WhoNotKnown, 'unreadable'>,
    string
  >
> &
  Readonly<Record<string, string>>

/** Words of the history, of the watch and of what channels are told; a new one that can be told does not compile until it is explained. */
export const HISTORY_WORDS = {
  opened: 'a difference that counts was found, for the first time or again after `recurring_within`',
  reopened: 'a difference came back within `recurring_within`: it is the same one again, with one return more',
  changed: 'a difference has another live value or kind, or became more severe',
  resolved: 'a difference ended; `mended`, `adopted` or `unwatched` says how',
  accepted: 'an accept rule hides a difference from now on',
  expired: 'an accept rule no longer applies: its last day is over, the value changed, or the rule was removed',
  reminder: 'a difference is still there, and `remind_after` says to report it again',
  unreadable: 'the tenant, or an API, could not be judged',
  readable: 'the tenant, or an API, can be judged again',
  noted: 'something about a difference changed that no channel is told, such as who changed it or where it is declared',
  open: 'state of a difference: it is there and counts',
  ended: 'state of a difference: it is gone, or nothing watches it any more',
  mended: 'how a difference ended: somebody set it back in the tenant',
  adopted: 'how a difference ended: the code or the record now has the value of the tenant',
  unwatched: 'how a difference ended: nothing declares or records it any more. The tenant may still be as it was',
  gone: 'how a difference ended: its API is gone, and the missing API is reported in its place',
  memory_begins:
    'in what a webhook is sent: the memory begins with this run, so what is reported as opened may have been reported before',
  waiting: 'state of a message: it is not sent yet, and is tried again',
  sent: 'state of a message: the channel took it',
  failed: 'state of a message: the channel refused it, or it was given up after three days',
  dropped: 'state of a message: a newer one took its place, or nobody needs it any more',
} as const satisfies Readonly<Record<Telling, string>> & Readonly<Record<string, string>>

/** What the command ends with. */
export const EXIT_CODES = {
  0: 'proven in sync, or nothing that counts at or above `--fail-on`',
  2: 'drift',
  1: 'could not tell: usage, configuration, credentials, tenant, an incomplete reading, a crash',
} as const

/** What a table says of one word; null where it has no such word. Letters that are capitals do not count. */
export function meaningIn(table: Readonly<Record<string, string>>, word: string): string | null {
  const found = Object.entries(table).find(([words]) =>
    words.split(', ').some((each) => each.toLowerCase() === word.toLowerCase()),
  )
  return found?.[1] ?? null
}
