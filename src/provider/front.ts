export { declaredFrom, type DeclaredFromOptions, type WrittenScopes } from './declared-from.ts'
export { ResourceServerCheck, type ResourceServerCheckArgs } from './resource-server-check.ts'
export { TenantCheck, type TenantCheckArgs } from './tenant-check.ts'
