import type { CREDENTIAL_VARIABLES } from '../schema/credential-keys.ts'

/**
 * The rest of what lives in users' states for ever (schema/state-contract.ts): the code that the engine stores beside every resource and runs again for `refresh` and `destroy`, maybe years later: it only loads
 * the installed package. `handler()` is synchronous because nobody awaits it; every method waits for `configure` because parallel reads
 * overtake it; `import()` also resolves the package from within itself.
 */
function providerText(kind: 'resourceServerCheck' | 'tenantCheck'): string {
  return (
    'exports.handler=()=>{const m=import("tenant-drift/provider");let c;' +
    `const f=k=>async(...a)=>{await c;return(await m).${kind}[k](...a)};` +
    'return{configure:r=>c=m.then(x=>x.configure(r)),check:f("check"),diff:f("diff"),create:f("create"),' +
    'read:f("read"),update:f("update"),delete:f("delete")}};'
  )
}

export const RESOURCE_SERVER_PROVIDER = providerText('resourceServerCheck')
export const TENANT_PROVIDER = providerText('tenantCheck')

/** Where an `Auth0Tenant` writes which variables hold its credentials, as JSON: it stands in the state of the provider. */
export const CREDENTIALS_KEY = 'tenantDrift:credentials'

/** Credentials of a tenant, by the names of the environment variables that hold them. */
export type CredentialNames = { readonly [Credential in keyof typeof CREDENTIAL_VARIABLES]?: string }

/**
 * An input that `TenantCheck` gives in a preview, and that no check returns: no state ever holds it. The engine tells a dynamic provider not whether it
 * plans or applies.
 */
export const IN_PREVIEW = 'inPreview'
