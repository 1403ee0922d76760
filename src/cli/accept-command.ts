import path from 'node:path'
import { dump } from 'js-yaml'
import { matchRules } from '../compare/front.ts'
import { CONFIG_NAMES } from '../declared/config-file.ts'
import { dayOf } from '../schema/clock.ts'
import { acceptSchema, checkConfig } from '../schema/config.ts'
import { MistakesError, placeText, configMistake, mistake } from '../schema/errors.ts'
import { isHidden, type Finding } from '../schema/finding.ts'
import { own, type Json, type JsonObject } from '../schema/json.ts'
import { parsePath } from '../schema/path.ts'
import { allFindings } from '../schema/report.ts'
import type { AcceptRule } from '../schema/accept-rule.ts'
import { hideFinding } from '../words/hide-report.ts'
import { readReport } from './earlier-report.ts'
import { toShown } from './files.ts'
import { DIGITS, isFingerprint, eachBearer, withParts } from './fingerprints.ts'
import { addRule, isSameRule } from '../edit/add-rule.ts'
import type { Io } from './io.ts'
import { lookAtTenant } from './look.ts'
import { makePlan, type Flags, type Plan } from './plan.ts'
import { createProgress } from './progress.ts'
import { messageOf } from '../words/finding.ts'
import { editKept, refuseSecretsIn } from '../edit/write-files.ts'

export interface AcceptFlags extends Flags {
  readonly reason: string
  readonly owner: string
  readonly expires: string
  readonly report?: string
}

interface FoundFinding {
  /** Name of its tenant in the configuration; null where it has none. */
  readonly tenant: string | null
  readonly finding: Finding
}

/** Rules that one command writes. */
const MOST_RULES = 100

/**
 * `tenant-drift accept FINGERPRINT`: writes a rule that hides this one difference, with this live value, until its last day. Which difference it is
 * comes from a report, or from looking at the tenant now.
 */
export async function accept(fingerprint: string, flags: AcceptFlags, io: Io): Promise<number> {
  const { reason, owner, expires, report, ...rest } = flags
  if (!isFingerprint(fingerprint)) {
    throw configMistake(`${fingerprint} is not a fingerprint: a fingerprint has ${DIGITS}`)
  }
  const today = dayOf(io.now())
  const about = { reason, owner, expires }
  // Before anything is sent, as far as it can be told without the finding.
  refuseWrong({ resource_server: '*', path: '', ...about }, today)
  const plan = await makePlan(rest, io)
  const candidates = report === undefined ? await lookNow(plan, io) : await fromReport(report, io)
  const found = candidates
    .flatMap(({ tenant, finding }) => withParts(finding).map((each) => ({ tenant, finding: each })))
    .filter(({ finding }) => finding.fingerprint.startsWith(fingerprint))
  const [one, ...more] = found
  if (one === undefined) throw configMistake(`no finding has the fingerprint ${fingerprint}`)
  if (more.length > 0)
    throw configMistake(`the fingerprints of several findings begin with ${fingerprint}: give more of its digits`)
  if (one.finding.kind === 'unreadable')
    throw configMistake('what could not be read cannot be accepted, because nobody knows what it is')
  // One that stands for several APIs is hidden there alone, and not where it turns up next.
  const parts = eachBearer(one.finding)
  if (parts.length > MOST_RULES) {
    throw configMistake(
      `${fingerprint} is about ${parts.length} APIs, which is too many for one call: give the fingerprint of one of them, or write a rule with resource_server "*" into the accept list`,
    )
  }
  const rules = parts.map((finding) => ({ finding, rule: ruleFor(finding, about) }))
  for (const { finding, rule } of rules) {
    refuseWrong(rule, today)
    if (!matchRules([finding], [{ rule, file: null, line: null }], today).has(finding)) {
      throw configMistake('no rule can hide this finding: it is a change of the code that is not applied yet')
    }
  }
  for (const { finding, rule } of rules) refuseOthers({ ...one, finding }, rule, plan, today)
  let target = ''
  for (const { rule } of rules) target = await writeRule(plan, one.tenant, rule as unknown as JsonObject, io)
  io.err(
    `accepted until ${expires}: ${messageOf(hideFinding(one.finding, io.secrets.hider()))}\nwritten to ${target}\n`,
  )
  return 0
}

async function fromReport(file: string, io: Io): Promise<readonly FoundFinding[]> {
  const parsed = await readReport(file, io)
  // What a rule hides by now, too: such a rule can be renewed.
  return allFindings(parsed).map((finding) => ({ tenant: parsed.name, finding }))
}

async function lookNow(plan: Plan, io: Io): Promise<readonly FoundFinding[]> {
  const progress = createProgress(io, plan.settings.quiet.value)
  const looks = await Promise.all(plan.tenants.map((tenant) => lookAtTenant(plan, tenant, io, progress)))
  const errors = looks.flatMap(({ errors: each }) => each)
  const found = looks.flatMap(({ tenant, compared }) =>
    (compared?.comparison.findings ?? []).map((finding) => ({ tenant: tenant.name, finding })),
  )
  if (found.length === 0 && errors.length > 0) {
    throw new MistakesError(
      'invalid_config',
      errors.map(({ message }) => mistake(message)),
    )
  }
  return found
}

function ruleFor(finding: Finding, about: Pick<AcceptRule, 'reason' | 'owner' | 'expires'>): AcceptRule {
  const steps = parsePath(finding.path) ?? []
  // In a property path these would stand for any step; in a JSON Pointer they are themselves.
  const hasStar = steps.some((step) => step === '*' || step === '**')
  const pointer = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  // The nameplate of a whole API, and what is hidden, are no values to hold on to.
  const live = finding.path === '' || isHidden(finding.live) ? {} : { live: finding.live ?? null }
  return {
    resource_server: finding.identifier === null ? '*' : finding.identifier.replaceAll(/[\\*?[\]]/g, '\\$&'),
    path: hasStar ? pointer : finding.path,
    kind: finding.kind,
    ...live,
    ...about,
  }
}

function refuseWrong(rule: AcceptRule, today: string): void {
  const checked = checkConfig([rule] as unknown as Json, acceptSchema)
  if (!checked.ok) {
    throw configMistake(...checked.mistakes.map(({ path: at, message }) => `--${String(at.at(-1) ?? '')}: ${message}`))
  }
  if (rule.expires < today) throw configMistake(`--expires ${rule.expires}: that day is over`)
}

/** Where another rule hides it already, one more would hide nothing: of the rules in force the first one counts. The same rule is renewed. */
function refuseOthers({ tenant, finding }: FoundFinding, rule: AcceptRule, plan: Plan, today: string): void {
  const rules = plan.tenants.find(({ name }) => name === tenant)?.rules ?? plan.commonRules
  const found = matchRules([finding], rules, today).get(finding)
  if (found === undefined || isSameRule(found.rule, rule)) return
  throw configMistake(
    `${placeText({ ...found, column: null })}a rule already accepts this finding until ${found.rule.expires}, so a second one would hide nothing: change that rule`,
  )
}

/** Into the file that holds the rules; into the tenant's own list where the configuration tells tenants apart. */
async function writeRule(plan: Plan, tenant: string | null, rule: JsonObject, io: Io): Promise<string> {
  const { config } = plan
  const file = config === null ? path.join(plan.root, CONFIG_NAMES[0]) : path.resolve(io.cwd, config.shown)
  const section = tenant === null ? config?.config : own(config?.config.tenants, tenant)
  if (tenant !== null && section === undefined)
    throw configMistake(
      `the finding is about the tenant ${tenant}, which the configuration here does not name: run this where the report was made, or give --config`,
    )
  const elsewhere = section?.accept
  const target = typeof elsewhere === 'string' ? path.resolve(plan.root, elsewhere) : file
  const shown = toShown(io.cwd, target)
  const at = tenant === null ? ['accept'] : ['tenants', tenant, 'accept']
  const places = typeof elsewhere === 'string' ? [[], ['accept']] : [at]
  refuseSecretsIn(rule, shown, io.secrets)
  const edit = async (text: string | null): Promise<string> => {
    for (const place of places) {
      const edited = await addRule(shown, text ?? '', place, rule)
      if (edited !== null) return edited
    }
    throw configMistake(
      `${shown} is written in a form that cannot be edited; add this to its accept list:\n${dump([rule])}`,
    )
  }
  await editKept({ file: target, shown }, edit, io.secrets)
  return shown
}
