import { TenantCheck } from './index.ts'

// The reference program: everything under declared/ against the tenant that the stack is configured for.
new TenantCheck('tenant', { files: 'declared/*.yaml' })
