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
export interface CredentialNames {
  readonly apiToken?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly clientAssertionPrivateKey?: string
  readonly clientAssertionSigningAlg?: string
  readonly audience?: string
}

/** What each of them is called where there is one tenant. */
export const CREDENTIAL_VARIABLES = {
  apiToken: 'AUTH0_API_TOKEN',
  clientId: 'AUTH0_CLIENT_ID',
  clientSecret: 'AUTH0_CLIENT_SECRET',
  clientAssertionPrivateKey: 'AUTH0_CLIENT_ASSERTION_PRIVATE_KEY',
  clientAssertionSigningAlg: 'AUTH0_CLIENT_ASSERTION_SIGNING_ALG',
  audience: 'AUTH0_AUDIENCE',
} as const satisfies Record<keyof CredentialNames, string>

/**
 * An input that `TenantCheck` gives in a preview, and that no check returns: no state ever holds it. The engine tells a dynamic provider not whether it
 * plans or applies.
 */
export const IN_PREVIEW = 'inPreview'
