export { ResourceServerCheck, type ResourceServerCheckArgs } from './resource-server-check.ts'
export { TenantCheck, type TenantCheckArgs } from './tenant-check.ts'
