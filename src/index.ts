import './door/refuse-old-node.ts'
/** What users import: `new ResourceServerCheck(...)`, `new TenantCheck(...)`. */
export {
  Auth0Tenant,
  declaredFrom,
  ResourceServerCheck,
  TenantCheck,
  type Auth0TenantArgs,
  type CredentialNames,
  type DeclaredFromOptions,
  type ResourceServerCheckArgs,
  type TenantCheckArgs,
  type WrittenScopes,
} from './provider/front.ts'
export type { DeclaredResourceServer } from './schema/resource-server.ts'
export type { AcceptRule } from './schema/accept-rule.ts'
export type { Accepted, AcceptedEntry, Drift, DriftEntry, Notice, Observed, TenantDrift } from './schema/observed.ts'
export type { Finding, FindingKind, Origin, Severity } from './schema/finding.ts'
