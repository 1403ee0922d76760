import type { ResourceValidationArgs, ResourceValidationPolicy } from '@pulumi/policy'
import { driftPolicies } from '../../policies/drift-policies.ts'
import { FIELDS } from '../../src/schema/fields.ts'
import type { FieldRow } from '../../src/schema/field-row.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { emptyObserved, type DriftEntry, type Observed } from '../../src/schema/observed.ts'
import { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../../src/schema/state-contract.ts'

export const TENANT = 'acme.eu.auth0.com'
export const API = 'https://orders.example.com/'

/** A violation as the engine would hold it: its level is its own, else the configured one, else the policy's. */
export interface Reported {
  readonly policy: string
  readonly level: string
  readonly severity: string
  readonly message: string
}

export interface Resource {
  readonly type: string
  readonly name?: string
  readonly props: Readonly<Record<string, unknown>>
}

export type PackConfig = Readonly<Record<string, JsonObject>>

/** Runs one pack over resources as the SDK does: every policy for every resource, disabled ones left out. */
export function runPack(
  resources: readonly Resource[],
  config: PackConfig = {},
  rows: readonly FieldRow[] = FIELDS,
): readonly Reported[] {
  const policies = driftPolicies(rows) as readonly ResourceValidationPolicy[]
  return resources.flatMap((resource) =>
    policies.flatMap((policy) => runPolicy(policy, resource, config[policy.name] ?? {})),
  )
}

class NotApplicable extends Error {}

function runPolicy(policy: ResourceValidationPolicy, resource: Resource, config: JsonObject): readonly Reported[] {
  const { enforcementLevel = policy.enforcementLevel, ...properties } = config
  if (enforcementLevel === 'disabled') return []
  const reported: Reported[] = []
  const args = {
    type: resource.type,
    name: resource.name ?? 'check',
    props: resource.props,
    getConfig: () => properties,
    notApplicable: () => {
      throw new NotApplicable()
    },
  } as unknown as ResourceValidationArgs
  const report = (found: unknown) => {
    const {
      message,
      severity,
      enforcementLevel: own,
    } = found as { message: string; severity: string; enforcementLevel?: string }
    reported.push({ policy: policy.name, level: own ?? (enforcementLevel as string), severity, message })
  }
  const { validateResource } = policy
  if (typeof validateResource !== 'function') throw new Error(`${policy.name} validates no resource`)
  try {
    void validateResource(args, report)
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error
  }
  return reported
}

/** `policy level`, sorted: what a run comes to. */
export function levels(reported: readonly Reported[]): readonly string[] {
  return reported.map(({ policy, level }) => `${policy} ${level}`).sort()
}

export const DRIFTED: DriftEntry = {
  kind: 'changed',
  origin: 'drift',
  declared: 'RS256',
  live: 'HS256',
  direction: 'weakened',
  severity: 'critical',
}

export function serverCheck(drift: Readonly<Record<string, DriftEntry>>, observed: Partial<Observed> = {}): Resource {
  return {
    type: RESOURCE_SERVER_TYPE,
    props: {
      identifier: API,
      observed: { ...emptyObserved('read'), tenant: TENANT, ...observed },
      drift,
    },
  }
}

export function tenantCheck(
  drift: Readonly<Record<string, Readonly<Record<string, DriftEntry>>>>,
  observed: Partial<Observed> = {},
): Resource {
  return {
    type: TENANT_TYPE,
    props: { observed: { ...emptyObserved('read'), tenant: TENANT, ...observed }, drift },
  }
}

/** What a check says of its base: that there is none, that the code is as it was, or what differs. */
function base(touched: boolean | undefined, mark: true | readonly string[]): Pick<Observed, 'touched' | 'noBase'> {
  if (touched === undefined) return { noBase: true }
  return touched ? { touched: mark } : {}
}

/** The same differences of one API, as either check would hold them. */
export const CHECKS = {
  ResourceServerCheck: (drift: Readonly<Record<string, DriftEntry>>, touched?: boolean): Resource => {
    const check = serverCheck(drift)
    return {
      ...check,
      props: { ...check.props, observed: { ...(check.props.observed as Observed), ...base(touched, true) } },
    }
  },
  TenantCheck: (drift: Readonly<Record<string, DriftEntry>>, touched?: boolean): Resource => {
    const check = tenantCheck({ [API]: drift })
    return {
      ...check,
      props: { ...check.props, observed: { ...(check.props.observed as Observed), ...base(touched, [API]) } },
    }
  },
} as const
