import { firstNames } from '../src/words/plural.ts'
import { textOrNull, type Json } from '../src/schema/json.ts'
import { KIND_POLICY_DEFAULTS } from '../src/schema/policy-defaults.ts'
import { KIND_POLICIES, type KindPolicy } from '../src/schema/policy-list.ts'
import { harmlessLine } from '../src/words/harmless.ts'
import { codeText } from '../src/words/finding.ts'
import { tenantWords } from '../src/words/told.ts'
import { reasonToLower, type PolicyConfig } from './level.ts'
import type { Check } from './read-check.ts'
import { reportDifferences, type Catalogue } from './report-differences.ts'
import { showName } from '../src/words/show.ts'
import { staleRule } from './stale-rule.ts'
import { violation, type PolicyOf, type Subject, type Violation } from './violation.ts'

/** Characters of one line of ours or of a reader's message, and how many lines one violation lists. */
const MOST_OF_A_LINE = 300
const MOST_LINES = 20

/** What is said of the run itself: that the reading failed, that a declaration has mistakes, that something is not known yet, that a rule is stale. */
export function readingPolicies(catalogue: Catalogue): readonly PolicyOf[] {
  return [
    policy('unreadable-tenant', judgeUnreadable(catalogue)),
    policy('invalid-declaration', judgeInvalid()),
    policy('unknown-input', unknown),
    policy('stale-rule', staleRule()),
  ]
}

function policy(name: KindPolicy, judge: PolicyOf['judge']): PolicyOf {
  return { name, description: KIND_POLICIES[name], ...KIND_POLICY_DEFAULTS[name], judge }
}

/**
 * A tenant that cannot be read is one fact, however many checks it concerns: it is said at the first of them, once in a process of the pack, and
 * so once in a run. Said there and not at the end (`validateStack`), so that an `up` stops before it applies anything.
 */
function judgeUnreadable(catalogue: Catalogue): PolicyOf['judge'] {
  const said = new Set<string>()
  return function* judge(check, config, subject): Generator<Violation> {
    if (check.status === null) yield noObservation(subject)
    if (check.status === 'unreadable') {
      const { code, message, advice } = check.observed
      const key = JSON.stringify([check.tenant, code ?? null, message ?? null])
      if (!said.has(key)) {
        said.add(key)
        yield violation(unreadableLines(check.tenant, code, message, advice), 'high', null)
      }
    }
    yield* reportDifferences('unreadable-tenant', check, config, catalogue)
  }
}

function unreadableLines(
  tenant: string | null,
  code: Json | undefined,
  message: Json | undefined,
  advice: Json | undefined,
): readonly string[] {
  const why = textOrNull(code)
  return [
    `${tenantWords(tenant)} could not be read (${showName(why ?? 'unknown reason')}).`.replace(/^t/, 'T'),
    ...textLines(textOrNull(message) ?? codeText(why)),
    'Nothing is claimed about it: it is neither in sync nor drifted, and nothing is missing. This message is for all its checks.',
    ...textLines(textOrNull(advice) ?? '').map((line) => `Fix: ${line}`),
  ]
}

/** The provider always says what it observed. Where nothing is said, something else made this resource, and silence would pass for clean. */
function noObservation(subject: Subject): Violation {
  return violation(
    [
      `${showName(subject.name)} has no observation that this version of the pack understands.`,
      'Nothing is claimed about it: it is neither in sync nor drifted.',
      'Fix: use the same version of tenant-drift for program and pack.',
    ],
    'high',
    null,
  )
}

/** A mistake in the configuration is one for every check that reads it, and is said at the first of them. */
function judgeInvalid(): PolicyOf['judge'] {
  const said = new Set<string>()
  return function* judge(check, _config, subject): Generator<Violation> {
    if (check.status !== 'invalid') return
    const { code, message, advice } = check.observed
    const isCommon = code === 'invalid_config'
    const key = JSON.stringify([check.tenant, message ?? null])
    if (isCommon && said.has(key)) return
    if (isCommon) said.add(key)
    const mistakes = textLines(textOrNull(message) ?? 'the declared state has mistakes')
    const lines = [
      isCommon
        ? 'The configuration has mistakes, so nothing was compared. This message is for all checks:'
        : `The declaration of ${showName(subject.name)} has mistakes, so nothing was compared:`,
      ...mistakes.slice(0, MOST_LINES),
      ...(mistakes.length > MOST_LINES ? [`and ${mistakes.length - MOST_LINES} more`] : []),
      ...textLines(textOrNull(advice) ?? '').map((line) => `Fix: ${line}`),
    ]
    yield violation(lines, 'high', null)
  }
}

function* unknown(check: Check, config: PolicyConfig, subject: Subject): Generator<Violation> {
  if (check.status !== 'unknown') return
  const listed = Array.isArray(check.observed.unknown) ? (check.observed.unknown as readonly Json[]) : []
  const paths = listed.flatMap((path) => textOrNull(path) ?? [])
  const names = firstNames(paths.map(showName), MOST_LINES)
  const isAll = paths.includes('identifier') || paths.length === 0
  const lines = [
    `${showName(subject.name)}: not known in this preview${names === '' ? '' : `: ${names}`}.`,
    isAll
      ? 'Nothing was compared, so drift of this API would not show.'
      : 'Everything that depends on them was not compared. The rest was.',
    'Fix: give plain values where you can. Outputs are known after the first `up`.',
  ]
  const gravity = { kind: 'changed', origin: null, severity: 'medium', touched: true, isNotice: false } as const
  yield violation(lines, gravity.severity, reasonToLower(gravity, { ...config, needsBase: false }))
}

/** Somebody's text of several lines, each bounded and safe to print. */
function textLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => harmlessLine(line, MOST_OF_A_LINE))
}
