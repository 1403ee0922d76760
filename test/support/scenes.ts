import { type Comparison, type TenantInput, compareTenant } from '../../src/compare/front.ts'
import type { ApiComparison, ApiInput, CompareContext } from '../../src/compare/types.ts'
import { compareApi } from '../../src/compare/compare-api.ts'
import type { DeclaredApi, DeclaredState } from '../../src/schema/declared.ts'
import type { Finding } from '../../src/schema/finding.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { Proof } from '../../src/schema/proof.ts'
import type { Snapshot } from '../../src/schema/snapshot.ts'
import { IDENTIFIER } from './corpus.ts'

export const TENANT = 'acme.eu.auth0.com'

/** What a comparison says, in one word per finding: `kind origin path`, and `notice` where it does not count. */
export function said(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ kind, origin, path, counts }) =>
    [kind, origin ?? '-', path === '' ? '(api)' : path, ...(counts ? [] : ['notice'])].join(' '),
  )
}

export function declaredApi(values: JsonObject, place: Partial<DeclaredApi> = {}): DeclaredApi {
  const { identifier } = values
  const name = typeof identifier === 'string' ? identifier : IDENTIFIER
  return { identifier: name, values, file: null, line: null, lines: {}, ...place }
}

export function declaredState(apis: readonly JsonObject[], managedElsewhere: readonly string[] = []): DeclaredState {
  return { tenant: null, apis: apis.map((values) => declaredApi(values)), managedElsewhere, warnings: [] }
}

/** Sides of one API; what is left out is not there, and `base` left out is no base at all. */
export interface Sides {
  readonly declared?: JsonObject | null
  readonly base?: JsonObject | null
  readonly recorded?: JsonObject | null
  readonly live?: JsonObject | null
  readonly context?: Partial<CompareContext>
  readonly input?: Partial<ApiInput>
}

export function compareOne({ declared = null, base, recorded, live = null, context, input }: Sides): ApiComparison {
  return compareApi(
    { tenant: TENANT, hasBase: base !== undefined, hasRecorded: recorded !== undefined, ...context },
    {
      identifier: IDENTIFIER,
      declared: declared === null ? null : declaredApi(declared),
      base: base ?? null,
      baseDark: [],
      isBaseReadBack: false,
      baseId: null,
      recorded: recorded ?? null,
      look: live === null ? { status: 'missing' } : { status: 'read', live },
      ...input,
    },
  )
}

export const PROOF: Proof = {
  total: 0,
  pages: 1,
  items: 0,
  rereads: 0,
  secondLook: false,
  canary: null,
  fieldsRefused: false,
  requests: { token: 1, list: 1, confirm: 0, secret: 0 },
  retries: 0,
  waits: 0,
  notes: [],
}

export function snapshotOf(items: readonly JsonObject[], complete = true): Snapshot {
  return { tenant: TENANT, complete, items, proof: PROOF }
}

export interface Tenant {
  readonly declared?: readonly JsonObject[]
  readonly managedElsewhere?: readonly string[]
  readonly base?: readonly JsonObject[] | null
  readonly recorded?: readonly JsonObject[] | null
  readonly live?: readonly JsonObject[]
  readonly input?: Partial<TenantInput>
}

export function compareAll({ declared = [], managedElsewhere, base, recorded, live = [], input }: Tenant): Comparison {
  return compareTenant(TENANT, {
    declared: declaredState(declared, managedElsewhere),
    base: base === undefined || base === null ? null : declaredState(base),
    recorded: recorded === undefined || recorded === null ? null : snapshotOf(recorded),
    inventory: { ok: true, snapshot: snapshotOf(live) },
    looks: new Map(),
    secrets: new Map(),
    ...input,
  })
}
