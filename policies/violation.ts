import type { ResourceValidation, ResourceValidationPolicy } from '@pulumi/policy'
import type { Severity } from '../src/schema/finding.ts'
import { harmless } from '../src/words/harmless.ts'
import { policyConfigSchema, readConfig, type PolicyConfig } from './level.ts'
import { readCheck, type Check } from './read-check.ts'

/**
 * One violation, in the object form that the SDK takes and its types do not name (`makeReportViolationFun` of @pulumi/policy). Its level is set to lower it
 * and for nothing else.
 */
export interface Violation {
  readonly message: string
  readonly severity: Severity
  readonly enforcementLevel?: 'advisory'
  /** The API that it is about, where it is about one. */
  readonly identifier?: string
}

/** What is judged: a check of a program, or a stack. */
export interface Subject {
  readonly name: string
}

export interface PolicyOf {
  readonly name: string
  readonly description: string
  readonly enforcementLevel: 'mandatory' | 'advisory'
  /** Default of `severity_at_least`. */
  readonly severityAtLeast: Severity
  readonly url?: string
  /** Judges one check; pure but for what a policy says only once. */
  readonly judge: (check: Check, config: PolicyConfig, subject: Subject) => Iterable<Violation>
}

/** A policy over both kinds of check. Other resources are none of its business, and the summary says so. */
export function checkPolicy(policy: PolicyOf): ResourceValidationPolicy {
  const validateResource: ResourceValidation = (args, reportViolation) => {
    const check = readCheck(args.type, args.props)
    if (check === null) return args.notApplicable('not a check of tenant-drift')
    const report = asReport(reportViolation)
    const config = readConfig(args.getConfig<Record<string, unknown>>(), policy.severityAtLeast)
    for (const { identifier: _own, ...found } of policy.judge(check, config, args)) report(found)
  }
  return {
    name: policy.name,
    description: policy.description,
    enforcementLevel: policy.enforcementLevel,
    configSchema: policyConfigSchema(policy.severityAtLeast),
    ...(policy.url === undefined ? {} : { url: policy.url }),
    validateResource,
  }
}

/** What the SDK takes a violation by: its types name less of one than it takes. A violation of a stack may be shown at one of its resources. */
export type TellViolation = (found: Omit<Violation, 'identifier'> & { readonly urn?: string }) => void

export function asReport(reportViolation: unknown): TellViolation {
  return reportViolation as TellViolation
}

/** The lines of a message, the last one saying why it is advisory where it is. */
export function violation(
  lines: readonly string[],
  severity: Severity,
  lowered: string | null,
  identifier: string | null = null,
): Violation {
  const about = identifier === null ? {} : { identifier }
  // The one place where words of the packs leave them: the engine prints them into the log of a pipeline as they are.
  const message = harmless([...lines, ...(lowered === null ? [] : [`Advisory: ${lowered}.`])].join('\n'))
  if (lowered === null) return { message, severity, ...about }
  return { message, severity, enforcementLevel: 'advisory', ...about }
}
