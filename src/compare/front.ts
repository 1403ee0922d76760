export { compareApi } from './compare-api.ts'
export { compareTenant, matcher, sortFindings, unreadableTenant, verdictOf } from './compare-tenant.ts'
export type { ApiComparison, ApiInput, CompareContext, Comparison, TenantInput } from './types.ts'
