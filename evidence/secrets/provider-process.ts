import { text } from 'node:stream/consumers'
import type * as Provider from '../../src/provider/entry.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { PROVIDER } from '../shipped.ts'

export interface ProviderQuestion {
  readonly kind: 'tenantCheck' | 'resourceServerCheck'
  readonly program: JsonObject
}

/** What a method was asked as, and what it gave back or threw. */
export interface ProviderAnswer {
  readonly what: string
  readonly answer?: unknown
  readonly error?: string
}

/** The built provider as the engine uses it: all that it hands back stands in displays, in states, or in errors. */
async function main(): Promise<readonly ProviderAnswer[]> {
  const { kind, program } = JSON.parse(await text(process.stdin)) as ProviderQuestion
  const provider = (await import(PROVIDER)) as typeof Provider
  await provider.configure({ config: { get: () => undefined } })
  const methods = provider[kind]
  const said: ProviderAnswer[] = []
  const ask = async <T>(what: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      const answer = await work()
      said.push({ what, answer })
      return answer
    } catch (error) {
      said.push({
        what,
        error: error instanceof Error ? `${String(error.stack)} ${JSON.stringify(error)}` : String(error),
      })
      return null
    }
  }
  const checked = await ask('check', () => methods.check({}, program))
  if (checked === null) return said
  const created = await ask('create', () => methods.create(checked.inputs))
  const outs = created?.outs ?? checked.inputs
  await ask('read', () => methods.read('id', outs))
  const again = await ask('check again', () => methods.check(outs, program))
  await ask('diff', () => methods.diff('id', outs, again?.inputs ?? checked.inputs))
  await ask('update', () => methods.update('id', outs, again?.inputs ?? checked.inputs))
  return said
}

console.log(JSON.stringify(await main()))
process.exit()
