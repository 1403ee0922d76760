import type { ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy'
import { KIND_POLICY_DEFAULTS } from '../src/schema/policy-defaults.ts'
import { KIND_POLICIES } from '../src/schema/policy-list.ts'
import { providerKind } from '../src/schema/provider-kind.ts'
import { TENANT_TYPE } from '../src/schema/state-contract.ts'
import { tenantWords } from '../src/words/told.ts'
import { policyConfigSchema } from './level.ts'
import { readCheck } from './read-check.ts'
import { asReport, violation, type Violation } from './violation.ts'

const NAME = 'nothing-judged'

/** A policy of both halves; the one over the stack is taken away once something was judged, and then the SDK unpacks nothing for it. */
export type NothingJudged = ResourceValidationPolicy & Partial<Pick<StackValidationPolicy, 'validateStack'>>

/** What a pack saw of the things that either pack judges, when it judged none itself. */
export interface Passed {
  /** Resources of `@pulumi/auth0` that declare an API or its scopes: the live pack judges them. */
  readonly auth0: boolean
  /** Checks of ours: the main pack judges them. */
  readonly checks: boolean
  /** Checks that the configuration excludes. */
  readonly excluded: boolean
}

/** The level, the description and the settings of the policy, in either pack. */
export const NOTHING_JUDGED = {
  name: NAME,
  description: KIND_POLICIES[NAME],
  enforcementLevel: KIND_POLICY_DEFAULTS[NAME].enforcementLevel,
  configSchema: policyConfigSchema(KIND_POLICY_DEFAULTS[NAME].severityAtLeast),
} as const

/** Without anything to judge a pack would end in a green tick, and that would pass for "in sync". */
export function nothingJudged(): NothingJudged {
  let passed: Passed = { auth0: false, checks: false, excluded: false }
  const policy: NothingJudged = {
    ...NOTHING_JUDGED,
    validateResource({ type, props }, reportViolation) {
      if (policy.validateStack === undefined && type !== TENANT_TYPE) return
      const check = readCheck(type, props)
      if (check !== null && type === TENANT_TYPE && check.isExcluded) {
        // Of a whole tenant it is said at once, whatever else is judged.
        asReport(reportViolation)(sayTenantExcluded(check.tenant))
        delete policy.validateStack
      }
      if (policy.validateStack === undefined) return
      passed = { ...passed, auth0: passed.auth0 || providerKind(type) !== null }
      if (check === null) return
      if (check.isExcluded) passed = { ...passed, excluded: true }
      else delete policy.validateStack
    },
    validateStack(_args, reportViolation) {
      asReport(reportViolation)(sayNothingJudged('main', passed))
    },
  }
  return policy
}

export function sayNothingJudged(pack: 'main' | 'live', passed: Passed): Violation {
  return violation(
    [
      WHAT[pack],
      ...(passed.excluded ? ['It has checks, but the configuration excludes the API of each of them.'] : []),
      'This run claims nothing about any tenant: neither in sync nor drifted.',
      `Fix: ${mend(pack, passed)}`,
    ],
    'high',
    null,
  )
}

/** The same of one tenant, in either pack. */
export function sayTenantExcluded(tenant: string | null): Violation {
  return violation(
    [
      `Nothing that is declared for ${tenantWords(tenant)} was judged: the configuration excludes every one of its APIs (exclude).`,
      'This run claims nothing about them: neither in sync nor drifted.',
      `Fix: ${UNEXCLUDE}`,
    ],
    'high',
    null,
  )
}

const UNEXCLUDE = 'remove the exclusion, or disable this policy while you need the exclusion.'

const WHAT = {
  main: 'Nothing was judged: this program has no check of tenant-drift (ResourceServerCheck, TenantCheck) that looked at an API.',
  live: 'Nothing was judged: this program declares no API with @pulumi/auth0 (ResourceServer, ResourceServerScopes, ResourceServerScope).',
} as const

function mend(pack: 'main' | 'live', { auth0, checks, excluded }: Passed): string {
  if (pack === 'main' && excluded) return UNEXCLUDE
  if (pack === 'main' && auth0)
    return 'the program declares APIs with @pulumi/auth0: use the live pack for them (tenant-drift-live-policies), or add a check.'
  if (pack === 'live' && checks)
    return 'the program has checks of tenant-drift: use the main pack for them (tenant-drift-policies).'
  return 'use the pack with the program that declares the APIs. If this one should declare none, disable this policy.'
}
