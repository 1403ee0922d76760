import type { ResourceValidationArgs, StackValidationArgs } from '@pulumi/policy'
import { livePolicies } from '../../policies/live/live-policies.ts'
import { openRun } from '../../policies/live/run.ts'
import { ERROR_CODES } from '../../src/schema/errors.ts'
import { textOf, type Said } from './said.ts'
import type { Stage } from './stage.ts'

const STACK = 'urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev'
const NOTICES: ReadonlySet<string> = new Set(['undeclared-setting', 'unmanaged-api', 'unknown-field'])
const TYPE = 'auth0:index/resourceServer:ResourceServer'

/** The pack for unmodified programs, resource by resource and then the stack, as Pulumi's SDK calls it. */
export async function livePack({ folder, env, declared }: Stage): Promise<readonly Said[]> {
  const policies = livePolicies(() =>
    Promise.resolve(openRun({ env: { ...env, PATH: '' }, folders: [folder], now: Date.now })),
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
        // What nobody declares and nobody recorded is a notice.
        if (!NOTICES.has(policy.name)) found.push({ policy: policy.name, message, urn })
      },
    )
  const ms = performance.now() - begun
  const unread = found.filter(({ policy }) => policy === 'unreadable-tenant').map(({ message }) => message)
  return [
    {
      who: 'the live pack',
      isOfOne: false,
      isFresh: false,
      status: unread.length > 0 ? 'unreadable' : found.length > 0 ? 'drift' : 'in sync',
      missing: found.flatMap(({ policy, urn }) =>
        policy === 'missing-api' ? [urn.slice(urn.indexOf(TYPE) + TYPE.length + 2)] : [],
      ),
      others: found.flatMap(({ policy }) =>
        policy === 'missing-api' || policy === 'unreadable-tenant' ? [] : [policy],
      ),
      codes: unread.map((message) => Object.keys(ERROR_CODES).find((code) => message.includes(code)) ?? 'none'),
      text: unread.join('\n'),
      hasNextStep: unread.length > 0 && unread.every((message) => message.includes('Mend: ')),
      misjudged: null,
      ms,
    },
  ]
}
