import type {
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from '@pulumi/policy'
import type { PolicyConfigSchema } from '@pulumi/policy/policy.js'
import type { FieldRow } from '../../src/schema/field-row.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import { harmlessLine } from '../../src/words/harmless.ts'
import { allPolicies } from '../drift-policies.ts'
import { policyConfigSchema, readConfig } from '../level.ts'
import { NOTHING_JUDGED, sayNothingJudged, sayTenantExcluded } from '../nothing-judged.ts'
import { isCheck } from '../read-check.ts'
import { routeBy, type Route } from '../route.ts'
import { asReport, type PolicyOf, type TellViolation } from '../violation.ts'
import { OWN_STACK } from './own-stack.ts'
import type { JudgedGroup, LiveRun, LiveWishes } from './run.ts'

/** A policy that collects and judges. Either half can be taken from it, and then the SDK passes over it without unpacking anything. */
type LivePolicy = Omit<ResourceValidationPolicy, 'validateResource'> &
  Partial<Pick<ResourceValidationPolicy, 'validateResource'>> &
  Partial<Pick<StackValidationPolicy, 'validateStack'>>

const MOST_OF_A_REMARK = 300

/**
 * The policies of the main pack over an unmodified program. What it declares is collected resource by resource, because only then its inputs are
 * to be seen; it is judged at the end, when an update has applied its changes. All of them collect, whatever is disabled: after the first
 * resource, which is the stack, only the first that is enabled goes on. `openRun` is called then, so that its code loads while the program does.
 */
export function livePolicies(openRun: OpenRun, rows: readonly FieldRow[] = FIELDS): readonly LivePolicy[] {
  const route = routeBy(rows)
  const wishes = { asksForBase: false, managedElsewhere: [] as string[] }
  let collector: LivePolicy | null = null
  let run: Promise<LiveRun> | null = null
  let isQuietened = false
  let hasChecks = false

  type About = Pick<LivePolicy, 'name' | 'description' | 'enforcementLevel' | 'configSchema'>
  type Speak = (judged: readonly JudgedGroup[], args: StackValidationArgs, report: TellViolation) => void
  function livePolicy(about: About, speak: Speak): LivePolicy {
    const live: LivePolicy = {
      ...about,
      validateResource(args) {
        collector ??= live
        if (collector !== live) {
          noteWishes(wishes, args.getConfig<Record<string, unknown>>())
          delete live.validateResource
          return undefined
        }
        return collect(args)
      },
      async validateStack(args, reportViolation) {
        const judged = run === null ? [] : await (await run).judged()
        if (!isQuietened) quieten(judged)
        speak(judged, args, asReport(reportViolation))
      },
    }
    return live
  }

  const policies = [
    ...allPolicies(rows).map((policy) =>
      livePolicy(aboutOf(policy), (judged, args, found) => reportDrift(policy, args, judged, found)),
    ),
    livePolicy(NOTHING_JUDGED, (judged, _args, found) => {
      if (judged.length === 0) found(sayNothingJudged('live', { auth0: false, checks: hasChecks, excluded: false }))
      for (const { check } of judged) if (check.isExcluded) found(sayTenantExcluded(check.tenant))
    }),
  ]

  async function begin(stack: string): Promise<LiveRun> {
    // The other policies say their wishes in this turn.
    const [opened] = await Promise.all([openRun(), nextTurn()])
    opened.begin(stack, wishes)
    return opened
  }

  function collect(args: ResourceValidationArgs): Promise<void> | undefined {
    hasChecks ||= isCheck(args.type)
    if (run === null) {
      noteWishes(wishes, args.getConfig<Record<string, unknown>>())
      run = begin(args.urn)
      return undefined
    }
    return run.then((begun) => begun.add(args))
  }

  function quieten(judged: readonly JudgedGroup[]): void {
    isQuietened = true
    const speaking = whoSpeaks(judged, route)
    for (const policy of policies) if (!speaking.has(policy.name)) delete policy.validateStack
  }

  return policies
}

export type OpenRun = () => Promise<LiveRun>

function reportDrift(
  policy: PolicyOf,
  args: StackValidationArgs,
  judged: readonly JudgedGroup[],
  reportViolation: TellViolation,
): void {
  const config = {
    ...readConfig(args.getConfig<Record<string, unknown>>(), policy.severityAtLeast),
    needsBase: true,
  }
  for (const { check, subject, urnOf, remarks } of judged) {
    for (const { identifier, ...found } of policy.judge(check, config, subject)) {
      const urn = urnOf(identifier)
      reportViolation({ ...found, ...(urn === undefined ? {} : { urn }) })
    }
    if (policy.name !== 'unknown-input') continue
    for (const remark of remarks) {
      const message = `${harmlessLine(subject.name)}: ${harmlessLine(remark, MOST_OF_A_REMARK)}`
      reportViolation({ message, severity: 'low', enforcementLevel: 'advisory' })
    }
  }
}

/** Policies that have something to say; the others would only be shown every resource of the stack once more. */
function whoSpeaks(judged: readonly JudgedGroup[], route: Route): ReadonlySet<string> {
  const speaking = new Set<string>(judged.length === 0 ? [NOTHING_JUDGED.name] : [])
  for (const { check, remarks } of judged) {
    if (check.status === 'unreadable' || check.status === null) speaking.add('unreadable-tenant')
    if (check.status === 'invalid') speaking.add('invalid-declaration')
    if (check.status === 'unknown' || remarks.length > 0) speaking.add('unknown-input')
    if (check.isExcluded) speaking.add(NOTHING_JUDGED.name)
    if (check.observed.staleRules !== undefined) speaking.add('stale-rule')
    for (const { kind, path } of check.notices) speaking.add(route(kind, path))
    for (const { kind, path } of check.differences(() => true)) speaking.add(route(kind, path))
  }
  return speaking
}

function aboutOf(policy: PolicyOf) {
  const { name, description, enforcementLevel, url } = policy
  return {
    name,
    description,
    enforcementLevel,
    configSchema: livePolicySchema(policy),
    ...(url === undefined ? {} : { url }),
  }
}

/** What a policy's configuration may say about the whole run. */
function livePolicySchema(policy: PolicyOf): PolicyConfigSchema {
  const schema = policyConfigSchema(policy.severityAtLeast)
  const more: PolicyConfigSchema['properties'] =
    policy.name === 'unreadable-tenant'
      ? {
          base: {
            type: 'string',
            enum: [OWN_STACK],
            description: `"${OWN_STACK}": the base is the state of this stack, which the CLI exports; TENANT_DRIFT_BASE wins over it.`,
          },
        }
      : policy.name === 'unmanaged-api'
        ? {
            managed_elsewhere: {
              type: 'array',
              items: { type: 'string' },
              description: 'Globs of identifiers that another stack, or somebody else, manages.',
            },
          }
        : {}
  return { ...schema, properties: { ...schema.properties, ...more } }
}

function noteWishes(
  wishes: { asksForBase: boolean; managedElsewhere: string[] } & LiveWishes,
  given: Record<string, unknown>,
) {
  if (given.base === OWN_STACK) wishes.asksForBase = true
  if (Array.isArray(given.managed_elsewhere)) {
    wishes.managedElsewhere.push(...given.managed_elsewhere.filter((glob) => typeof glob === 'string'))
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
