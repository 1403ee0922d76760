import type { FieldRow } from '../schema/field-row.ts'
import { FIELDS } from '../schema/fields.ts'
import type { FindingKind } from '../schema/finding.ts'
import { FINDING_INFO } from '../words/kinds.ts'
import { fieldPolicyName, guardedFields, KIND_POLICIES, policyOf, type KindPolicy } from '../schema/policy-list.ts'
import { allFindings, type ReportFinding } from '../schema/report.ts'
import { near } from '../schema/near.ts'
import { parsePath } from '../schema/path.ts'
import { rowAt } from '../schema/row-at.ts'
import { FIELD_POLICY_DEFAULTS, KIND_POLICY_DEFAULTS, type PolicyDefaults } from '../schema/policy-defaults.ts'
import { WIDTH, wrap } from '../report/front.ts'
import { reachOf } from '../schema/reach.ts'
import { affectedText, applicationTexts, HITS_WORDS } from '../words/affected.ts'
import { harmlessLine } from '../words/harmless.ts'
import { hideReport } from '../words/hide-report.ts'
import { configMistake } from '../schema/errors.ts'
import { explainWord, knownWords } from './explain-words.ts'
import { readReport } from './earlier-report.ts'
import { isFingerprint, withParts } from './fingerprints.ts'
import type { Io } from './io.ts'
import { messageOf } from '../words/finding.ts'
import { whoTexts } from '../words/who.ts'

/** `tenant-drift explain NAME`: any word that an output uses, or a finding of a report by its fingerprint. */
export async function explain(name: string, flags: { readonly report?: string }, io: Io): Promise<number> {
  const text = flags.report === undefined ? explainName(name) : await explainFinding(name, flags.report, io)
  if (text !== null) {
    io.out(`${text}\n`)
    return 0
  }
  if (isFingerprint(name))
    throw configMistake(
      `${name} looks like a fingerprint: give the report that holds it (written by check --output json=FILE) with --report FILE`,
    )
  const close = suggestions(name)
  const hint = close.length === 0 ? '' : ` Did you mean ${close.join(' or ')}?`
  throw configMistake(`${name} is not a word of a report, a setting, a field, a policy or a fingerprint.${hint}`)
}

function explainName(name: string): string | null {
  const words = explainWord(name).map(({ title, lines }) => titledLines(title, lines))
  const parts = [kindText(name), policyText(name), fieldText(name), ...words].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join('\n\n')
}

function kindText(name: string): string | null {
  if (!Object.hasOwn(FINDING_INFO, name)) return null
  const { title, meaning, mend } = FINDING_INFO[name as FindingKind]
  const policy = name === 'changed' ? 'the policy of its field' : policyOf(name as FindingKind, '')
  return titledLines(`${name} (kind of finding): ${title}`, [meaning, mend, `Policy: ${policy}.`])
}

function policyText(name: string): string | null {
  if (Object.hasOwn(KIND_POLICIES, name)) {
    const policy = name as KindPolicy
    const kinds = Object.keys(FINDING_INFO) as readonly FindingKind[]
    const kind = kinds.find((each) => each !== 'changed' && policyOf(each, '') === policy)
    const about = kind === undefined ? [] : [FINDING_INFO[kind].meaning, FINDING_INFO[kind].mend]
    return titledLines(`${name} (policy)`, [KIND_POLICIES[policy], ...about, levelText(KIND_POLICY_DEFAULTS[policy])])
  }
  const row = guardedFields().find((guarded) => fieldPolicyName(guarded.path) === name)
  if (row === undefined) return null
  const level = levelText(FIELD_POLICY_DEFAULTS)
  return titledLines(`${name} (policy of the field ${row.path})`, [
    row.sentence,
    ...directionLines(row),
    level,
    row.link,
  ])
}

/** How it acts in a preview until somebody configures it. */
function levelText({ enforcementLevel, severityAtLeast }: PolicyDefaults): string {
  const from = severityAtLeast === 'low' ? '' : ` from severity ${severityAtLeast} on, advisory below`
  return `In a preview: ${enforcementLevel}${from}, unless it is configured.`
}

function fieldText(name: string): string | null {
  const steps = parsePath(name) ?? []
  const row = FIELDS.find((known) => known.path === name) ?? (steps.length > 1 ? rowAt(steps) : null)
  if (row === null || row === undefined) return null
  const [top = name] = row.path.split('.')
  return titledLines(`${row.path} (field)`, [
    row.sentence,
    ...directionLines(row),
    `Set by: ${{ user: 'anybody with the dashboard', tenant: 'the tenant itself', entitlement: 'tenants with the right plan' }[row.setBy]}.`,
    `Policy: ${policyOf('changed', top)}.`,
    `A difference hits ${HITS_WORDS[reachOf(row.path.split('.')).hits]} (--affected).`,
    row.link,
  ])
}

function directionLines(row: FieldRow): readonly string[] {
  return [
    ...(row.weakened === null ? [] : [`Less safe: ${row.weakened}.`]),
    ...(row.strengthened === null ? [] : [`Safer: ${row.strengthened}.`]),
    ...(row.neutral === null ? [] : [`Neither: ${row.neutral}.`]),
  ]
}

async function explainFinding(fingerprint: string, file: string, io: Io): Promise<string | null> {
  const report = hideReport(await readReport(file, io), io.secrets.hider())
  const all = allFindings(report).flatMap((whole) =>
    withParts(whole).map((each) => (each === whole ? whole : { ...each, message: messageOf(each) })),
  )
  const found = isFingerprint(fingerprint) ? all.filter((each) => each.fingerprint.startsWith(fingerprint)) : []
  const [finding] = found
  if (finding === undefined) throw configMistake(`${file} has no finding ${fingerprint}`)
  if (found.length > 1)
    throw configMistake(`${file} has several findings with a fingerprint that begins with ${fingerprint}`)
  const { title, meaning } = FINDING_INFO[finding.kind]
  const place =
    finding.file === null
      ? []
      : [`Declared in ${harmlessLine(finding.file)}${finding.line === null ? '' : `:${finding.line}`}.`]
  return titledLines(`${finding.fingerprint} (${finding.kind}: ${title})`, [
    harmlessLine(finding.message),
    harmlessLine(finding.help),
    ...place,
    `${finding.counts ? 'It counts' : 'It is a notice'}; severity ${finding.severity}, origin ${finding.origin ?? 'none'}.`,
    ...changedByLines(finding),
    ...affectedLines(finding),
    meaning,
    harmlessLine(finding.link),
  ])
}

/** Who changed it, as the report has it: a person stands there only where somebody asked for it. */
function changedByLines(finding: ReportFinding): readonly string[] {
  return whoTexts([finding], { persons: true }).map((text) => harmlessLine(`Changed by: ${text}.`))
}

/** Whom it hits, with every application that the report names. */
function affectedLines({ affected }: ReportFinding): readonly string[] {
  if (affected === undefined) return []
  return [affectedText(affected), ...applicationTexts(affected).map((text) => `- ${text}`)]
}

function titledLines(title: string, lines: readonly string[]): string {
  return [...wrap(title, WIDTH, '', 2), ...lines.flatMap((line) => wrap(line, WIDTH, '  '))].join('\n')
}

function suggestions(name: string): readonly string[] {
  const names = [
    ...Object.keys(FINDING_INFO),
    ...FIELDS.map((row) => row.path),
    ...guardedFields().map((row) => fieldPolicyName(row.path)),
    ...Object.keys(KIND_POLICIES),
    ...knownWords(),
  ]
  return near(name, [...new Set(names)])
}
