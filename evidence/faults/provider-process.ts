import { text } from 'node:stream/consumers'
import type * as Provider from '../../src/provider/entry.ts'
import type { DynamicMethods } from '../../src/provider/methods.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { PROVIDER } from '../shipped.ts'

export interface ProviderQuestion {
  /** The API that matters most. */
  readonly api: JsonObject
}

export interface ProviderAnswer {
  readonly who: string
  readonly isOfOne: boolean
  readonly props: JsonObject
  readonly ms: number
}

/** The built provider as Pulumi's process uses it: its methods as the engine calls them, of a whole tenant and then of one API, in one process. */
async function main(): Promise<readonly ProviderAnswer[]> {
  const { api } = JSON.parse(await text(process.stdin)) as ProviderQuestion
  const provider = (await import(PROVIDER)) as typeof Provider
  await provider.configure({ config: { get: () => undefined } })
  return [
    ...(await all('TenantCheck', false, provider.tenantCheck, { files: 'declared.json' })),
    ...(await all('ResourceServerCheck', true, provider.resourceServerCheck, api)),
  ]
}

async function all(
  kind: string,
  isOfOne: boolean,
  methods: DynamicMethods,
  program: JsonObject,
): Promise<readonly ProviderAnswer[]> {
  const answers: ProviderAnswer[] = []
  const look = async (method: string, work: () => Promise<JsonObject>): Promise<JsonObject> => {
    const begun = performance.now()
    const props = await work()
    answers.push({ who: `${kind}, ${method}`, isOfOne, props, ms: performance.now() - begun })
    return props
  }
  const inputs = await look('check', async () => (await methods.check({}, program)).inputs)
  const outs = await look('create', async () => (await methods.create(inputs)).outs)
  await look('read', async () => (await methods.read('id', outs)).props)
  return answers
}

console.log(JSON.stringify(await main()))
// Lines that hang on purpose would keep the process, as the engine does not.
process.exit()
