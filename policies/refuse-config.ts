import { createRequire } from 'node:module'
import { near } from '../src/schema/near.ts'
import { showName } from '../src/words/show.ts'

/** A policy as far as its configuration goes. */
export interface Configurable {
  readonly name: string
  readonly configSchema?: { readonly properties: Readonly<Record<string, unknown>> }
}

/** What the engine says of one policy when it configures a pack. */
export type ConfigGiven = ReadonlyMap<string, readonly string[]>

/** Pulumi's own word for every policy that is not named. */
const ALL = 'all'
const MOST_MISTAKES = 20

/**
 * What a configuration names that is not there: policies, and options of policies. Silence would leave the defaults in force, and whoever wrote it
 * would believe otherwise. Null where all is well.
 */
export function mistakesIn(given: ConfigGiven, policies: readonly Configurable[]): string | null {
  const known = new Map(policies.map(({ name, configSchema }) => [name, Object.keys(configSchema?.properties ?? {})]))
  const mistakes = [...given].flatMap(([policy, options]) => {
    if (policy === ALL) return options.map((option) => `"all" takes only a level, not the option ${quotedName(option)}`)
    const names = known.get(policy)
    if (names === undefined) {
      const close = near(policy, [...known.keys()])
      return [`there is no policy ${quotedName(policy)}${close.length === 0 ? '' : `; ${didYouMean(close)}`}`]
    }
    return options
      .filter((option) => !names.includes(option))
      .map((option) => {
        const close = near(option, names)
        const help = close.length === 0 ? `known: ${names.join(', ')}` : didYouMean(close)
        return `the policy "${policy}" has no option ${quotedName(option)}; ${help}`
      })
  })
  if (mistakes.length === 0) return null
  const more = mistakes.length > MOST_MISTAKES ? [`and ${mistakes.length - MOST_MISTAKES} more`] : []
  return [...mistakes.toSorted().slice(0, MOST_MISTAKES), ...more].join('\n')
}

function quotedName(name: string): string {
  return JSON.stringify(showName(name))
}

function didYouMean(names: readonly string[]): string {
  return `did you mean ${names.map(quotedName).join(' or ')}?`
}

type ConfigureDone = (error: { readonly code: number; readonly details: string }) => void
type Configure = (call: ConfigureCall, done: ConfigureDone) => void
interface ConfigureCall {
  readonly request: {
    getPolicyconfigMap(): {
      entries(): Iterable<readonly [string, { getProperties(): { toJavaScript(): object } | undefined }]>
    }
  }
}
interface PolicyService {
  readonly configure?: Configure
}
interface Served {
  addService: (this: Served, service: unknown, methods: PolicyService) => unknown
}

/** gRPC's INVALID_ARGUMENT. */
const REFUSED = 3

/**
 * Makes a pack refuse a configuration that names what is not there, before anything runs. The SDK swallows such names, and the engine keeps no more of a
 * schema than `properties` and `required`; so the one request that brings the configuration is looked at before the SDK sees it. To be called
 * before the pack is made.
 */
export function refuseMistakenConfig(policies: readonly Configurable[]): void {
  const { prototype } = serverOfSdk()
  const add = prototype.addService
  prototype.addService = function addChecked(this: Served, service: unknown, methods: PolicyService): unknown {
    const { configure } = methods
    if (configure === undefined) return add.call(this, service, methods)
    const checked: Configure = (call, done) => {
      const mistakes = mistakesIn(configOf(call), policies)
      if (mistakes === null) configure(call, done)
      else done({ code: REFUSED, details: mistakes })
    }
    return add.call(this, service, { ...methods, configure: checked })
  }
}

function configOf({ request }: ConfigureCall): ConfigGiven {
  const entries = [...request.getPolicyconfigMap().entries()]
  return new Map(entries.map(([policy, value]) => [policy, Object.keys(value.getProperties()?.toJavaScript() ?? {})]))
}

/** The very class of which the SDK makes its server: the one that the SDK itself would load. */
function serverOfSdk(): { readonly prototype: Served } {
  const sdk = createRequire(createRequire(import.meta.url).resolve('@pulumi/policy'))
  return (sdk('@grpc/grpc-js') as { readonly Server: { readonly prototype: Served } }).Server
}
