import { compareTenant } from '../../src/compare/front.ts'
import type { Comparison } from '../../src/compare/front.ts'
import type { DeclaredState } from '../../src/schema/declared.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { SAMPLE_THUMBPRINTS } from '../../src/schema/sample-keys.ts'
import type { Snapshot } from '../../src/schema/snapshot.ts'
import { PLANTED } from '../../test/properties/wounds.ts'
import { bareApi, liveForm } from '../../test/support/corpus.ts'
import { declaredState, PROOF, TENANT } from '../../test/support/scenes.ts'

/** Whoever calls this API expects RS256, and the tenant signs with another algorithm. No input ever names that one, but by its own words. */
export const DRIFTED = 'https://orders.example.com/'
export const LIVE_ALG = 'HS256'

const CANARY: JsonObject = { id: '66a100000000000000000fff', identifier: `https://${TENANT}/api/v2/`, is_system: true }

export const DRIFTED_API: JsonObject = {
  identifier: DRIFTED,
  name: 'Orders',
  signing_alg: 'RS256',
  token_lifetime: 3600,
  scopes: [{ value: 'read:orders', description: 'Read' }, { value: 'write:orders' }],
}

/** As declared. */
const RICH: JsonObject = {
  identifier: 'urn:rich',
  signing_alg: 'PS256',
  allow_offline_access: true,
  token_dialect: 'rfc9068_profile_authz',
  enforce_policies: true,
  authorization_details: [{ type: 'payment' }],
  proof_of_possession: { mechanism: 'mtls', required: true },
  subject_type_authorization: { user: { policy: 'deny_all' }, client: { policy: 'require_client_grant' } },
  token_encryption: {
    format: 'compact-nested-jwe',
    encryption_key: { name: 'k', alg: 'RSA-OAEP-256', kid: 'kid', thumbprint_sha256: SAMPLE_THUMBPRINTS[0] ?? '' },
  },
}

/** It holds what must never be told. Whether its secret is the tenant's is not asked here. */
const SECRET_HOLDER = 'urn:secret'
const SECRET: JsonObject = { identifier: SECRET_HOLDER, signing_alg: 'RS256', signing_secret: PLANTED }

export const APIS: readonly JsonObject[] = [DRIFTED_API, RICH, SECRET]
const AGREED = APIS.map(({ signing_secret: _secret, ...api }, index): JsonObject => ({
  ...bareApi(),
  ...liveForm(api),
  id: `66a1${index.toString(16).padStart(20, '0')}`,
}))

const snapshot = (items: readonly JsonObject[]): Snapshot => ({
  tenant: TENANT,
  complete: true,
  items: [...items, CANARY],
  proof: {
    ...PROOF,
    total: items.length + 1,
    items: items.length + 1,
    canary: { identifier: CANARY.identifier as string, binding: 'token-audience' },
  },
})

export const LIVE = snapshot(
  AGREED.map((api) => (api.identifier === DRIFTED ? { ...api, signing_alg: LIVE_ALG } : api)),
)
/** How it stood when somebody looked and agreed: so nothing that a file does not say makes it right. */
export const RECORDED = snapshot(AGREED)
export const DECLARED: DeclaredState = declaredState(APIS)

export interface Sides {
  readonly declared?: DeclaredState
  readonly base?: DeclaredState | null
  readonly recorded?: Snapshot
  readonly live?: Snapshot
}

/** The tenant with its drift, compared with what an input says in the place of what was meant. */
export function compared({ declared = DECLARED, base = null, recorded = RECORDED, live = LIVE }: Sides): Comparison {
  return compareTenant(TENANT, {
    declared,
    base,
    recorded,
    inventory: { ok: true, snapshot: live },
    looks: new Map(),
    secrets: new Map([[SECRET_HOLDER, { status: 'read', digest: null }]]),
  })
}

/** Whether nothing of it counts: the drift went quiet. */
export function isQuiet(findings: Comparison['findings']): boolean {
  return !findings.some(({ counts, identifier }) => counts && identifier !== SECRET_HOLDER)
}
