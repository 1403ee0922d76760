import { text } from 'node:stream/consumers'
import type { ResourceValidationArgs, StackValidationArgs } from '@pulumi/policy'
import type * as Policies from '../../policies/live/live-policies.ts'
import type * as Runs from '../../policies/live/run.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { LIVE_PACK } from '../shipped.ts'
import { textOf } from './said.ts'

export interface PackQuestion {
  readonly declared: readonly JsonObject[]
}

export interface PackAnswer {
  readonly found: readonly { readonly policy: string; readonly message: string; readonly urn: string }[]
  readonly ms: number
}

const STACK = 'urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev'
const TYPE = 'auth0:index/resourceServer:ResourceServer'

/** The built pack for unmodified programs, resource by resource and then the stack, as Pulumi's SDK calls it. */
async function main(): Promise<PackAnswer> {
  const { declared } = JSON.parse(await text(process.stdin)) as PackQuestion
  const { livePolicies } = (await import(LIVE_PACK.policies)) as typeof Policies
  const { openRun } = (await import(LIVE_PACK.run)) as typeof Runs
  const policies = livePolicies(() =>
    Promise.resolve(openRun({ env: { ...process.env, PATH: '' }, folders: [process.cwd()], now: Date.now })),
  )
  const getConfig = () => ({})
  const ofProvider = {
    urn: 'urn:pulumi:dev::shop::pulumi:providers:auth0::default',
    name: 'default',
    type: 'pulumi:providers:auth0',
    props: {},
  }
  const shown = [
    { type: 'pulumi:pulumi:Stack', name: 'shop-dev', urn: STACK, props: {} },
    ...declared.map(({ identifier, signing_alg: signingAlg }) => ({
      type: TYPE,
      name: textOf(identifier),
      urn: `urn:pulumi:dev::shop::${TYPE}::${textOf(identifier)}`,
      props: { identifier, signingAlg },
      provider: ofProvider,
    })),
  ]
  for (const resource of shown)
    for (const policy of policies)
      if (typeof policy.validateResource === 'function')
        await policy.validateResource({ ...resource, getConfig } as unknown as ResourceValidationArgs, () => undefined)
  // What comes before is the engine's pace.
  const begun = performance.now()
  const found: { readonly policy: string; readonly message: string; readonly urn: string }[] = []
  for (const policy of policies)
    await policy.validateStack?.(
      { resources: [], getConfig } as unknown as StackValidationArgs,
      (violation: unknown) => {
        const { message, urn = STACK } = violation as { message: string; urn?: string }
        found.push({ policy: policy.name, message, urn })
      },
    )
  return { found, ms: performance.now() - begun }
}

console.log(JSON.stringify(await main()))
// Lines that hang on purpose would keep the process, as the engine does not.
process.exit()
