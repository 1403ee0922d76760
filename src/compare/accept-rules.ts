import { pathPattern } from '../schema/accept-path.ts'
import { DAY_MS } from '../schema/duration.ts'
import type { Finding } from '../schema/finding.ts'
import { sameJson, type Json } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import type { AcceptRule, PlacedRule, RuleState } from '../schema/accept-rule.ts'
import type { RuleReport } from '../schema/report.ts'
import { ofBearer, ofBearers } from './bearers.ts'
import { matcher } from './glob.ts'

/** Rules that end within this many days are reported, so that somebody renews or mends in time. */
const EXPIRING_DAYS = 14

/** What a rule looks at in a finding. */
type Ruled = Pick<Finding, 'kind' | 'identifier' | 'path' | 'origin' | 'live'>

/** For each finding the first rule that is in force and hides it; what nothing hides is not in it. */
export function matchRules<F extends Ruled>(
  findings: readonly F[],
  rules: readonly PlacedRule[],
  today: string | null,
): ReadonlyMap<F, PlacedRule> {
  const inForce = rules.filter(({ rule }) => !isExpired(rule, today))
  const candidates = inForce.map((placed) => ({ placed, hides: hiding(placed.rule) }))
  const matches = new Map<F, PlacedRule>()
  for (const finding of findings) {
    const found = candidates.find(({ hides }) => hides(finding))
    if (found !== undefined) matches.set(finding, found.placed)
  }
  return matches
}

/**
 * The findings, with the rule of each that one hides. A finding that stands for several APIs is taken apart where rules hide it on some of them: those
 * are findings of these APIs, and what is left stands for the others.
 */
export function takeApart<F extends Finding>(
  findings: readonly F[],
  rules: readonly PlacedRule[],
  today: string | null,
): { readonly findings: readonly F[]; readonly matches: ReadonlyMap<F, PlacedRule> } {
  if (rules.length === 0) return { findings, matches: new Map() }
  const whole = matchRules(findings, rules, today)
  const matches = new Map<F, PlacedRule>()
  const apart = findings.flatMap((finding): readonly F[] => {
    const rule = whole.get(finding)
    if (rule !== undefined) matches.set(finding, rule)
    const { on } = finding
    if (rule !== undefined || on === undefined) return [finding]
    const parts = new Map(on.map((bearer) => [ofBearer(finding, bearer), bearer] as const))
    const hidden = matchRules([...parts.keys()], rules, today)
    if (hidden.size === 0) return [finding]
    for (const [part, by] of hidden) matches.set(part, by)
    const left = [...parts].flatMap(([part, bearer]) => (hidden.has(part) ? [] : [bearer]))
    return [...(left.length === 0 ? [] : [ofBearers(finding, left)]), ...hidden.keys()]
  })
  return { findings: apart, matches }
}

/**
 * What became of every rule. `usedElsewhere` are rules that hide something of another tenant of the same run; `isWhole` is false where only a part
 * was read, so that nothing can be said of rules for the rest.
 */
export function ruleReports(
  rules: readonly PlacedRule[],
  matches: ReadonlyMap<Finding, PlacedRule>,
  about: { readonly today: string | null; readonly isWhole: boolean; readonly usedElsewhere: ReadonlySet<PlacedRule> },
): readonly RuleReport[] {
  const hides = new Map<PlacedRule, number>()
  for (const placed of matches.values()) hides.set(placed, (hides.get(placed) ?? 0) + 1)
  return rules.map((placed) => {
    const count = hides.get(placed) ?? 0
    const isUsed = count > 0 || about.usedElsewhere.has(placed)
    const state = ruleState(placed.rule, about.today, isUsed || !about.isWhole)
    return { rule: placed.rule, state, hides: count, file: placed.file, line: placed.line }
  })
}

function ruleState(rule: AcceptRule, today: string | null, isUsed: boolean): RuleState {
  if (isExpired(rule, today)) return 'expired'
  if (!isUsed) return 'unused'
  return today !== null && daysUntil(rule.expires, today) <= EXPIRING_DAYS ? 'expiring' : 'used'
}

/** `expires` is the last day on which a rule hides something. Without a clock nothing is judged. */
function isExpired(rule: AcceptRule, today: string | null): boolean {
  return today !== null && daysUntil(rule.expires, today) < 0
}

function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(day) - Date.parse(today)) / DAY_MS)
}

/**
 * Nothing hides what could not be read. What the code itself is about to change is no acceptance's business, and a declaration that became weaker
 * is for the reviewer: only a rule that names that kind hides it.
 */
function hiding(rule: AcceptRule): (finding: Ruled) => boolean {
  const isNamed = matcher([rule.resource_server])
  const isAny = /^\*+$/.test(rule.resource_server)
  const covers = pathPattern(rule.path) ?? (() => false)
  return (finding) => {
    if (finding.kind === 'unreadable' || finding.origin === 'pending') return false
    if (rule.kind === undefined ? finding.kind === 'weaker-declaration' : rule.kind !== finding.kind) return false
    if (finding.identifier === null ? !isAny : !isNamed(finding.identifier)) return false
    if (!covers(parsePath(finding.path) ?? [finding.path])) return false
    // Absent on the wire is written as null: a file has no other word for it.
    return rule.live === undefined || sameJson((finding.live ?? null) as Json, rule.live)
  }
}
