/**
 * What lives in users' states for ever: see docs/decisions on the state contract before changing a character here.
 */
export { RESOURCE_SERVER_TYPE, TENANT_TYPE } from '../schema/type-tokens.ts'

/**
 * The code that the engine stores beside every resource and runs again for `refresh` and `destroy`, maybe years later: it only loads
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

/** Inputs of `ResourceServerCheck` that are no field of the API. */
export const OWN_INPUTS = ['base', 'drift', 'expectedId', 'observed', 'onDrift', 'rules', 'secretInputs'] as const
