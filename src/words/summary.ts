import { ERROR_CODES } from '../schema/errors.ts'
import type { Verdict } from '../schema/finding.ts'
import type { Report } from '../schema/report.ts'
import { requestsOf } from '../schema/proof.ts'
import { firstNames, plural } from './plural.ts'
import { partsOf, uncompared } from './arrange.ts'
import { shortFingerprint } from './group-findings.ts'
import { reasonOf } from './group-notices.ts'
import { harmlessLine } from './harmless.ts'
import { ruleText } from './rule.ts'
import { severitiesText } from './severities.ts'
import { showName } from './show.ts'
import { say, typed, type Step } from './step.ts'
import { tenantFlag, waysBack } from './ways.ts'

const VERDICT_TITLES = {
  'in-sync': 'In sync',
  drifted: 'Drifted',
  incomplete: 'Could not tell',
} as const satisfies Record<Verdict, string>

/** The verdict for people: a run in which nothing counts is called in sync only where nothing else stands out either. */
export function verdictWords(report: Report): string {
  if (report.verdict !== 'in-sync') return VERDICT_TITLES[report.verdict]
  if (isNothingJudged(report)) return 'Nothing was compared'
  if (standingOut(report).length > 0) return 'Nothing counts'
  return notComparedCount(report) === 0 ? VERDICT_TITLES['in-sync'] : 'In sync, except for what was not compared'
}

/** `acme.eu.auth0.com (prod)`, printable. */
export function tenantText({ tenant, name }: Report): string {
  if (tenant === null) return name === null ? 'no tenant' : showName(name)
  return name === null ? showName(tenant) : `${showName(tenant)} (${showName(name)})`
}

/** What the verdict means, in a sentence or two; also where the exit code says otherwise. */
export function verdictText(report: Report): string {
  const { verdict, exitCode } = report
  if (verdict === 'incomplete') {
    return 'Not everything could be read in full. Nothing is claimed about the rest: it is neither in sync nor missing.'
  }
  const said = verdict === 'drifted' ? driftedText(report) : inSyncText(report)
  return exitCode === 1 ? `${said} The exit code is 1: some accept rules need attention (--strict-rules).` : said
}

function driftedText(report: Report): string {
  const { counting } = partsOf(report)
  const verb = counting.length === 1 ? 'counts' : 'count'
  const counted = `${plural(counting.length, 'finding')} ${verb}: ${severitiesText(counting.map(({ severity }) => severity))}.`
  if (report.exitCode !== 0) return counted
  return report.failOn === 'never'
    ? `${counted} The exit code is 0 because of --fail-on never.`
    : `${counted} None reaches the severity of --fail-on ${report.failOn}, so the exit code is 0.`
}

function inSyncText(report: Report): string {
  const { summary, targeted } = report
  const but = standingOut(report)
  const unread = notComparedCount(report)
  const also = unread === 0 ? '' : ` ${plural(unread, 'declared setting was', 'declared settings were')} not compared.`
  if (but.length > 0)
    return `Some things differ from the declaration, but none of them fails the run: ${but.join(', ')}.${also}`
  if (isNothingJudged(report))
    return 'No declared or recorded API was looked at (--target, --exclude), so nothing is claimed.'
  if (summary.declared === 0) return 'Nothing is declared, and nothing counts.'
  const verb = summary.declared === 1 ? 'stands' : 'stand'
  return `${plural(summary.declared, 'declared API')} ${verb} as declared${targeted ? ', of those that were looked at' : ''}.${also}`
}

/** A choice of APIs that leaves nothing to be compared proves nothing. */
function isNothingJudged({ targeted, summary, against }: Report): boolean {
  return targeted && summary.declared === 0 && !(against.recorded && (summary.live ?? 0) > 0)
}

/** Settings that a source declares and this version could not compare. */
function notComparedCount(report: Report): number {
  return uncompared(report).length
}

/** What differs and does not count, each only where there is some. */
function standingOut(report: Report): readonly string[] {
  const reasons = partsOf(report).notices.map((finding) => reasonOf(report, finding))
  const count = (reason: (typeof reasons)[number]) => reasons.filter((each) => each === reason).length
  const [pending, untouched, ongoing] = [count('pending'), count('untouched'), count('ongoing')]
  return [
    ...(ongoing === 0 ? [] : [`${plural(ongoing, 'finding')} that the previous report has too`]),
    ...(untouched === 0 ? [] : [`${plural(untouched, 'finding')} on APIs that this change does not touch`]),
    ...(pending === 0 ? [] : [`${plural(pending, 'change')} not applied yet`]),
    ...(report.ignored.length === 0 ? [] : [`${plural(report.ignored.length, 'finding')} accepted for a while`]),
  ]
}

/** Counts beside the verdict, each only where there is something to count. */
export function countsText(report: Report): readonly string[] {
  const { summary, against, rules } = report
  const said: string[] = []
  const count = (number: number, text: string) => number > 0 && said.push(text)
  if (against.previous) {
    said.push(`${summary.new} new`, `${summary.ongoing} ongoing`, `${summary.resolved} resolved`)
  }
  count(summary.notices, plural(summary.notices, 'notice'))
  count(summary.ignored, `${summary.ignored} ignored`)
  count(summary.adopted, `${summary.adopted} adopted`)
  count(summary.elsewhere, `${summary.elsewhere} managed elsewhere`)
  const attention = rules.filter(({ state }) => state !== 'used').length
  count(attention, `${plural(attention, 'accept rule')} to look at`)
  return said
}

/**
 * The verdict and the counts on one line, for who looks at the end alone: with the tenant's name where `most` characters hold it, and with as many of the
 * lesser counts as they do.
 */
export function lastLine(report: Report, most: number): { readonly verdict: string; readonly rest: string } {
  const { counting } = partsOf(report)
  const verdict = verdictWords(report).toUpperCase()
  const head =
    counting.length === 0
      ? '0 count'
      : `${counting.length} count: ${severitiesText(counting.map(({ severity }) => severity))}`
  const counts = [head, ...countsText(report)]
  const named = `  ${tenantText(report)}: ${counts.join(' · ')}`
  if (verdict.length + named.length <= most) return { verdict, rest: named }
  let rest = ''
  for (const [index, count] of counts.entries()) {
    const longer = `${rest}${index === 0 ? '  ' : ' · '}${count}`
    if (index > 0 && verdict.length + longer.length > most) break
    rest = longer
  }
  return { verdict, rest }
}

const MOST_NAMES = 10

/** What the run has to say once: which of the files that decide the change edits, what was noted, and what a reader of the proof must know. */
export function notesOf({ trust, notes, proof }: Report): readonly string[] {
  const said = [...notes, ...(proof?.notes ?? [])]
  const edited = trust?.edited ?? []
  if (edited.length === 0) return said
  const names = firstNames(edited.map(showName), MOST_NAMES)
  return [
    `This change edits ${names}. The check used the version of the commit that the change goes into. The new version applies after the merge.`,
    ...said,
  ]
}

/** What was asked and seen, in one sentence; null where nothing could be asked. Of a snapshot: when it was taken, for this run asked nothing. */
export function proofText({ proof, judged }: Report): string | null {
  if (proof === null) return null
  const isSnapshot = judged?.from === 'snapshot'
  const sent = plural(requestsOf(proof), 'request')
  // An announced list that never came is told by its error.
  if (proof.pages === 0) return sent === '0 requests' ? 'No request was sent.' : `Nothing was read; ${sent} sent.`
  const announced = proof.total === null ? '' : ` of ${proof.total} announced`
  const said = [
    `${isSnapshot ? 'The snapshot holds' : 'Read'} ${plural(proof.items, 'API')}${announced}${isSnapshot ? ', read' : ''} on ${plural(proof.pages, 'page')} with ${sent}`,
    plural(proof.waits, 'wait'),
    plural(proof.retries, 'retry', 'retries'),
    plural(proof.rereads, 're-read'),
  ]
  const canary = proof.canary === null ? '' : ` ${(isSnapshot ? CANARY_THEN : CANARY)[proof.canary.binding]}`
  return `${said.join(', ')}.${canary}`
}

const CANARY = {
  'token-audience': 'The list holds the Management API that the token is for, so it is the list of this tenant.',
  'configured-audience':
    'The list holds the Management API of the configured audience, so it is the list of this tenant.',
  unbound:
    'The list holds a Management API, but nothing binds it to the token, so it may be the list of another tenant.',
} as const

const CANARY_THEN = {
  'token-audience': 'The list held the Management API that the token was for, so it was the list of this tenant.',
  'configured-audience':
    'The list held the Management API of the configured audience, so it was the list of this tenant.',
  unbound:
    'The list held a Management API, but nothing bound it to the token, so it may have been the list of another tenant.',
} as const satisfies Record<keyof typeof CANARY, string>

/** Why a run is incomplete: what, and what to do about it. Printable. */
export function errorTexts(
  report: Report,
): readonly { readonly title: string; readonly what: string; readonly advice: string }[] {
  return report.errors.map(({ code, message, advice }) => ({
    title: Object.hasOwn(ERROR_CODES, code) ? code : showName(code),
    what: harmlessLine(message),
    advice: harmlessLine(advice),
  }))
}

/** Accept rules that somebody must look at, one sentence each. */
export function ruleTexts(report: Report): readonly string[] {
  return report.rules.flatMap(({ rule, state, hides, file, line }) =>
    state === 'used' ? [] : [ruleText({ ...rule, state, hides, file, line })],
  )
}

/** What to do next; never nothing. */
export function nextSteps(report: Report): readonly Step[] {
  const { weaker, counting, notices } = partsOf(report)
  const worst = counting.find(({ kind }) => kind !== 'unreadable')
  const steps: Step[] = []
  if (report.verdict === 'incomplete') {
    const [error] = errorTexts(report)
    steps.push(
      error === undefined ? say('Follow the advice above and run again.') : typed(error.advice),
      say('See also:'),
    )
    steps.push(typed('tenant-drift doctor'))
  }
  if (worst !== undefined) {
    const name = showName(shortFingerprint(worst.fingerprint, report))
    const mend = 'Fix the tenant or the code, the worst first.'
    const live = 'To accept one for a while:'
    const which = tenantFlag(report.name)
    const ways = waysBack(counting, { repair: which, adopt: ` --dry-run${which}` })
    for (const [index, [when, command]] of ways.entries())
      steps.push(say(index === 0 ? `${mend} ${when}` : when), typed(command))
    steps.push(say(ways.length === 0 ? `${mend} ${live}` : live))
    steps.push(typed(`tenant-drift accept ${name} --reason ... --owner ... --expires ...`))
  }
  if (steps.length > 0) return steps
  if (notices.some(({ origin }) => origin === 'drift' || origin === 'conflict')) {
    steps.push(say('Earlier drift still has to be fixed.'))
  }
  if (weaker.length > 0) steps.push(say('Review what the code makes less safe.'))
  if (notices.some(({ origin }) => origin === 'pending')) {
    steps.push(say('Apply the code; what is pending will then be in sync.'))
  }
  if (!report.against.recorded && notices.some(({ origin }) => origin === null)) {
    steps.push(say('Record what nobody declares, so that it is watched from then on:'), typed('tenant-drift record'))
  }
  return steps.length > 0 ? steps : [say('Nothing to do.')]
}
