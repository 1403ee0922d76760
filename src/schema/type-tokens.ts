/** Type tokens of the two checks: they stand in users' states for ever (see src/provider/contract.ts), and policies find their resources by them. */
export const RESOURCE_SERVER_TYPE = 'pulumi-nodejs:dynamic/tenantDrift:ResourceServerCheck'
export const TENANT_TYPE = 'pulumi-nodejs:dynamic/tenantDrift:TenantCheck'
