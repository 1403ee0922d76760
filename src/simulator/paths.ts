/** The endpoints of the Management API that the embedded tenant has. */
export const APIS = '/api/v2/resource-servers'
export const LOGS = '/api/v2/logs'
export const GRANTS = '/api/v2/client-grants'
export const CLIENTS = '/api/v2/clients'
export const TENANT_SETTINGS = '/api/v2/tenants/settings'
