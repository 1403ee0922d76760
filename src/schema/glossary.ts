import type { Direction, Impact, Origin, Severity, Verdict } from './finding.ts'
import type { Certainty, WhoLikely, WhoNotKnown } from './changed-by.ts'
import type { RuleState } from './accept-rule.ts'
import type { Telling } from './telling.ts'

/**
 * The words of the house: docs/glossary.md is written from this table, and `explain` reads it. A line may have several words for one thing, with commas
 * between them. Links are those of a page in docs/.
 */
export const WORDS = {
  tenant: 'one Auth0 tenant, addressed by its domain',
  'resource server, API': 'one API in it, with an `identifier` that is unique and cannot be changed',
  'system API': "one of the tenant's own: Management, My Account, My Organization, Express Configuration",
  declared:
    'what the code at hand says. `null` means "must not be set"; an absent key at the top level means "I say nothing about it"',
  source: 'where something is declared: a file, a [pattern](patterns.md), or `KIND:PATH` ([declared.md](declared.md))',
  base: 'what was declared when it was last applied: the old inputs in the Pulumi state, or a source given as `base` or `TENANT_DRIFT_BASE`',
  live: "what the tenant's list returned",
  reading: "one pass over the tenant's list",
  snapshot: 'one complete, consistent reading, with its proof; as a file it holds no secrets and has a digest',
  proof:
    'what was asked and seen: total announced, pages and items received, re-reads, requests by purpose, how the tenant was recognised',
  canary: "the tenant's own Management API. Every tenant lists it; a list without it is evidence of nothing",
  recorded:
    'a snapshot file kept in the repository: "this is how everything nobody declares stood when we looked and agreed"',
  finding: 'one difference: kind, API, path, origin, direction, severity, impact, and whether it counts',
  kind: 'what sort of difference it is; the table below',
  origin: 'whose doing it is: `drift`, `pending` or `conflict`; the table below',
  direction: 'is the live value less safe than the declared one? `weakened`, `strengthened`, `neutral`',
  impact: '`breaks-clients` where the live value stops callers that the declared one serves',
  severity:
    '`low`, `medium`, `high`, `critical`: from the field, the direction, the impact and sibling fields ([decision](decisions/2026-11-24-severity.md))',
  'counts, notice': 'a finding counts toward the verdict, or is a notice: shown, never failing',
  adopted: 'a change between base and declared that the tenant already has. No finding, only a number',
  touched: "an API whose declaration differs from its base's",
  check:
    'a resource of a Pulumi program that compares: `ResourceServerCheck`, `TenantCheck`. "create" and "delete" in Pulumi\'s display are about the check, never about the API',
  seen: 'how often an `up` or a `refresh` has stored the same difference; it keeps a drift visible ([decision](decisions/2026-11-24-seen-counter.md))',
  gate: 'which findings count: all, or those on APIs that a change touches ([what counts](command.md#what-counts))',
  trust: 'the commit whose rules, records and configuration judge a change ([command.md](command.md#what-counts))',
  'policy pack': 'the policies that judge what the checks observed, given to `pulumi preview --policy-pack`',
  verdict: 'of a comparison: `in-sync`, `drifted`, `incomplete`; incomplete beats drifted beats in-sync',
  catalogue: 'the table of all fields in `src/schema/fields.ts`; as a page, [fields.md](fields.md)',
  'simulator, embedded tenant': 'the stand-in for a tenant on loopback ([simulator.md](simulator.md))',
  history: 'where runs are remembered: where somebody names a store, and always of `serve` ([history.md](history.md))',
  'place, episode':
    'an API and a path in it; one counting difference there, from the run that first saw it to the run that looked there and found it ended',
  view: 'whose memory it is: `history_view`, else the name of the tenant, else `default`',
  transition: 'what a run changes about episodes and tenants',
  channel: 'whom a run tells what changed: a message, an issue or a heartbeat ([notify.md](notify.md))',
  'watch, serve': 'the service that checks on a schedule and when a log stream says so ([watch.md](watch.md))',
  'plan, way back, repair':
    'what puts the tenant back: a PATCH for each API, which nobody has sent ([repair.md](repair.md))',
  precondition: 'what must stand in the tenant before a PATCH of a plan is sent; else its script stops',
  inverse: 'the PATCH that undoes another one of a plan',
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
  medium: 'severity: worth a look soon',
  high: 'severity: a protection is weaker than was agreed, or callers may be stopped',
  critical: 'severity: tokens can be forged, or an API is open or gone',
  weakened: 'direction: the live value is less safe than the declared one',
  strengthened: 'direction: the live value is safer than the declared one, and not what was agreed',
  neutral: 'direction: the live value is neither safer nor less safe than the declared one',
  'breaks-clients': 'impact: the live value stops callers that the declared one serves',
  new: 'a finding that the previous report did not have (`--previous`)',
  ongoing: 'a finding that the previous report had, too (`--previous`)',
  resolved: 'what counted in the previous report and is no more (`--previous`)',
  'ignored, accepted':
    'a finding that an accept rule hides until its last day: shown and counted on its own, and it fails nothing',
  used: 'state of an accept rule: it hides something',
  unused: 'state of an accept rule: it matches nothing',
  expired: 'state of an accept rule: its last day is over, so it hides nothing',
  expiring: 'state of an accept rule: its last day is near',
  fingerprint:
    'the name of a finding: a hash of tenant, API, path and kind, never of values, so that it stays the same while a difference lasts',
  targeted:
    '`--target` or `--exclude` was given: only some APIs were looked at, so silence about the others means nothing',
  elsewhere: 'an API that `managed_elsewhere` says is declared by somebody else',
  edited:
    'a file that decides (rules, records, configuration) which the change has otherwise than the commit that judges; the commit holds',
  hidden: 'stands where a secret value would',
  certain: 'who changed it: proven by the tenant log ([who.md](who.md))',
  likely: 'who changed it: all but proven; its reason says what is missing',
  'not-known': 'who changed it: nobody can tell, and its reason says why',
  young: 'likely: younger than 15 minutes, so the tenant log may still change',
  'equal-times': 'likely: two events, or an event and a check, have the same time',
  'first-known': 'likely: the oldest event with this value sends few settings; what stood there before is not known',
  gap: 'likely: certain once, and the tenant log does not reach back to the last check',
  'one-secret': 'likely: the one event that could have changed the signing secret',
  'no-scope': 'not known: the token lacks the scope `read:logs`',
  'older-than-the-logs': 'not known: the tenant log begins later',
  'logs-lag': 'not known: the events are not in the tenant log yet; the next run asks again',
  'no-event': 'not known: no event made it so. Another endpoint, the service itself, or an event that never came',
  'too-many-events': 'not known: more events than may be read',
  masked: 'not known: the tenant log hides the value, or an event lacks its answer',
  secret: 'not known: several events could have changed the signing secret',
  changedBy: 'who changed it, with `--who`: how certain that is, and the event of the tenant log ([who.md](who.md))',
  certainty: 'how sure it is who changed something: `certain`, `likely` or `not-known`',
  sentBy: 'of `older-than-the-logs`: who sent this value first, as far as the tenant log goes',
  keptBy: 'who sent the same value again since the change',
  before: 'of who changed it: what stood there before, and when; of a plan: the precondition',
  detectedIn: 'seconds from the change until a run saw it; known where it is certain who changed it',
  since: 'since when a difference stands without a break, as the history knows it',
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
  opened: 'a difference that counts is there, for the first time or later than `recurring_within`',
  reopened: 'a difference is back within `recurring_within`: the same story, and one return more',
  changed: 'a difference has another live value or kind, or became graver',
  resolved: 'a difference ended; `mended`, `adopted` or `unwatched` says how',
  accepted: 'an accept rule hides a difference from now on',
  expired: 'an accept rule no longer holds: its day is over, the value is another one, or the rule was taken out',
  reminder: 'a difference still stands, and `remind_after` says to tell it again',
  unreadable: 'the tenant, or an API, could not be judged',
  readable: 'the tenant, or an API, can be judged again',
  noted: 'something about a difference moved that no channel is told, like who changed it or where it is declared',
  open: 'state of a difference: it stands and counts',
  ended: 'state of a difference: it stands no more, or nobody looks at it',
  mended: 'how a difference ended: somebody set it back in the tenant',
  adopted: 'how a difference ended: the code or the record now says what stands in the tenant',
  unwatched:
    'how a difference ended: nothing declares or records it any more, so nothing says that the tenant was mended',
  gone: 'how a difference ended: its API is gone, and that is told as the missing API',
  memory_begins: 'of a webhook: the memory begins with this run, so what is told as opened may have been told before',
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
