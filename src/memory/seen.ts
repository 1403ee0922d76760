import type { Report, ReportFinding } from '../schema/report.ts'
import type { Place } from '../schema/standing.ts'
import { isWithin, keyOfPlace } from './place.ts'
import type { Acceptance, KeptFinding } from './types.ts'
import type { Form } from '../schema/episode.ts'

/** What a report says of one place. */
export interface SeenPlace {
  readonly finding: KeptFinding
  readonly form: Form | 'accepted'
  readonly accepted: Acceptance | null
}

/** A report by places. */
export interface Seen {
  readonly at: ReadonlyMap<string, SeenPlace>
  /** What could not be read, or was not compared: inside of it nothing was looked at. */
  isDark(place: Place): boolean
  /** What stands around a place and takes it with it: its API is missing, or the value that it is in differs as a whole. */
  around(place: Place): SeenPlace | null
}

/** A report by places. Where it has several findings for one place, the one that ranks highest is kept: counting, accepted, pending, notice. */
export function seenIn(report: Report): Seen {
  const at = new Map<string, SeenPlace>()
  const dark = new Map<string | null, Place[]>()
  const add = (finding: ReportFinding, form: SeenPlace['form'], accepted: Acceptance | null): void => {
    if (finding.kind === 'unreadable' || finding.kind === 'not-compared') {
      // With identifier null this is about the tenant alone: whether its APIs could be looked at is told for each of them.
      putInList(dark, finding.identifier, finding)
      return
    }
    if (finding.kind === 'weaker-declaration') return
    const key = keyOfPlace(finding)
    const before = at.get(key)
    if (before === undefined || RANK[form] > RANK[before.form])
      at.set(key, { finding: keptFinding(finding), form, accepted })
  }
  for (const finding of report.findings) {
    add(finding, finding.counts ? 'counts' : finding.origin === 'pending' ? 'pending' : 'notice', null)
  }
  for (const { finding, reason, owner, expires } of report.ignored) {
    // A rule that hides what does not count accepts nothing.
    if (finding.counts) add(finding, 'accepted', { reason, owner, expires })
    else add(finding, finding.origin === 'pending' ? 'pending' : 'notice', null)
  }
  const outer = outerPlaces(at)
  return {
    at,
    isDark: (place) => (dark.get(place.identifier) ?? []).some((around) => isWithin(place, around)),
    around: (place) =>
      (outer.get(place.identifier) ?? []).find(
        ({ finding }) => finding.path !== place.path && isWithin(place, finding),
      ) ?? null,
  }
}

const RANK: Readonly<Record<SeenPlace['form'], number>> = { counts: 3, accepted: 2, pending: 1, notice: 0 }

/** Places that contain others: settings with parts, and missing APIs. An unmanaged API is left out: its settings are not compared. */
function outerPlaces(at: ReadonlyMap<string, SeenPlace>): ReadonlyMap<string | null, readonly SeenPlace[]> {
  const outer = new Map<string | null, SeenPlace[]>()
  for (const seen of at.values()) {
    if (seen.finding.path !== '' || seen.finding.kind === 'missing') putInList(outer, seen.finding.identifier, seen)
  }
  return outer
}

function putInList<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** Without what depends on the run and not on the difference. */
function keptFinding(finding: ReportFinding): KeptFinding {
  const { help: _h, link: _l, seen: _s, touched: _t, since: _since, returns: _returns, ...rest } = finding
  const { affected: _affected, ...kept } = rest
  return kept
}
