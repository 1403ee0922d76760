export { gatherTenant } from './gather-tenant.ts'
