import type { CREDENTIAL_VARIABLES } from '../schema/credential-keys.ts'

/**
 * The code that the engine stores beside every resource of ours and runs again for `refresh` and `destroy`, maybe years later. So it only loads the installed
 * package, and must never change (what else lives in states for ever stands in schema/state-contract.ts). `handler()` is synchronous because nobody awaits it;
 * every method waits for `configure` because parallel reads overtake it; `import()` also resolves the package from within itself.
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
